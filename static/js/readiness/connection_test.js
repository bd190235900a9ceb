import { connectionAnswer, median, megabits } from "../lib/readiness_measures.js";

const TRIES = 12;
const LOST_AFTER = 2000;
const UP_BYTES = 192 * 1024;
const DOWN_BYTES = 384 * 1024;
const MOVED_WITHIN = 15_000;
const AT_ONCE = 65_536;

/**
 * Measure the way to this server and back over real requests: how long, how many get lost, how
 * much fits through. A browser cannot count lost packets; what counts as lost is a request that
 * brought nothing back in two seconds.
 *
 * @param {import("./probe.js").ReadinessProbe} probe
 */
export async function testConnection(probe) {
  const { probe: address = "", token = "" } = probe.settings ?? {};
  await oneTrip(address);
  /** @type {(number | null)[]} */
  const tries = [];
  for (let count = 1; count <= TRIES; count += 1) {
    probe.tell(`Testing… ${count} of ${TRIES}`);
    tries.push(await oneTrip(address));
  }
  const roundTrip = median(tries.filter((each) => each !== null));
  probe.tell("Testing upload and download…");
  const up = megabits(UP_BYTES, await upload(address, token), roundTrip);
  const down = megabits(DOWN_BYTES, await download(address), roundTrip);
  const value = connectionAnswer({ tries, up, down });
  return { value, words: "Connection measured." };
}

/**
 * @param {string} address
 * @returns {Promise<number | null>} milliseconds, null when it was lost
 */
async function oneTrip(address) {
  const ms = await timed(address, {}, LOST_AFTER);
  return Number.isFinite(ms) ? ms : null;
}

/**
 * @param {string} address
 * @param {string} token
 */
function upload(address, token) {
  const body = new Uint8Array(UP_BYTES);
  for (let at = 0; at < UP_BYTES; at += AT_ONCE) {
    crypto.getRandomValues(body.subarray(at, Math.min(at + AT_ONCE, UP_BYTES)));
  }
  const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": token };
  return timed(address, { method: "POST", body, headers }, MOVED_WITHIN);
}

/** @param {string} address */
function download(address) {
  return timed(`${address}?bytes=${DOWN_BYTES}`, {}, MOVED_WITHIN);
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @param {number} within
 * @returns {Promise<number>} milliseconds, endless when nothing came back
 */
async function timed(address, request, within) {
  const began = performance.now();
  try {
    const signal = AbortSignal.timeout(within);
    const response = await fetch(address, { ...request, cache: "no-store", signal });
    await response.arrayBuffer();
    return response.ok ? performance.now() - began : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
