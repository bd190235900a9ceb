/** Times as people read them: in their own zone, and how long something has lasted. */

const MINUTE = 60_000;

/**
 * The time of day with the zone's name, e.g. "14:03 CET".
 *
 * @param {string | number | Date} moment
 * @param {string} zone such as Europe/Berlin
 * @returns {string}
 */
export function timeOfDay(moment, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(moment));
  const part = (type) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("hour")}:${part("minute")} ${zoneName(new Date(moment), zone)}`;
}

/**
 * The zone's short name. Each kind of English knows the names of its own part of the world only.
 *
 * @param {Date} moment
 * @param {string} zone
 * @returns {string} such as "CET" or "PST"; "GMT+3" where no English has a name
 */
function zoneName(moment, zone) {
  const names = ["en-GB", "en-US", "en-AU"].map(
    (english) =>
      new Intl.DateTimeFormat(english, { timeZone: zone, timeZoneName: "short" })
        .formatToParts(moment)
        .find((part) => part.type === "timeZoneName")?.value ?? "",
  );
  return names.find((name) => !/^GMT[+-]/.test(name)) ?? names[0];
}

/**
 * A length of time to the minute, e.g. "42 min" or "1 h 05 min".
 *
 * @param {number} ms
 * @returns {string}
 */
export function elapsed(ms) {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/**
 * A length of time as one says it, for somebody who should not count: "about 25 minutes".
 *
 * @param {number} ms
 * @returns {string}
 */
export function softly(ms) {
  const minutes = Math.max(0, ms / MINUTE);
  if (minutes < 3) {
    return "just begun";
  }
  if (minutes < 53) {
    return `about ${Math.max(5, Math.round(minutes / 5) * 5)} minutes`;
  }
  const halves = Math.round(minutes / 30);
  if (halves === 2) {
    return "about an hour";
  }
  return `about ${Math.floor(halves / 2)}${halves % 2 ? "½" : ""} hours`;
}

/** The server's time, as far as this device can tell. */
export class ServerClock {
  /** @param {() => number} [now] this device's clock, in milliseconds */
  constructor(now = Date.now) {
    this.device = now;
    this.offset = 0;
  }

  /**
   * Set by an answer that carried the server's time.
   *
   * @param {string | undefined} serverTime RFC 3339
   * @param {number} askedAt this device's time when the question left
   */
  learn(serverTime, askedAt) {
    const there = Date.parse(serverTime ?? "");
    if (!Number.isNaN(there)) {
      this.offset = there - (askedAt + this.device()) / 2;
    }
  }

  /** @returns {number} milliseconds */
  now() {
    return this.device() + this.offset;
  }

  /**
   * How long ago a moment of the server was; never less than nothing.
   *
   * @param {string} moment RFC 3339
   * @returns {number} milliseconds
   */
  since(moment) {
    return Math.max(0, this.now() - Date.parse(moment));
  }
}
