/** The sentences of the room. */

import { timeOfDay } from "./clock.js";

/** @typedef {{state: string, since: string | null, last_seen: string | null}} Presence */

/**
 * Whether somebody is there.
 *
 * @param {Presence | undefined} presence
 * @param {string} zone the reader's
 * @returns {string}
 */
export function presenceWords(presence, zone) {
  if (!presence?.since && !presence?.last_seen) {
    return "not here yet";
  }
  const seen = presence.last_seen ?? presence.since ?? 0;
  switch (presence.state) {
    case "here":
      return "connected";
    case "away":
      return "connected, screen hidden";
    case "lost":
      return `last seen ${timeOfDay(seen, zone)}`;
    default:
      return `left ${timeOfDay(presence.since ?? seen, zone)}`;
  }
}

export const SIGNAL_WORDS = {
  ok: "I’m OK",
  check_on_me: "Check on me",
  help: "I need help now",
  stop_music: "Stop the music",
};

const SIGNAL_TONES = { ok: "ok", check_on_me: "review", help: "stop", stop_music: "info" };

/** @typedef {import("./log.js").RoomEvent} RoomEvent */
/** @typedef {{text: string, tone: string}} Moment */
/** @typedef {(participant: string) => string} Who the name of a participant, "You" for oneself */

/** @type {Record<string, (event: RoomEvent, who: Who, phases: Record<string, string>) => Moment>} */
const MOMENTS = {
  "signal.sent": ({ body, by }, who) => ({
    text: `${who(by.participant)}: “${SIGNAL_WORDS[body.signal] ?? body.signal}”`,
    tone: SIGNAL_TONES[body.signal] ?? "plain",
  }),
  "phase.entered": ({ body }, _who, phases) => ({
    text: phases[body.phase] ?? body.phase,
    tone: "info",
  }),
  "participant.entered": ({ body }, who) => plain(`${who(body.participant)} came into the room`),
  "participant.returned": ({ body }, who) => plain(isBack(who(body.participant))),
  "participant.lost": ({ body }, who) => plain(wasLost(who(body.participant))),
  "participant.left": ({ body }, who) => plain(`${who(body.participant)} left the room`),
  "readiness.cleared": ({ by }, who) => ({
    text: `${who(by.participant)} cleared the readiness check`,
    tone: "ok",
  }),
  "visit.ended": () => ({ text: "The visit has ended", tone: "info" }),
};

/**
 * What an event that is no message says in the conversation; null for one that says nothing there.
 *
 * @param {RoomEvent} event
 * @param {Who} who
 * @param {Record<string, string>} phases
 * @returns {Moment | null}
 */
export function momentWords(event, who, phases) {
  return MOMENTS[event.kind]?.(event, who, phases) ?? null;
}

/** @param {string} text */
function plain(text) {
  return { text, tone: "plain" };
}

/** @param {string} name */
function isBack(name) {
  return `${name} ${name === "You" ? "are" : "is"} back`;
}

/** @param {string} name */
function wasLost(name) {
  return `The connection to ${name === "You" ? "you" : name} was lost`;
}
