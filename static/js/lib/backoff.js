/** Everybody is to see everything within five seconds of a network that is back. */
export const LONGEST = 4000;

/**
 * How long to wait before the next try: twice as long after each failure up to a cap, and a random
 * part of it, so that everybody who lost the same server does not come back in the same moment.
 *
 * @param {number} failures how many tries in a row have failed, from 1
 * @param {{base?: number, cap?: number, random?: () => number}} [options] milliseconds
 * @returns {number} milliseconds, between half the full wait and the full wait
 */
export function backoff(failures, { base = 500, cap = LONGEST, random = Math.random } = {}) {
  const full = Math.min(cap, base * 2 ** Math.min(Math.max(failures, 1) - 1, 30));
  return Math.round(full / 2 + random() * (full / 2));
}
