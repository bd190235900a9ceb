/** Asks for events over HTTP every two seconds, one question at a time. */

export const POLL_EVERY = 2000;
/** A question without an answer is given up by the door itself long before this. */
const GIVEN_UP = 15_000;

export class Polling {
  /**
   * @param {object} parts
   * @param {import("./http_door.js").HttpDoor} parts.http
   * @param {{last: number}} parts.log
   * @param {() => number} parts.read the last number that was in sight
   * @param {(answer: import("./http_door.js").Answer, askedAt: number) => void} parts.answered
   */
  constructor({ http, log, read, answered }) {
    Object.assign(this, { http, log, read, answered });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  get isOn() {
    return this.timer !== undefined;
  }

  /** Begin, unless begun. */
  start() {
    if (!this.isOn) {
      this.ask();
    }
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Ask now, and then again and again. */
  async ask() {
    this.#again(GIVEN_UP);
    const round = this.timer;
    const askedAt = Date.now();
    const answer = await this.http.events(this.log.last, this.read());
    if (this.timer === round) {
      this.#again(answer.more ? 0 : POLL_EVERY);
      this.answered(answer, askedAt);
    }
  }

  /** @param {number} wait */
  #again(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }
}
