/** Tells a page when something that it shows has changed, so that it looks again. */

import { backoff } from "./backoff.js";
import { roomSocket } from "./socket.js";

const ANSWER_WITHIN = 5000;

/** @typedef {{visit: string, what: string}} Change `what` is "*" after a time without a line */

/**
 * Watch one visit. The callback is also called when the line comes back, for what was missed.
 *
 * @param {string} visit
 * @param {(change: Change) => void} callback
 * @returns {() => void} stops watching
 */
export function watchVisit(visit, callback) {
  return watch({ visit }, (change) => {
    if (change.visit === visit) {
      callback(change);
    }
  });
}

/**
 * Watch all visits of the person who is signed in.
 *
 * @param {(change: Change) => void} callback
 * @returns {() => void} stops watching
 */
export function watchHome(callback) {
  return watch({}, callback);
}

/**
 * @param {{visit?: string}} wanted
 * @param {(change: Change) => void} callback
 * @param {any} [socket]
 * @returns {() => void}
 */
export function watch(wanted, callback, socket = roomSocket()) {
  let failures = 0;
  let wasLost = false;
  let isOver = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const connect = () => {
    clearTimeout(timer);
    if (!isOver && !socket.connected) {
      socket.disconnect();
      socket.connect();
    }
  };
  const lost = () => {
    failures += 1;
    wasLost = true;
    clearTimeout(timer);
    if (!isOver) {
      timer = setTimeout(connect, backoff(failures, { cap: 30_000 }));
    }
  };
  const connected = async () => {
    try {
      const answer = await socket.timeout(ANSWER_WITHIN).emitWithAck("watch", wanted);
      if (!answer.ok) {
        return;
      }
    } catch {
      socket.disconnect();
      return;
    }
    failures = 0;
    if (wasLost) {
      callback({ visit: wanted.visit ?? "", what: "*" });
    }
  };

  socket.on("connect", connected);
  socket.on("connect_error", lost);
  socket.on("disconnect", lost);
  socket.on("changed", callback);
  globalThis.addEventListener?.("online", connect);
  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    globalThis.removeEventListener?.("online", connect);
    socket.disconnect();
  };
}
