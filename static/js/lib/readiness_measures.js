/** Figures out of raw samples: what the device tests measure. */

/**
 * The middle of some numbers, 0 of none.
 *
 * @param {number[]} numbers
 * @returns {number}
 */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) {
    return 0;
  }
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What share of tries brought nothing back, in percent.
 *
 * @param {(number | null)[]} tries milliseconds, or null where nothing came back
 * @returns {number}
 */
export function lossPercent(tries) {
  const lost = tries.filter((each) => each === null).length;
  return tries.length ? (100 * lost) / tries.length : 100;
}

/**
 * Megabits a second for some bytes in some time, of which one round trip was waiting.
 *
 * @param {number} bytes
 * @param {number} ms
 * @param {number} roundTrip milliseconds
 * @returns {number}
 */
export function megabits(bytes, ms, roundTrip = 0) {
  const moving = Math.max(ms - roundTrip, ms / 10, 0.1);
  return (bytes * 8) / 1000 / moving;
}

/**
 * The answer to the connection item, rounded as people read it.
 *
 * @param {{tries: (number | null)[], up: number, down: number}} measured
 */
export function connectionAnswer({ tries, up, down }) {
  const came = tries.filter((each) => each !== null);
  return {
    round_trip_ms: came.length ? round(median(came), 0) : 60_000,
    loss_percent: round(lossPercent(tries), 1),
    up_mbps: round(Math.min(up, 100_000), 2),
    down_mbps: round(Math.min(down, 100_000), 2),
  };
}

/**
 * Mean brightness (0 to 255) of a picture, and how much it varies.
 *
 * @param {ArrayLike<number>} rgba four bytes a pixel
 * @returns {{mean: number, spread: number}}
 */
export function brightness(rgba) {
  let sum = 0;
  let squares = 0;
  const count = rgba.length / 4;
  for (let at = 0; at < rgba.length; at += 4) {
    const light = 0.2126 * rgba[at] + 0.7152 * rgba[at + 1] + 0.0722 * rgba[at + 2];
    sum += light;
    squares += light * light;
  }
  const mean = count ? sum / count : 0;
  return { mean, spread: count ? Math.sqrt(Math.max(0, squares / count - mean * mean)) : 0 };
}

/**
 * Whether somebody can be seen: a black, covered or blank picture is told from a dim room.
 *
 * @param {{mean: number, spread: number}} light
 */
export function isVisible({ mean, spread }) {
  return mean >= 25 && spread >= 4;
}

/**
 * How loud a piece of sound is, from 0 to 1.
 *
 * @param {ArrayLike<number>} samples from -1 to 1
 */
export function loudness(samples) {
  let squares = 0;
  for (let at = 0; at < samples.length; at += 1) {
    squares += samples[at] * samples[at];
  }
  return samples.length ? Math.sqrt(squares / samples.length) : 0;
}

/** Listens for a voice: loud enough, often enough, so that one knock is no proof. */
export class Ear {
  /** @param {{loud?: number, enough?: number}} [limits] `enough` pieces at or above `loud` */
  constructor({ loud = 0.015, enough = 6 } = {}) {
    this.loud = loud;
    this.enough = enough;
    this.pieces = 0;
  }

  /**
   * @param {number} level
   * @returns {boolean} whether somebody was heard by now
   */
  hear(level) {
    this.pieces += level >= this.loud ? 1 : 0;
    return this.pieces >= this.enough;
  }
}

/**
 * @param {number} number
 * @param {number} places
 */
function round(number, places) {
  return Number(number.toFixed(places));
}
