/** Tells the server every few seconds that somebody is here, one question at a time. */

/** @typedef {import("./http_door.js").Answer} Answer */

export const BEAT_EVERY = 5000;
export const ANSWER_WITHIN = 5000;
/** A line that said nothing for so long has to answer soon, when somebody comes back to it. */
const STALE_AFTER = 3 * BEAT_EVERY;
const SOON = 2000;
/** The server has given up a line that said nothing for so long: its device was asleep. */
const DEAD_AFTER = 60_000;

/**
 * How long to wait for a sign of life of a line to which somebody comes back.
 *
 * @param {number} silence how long the line has said nothing, in milliseconds
 * @returns {number} milliseconds; 0 when there is nothing to wait for
 */
export function patience(silence) {
  if (silence > DEAD_AFTER) {
    return 0;
  }
  return silence > STALE_AFTER ? SOON : ANSWER_WITHIN;
}

export class Heart {
  /**
   * @param {object} parts
   * @param {(within?: number) => Promise<Answer>} parts.ask beat once, and wait so long for the answer
   * @param {(answer: Answer, askedAt: number) => void} parts.answered
   */
  constructor({ ask, answered }) {
    this.ask = ask;
    this.answered = answered;
  }

  /** Beat after a while, and then again and again. */
  start() {
    this.stop();
    this.timer = setTimeout(() => this.beat(), BEAT_EVERY);
  }

  stop() {
    clearTimeout(this.timer);
  }

  /**
   * Beat now.
   *
   * @param {number} [within] how long to wait for the answer, in milliseconds
   */
  async beat(within) {
    this.stop();
    const askedAt = Date.now();
    this.answered(await this.ask(within), askedAt);
  }
}
