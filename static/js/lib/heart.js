/** Tells the server every few seconds that somebody is here, one question at a time. */

/** @typedef {import("./http_door.js").Answer} Answer */

export const BEAT_EVERY = 5000;

export class Heart {
  /**
   * @param {object} parts
   * @param {() => Promise<Answer>} parts.ask beat once
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

  /** Beat now. */
  async beat() {
    this.stop();
    const askedAt = Date.now();
    this.answered(await this.ask(), askedAt);
  }
}
