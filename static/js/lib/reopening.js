/** Looks again and again whether the server answers, and opens the page when it does. */

import { backoff } from "./backoff.js";

/** Answers that a later try may change. */
const NOT_YET = new Set(["offline", "busy", "internal", "too_often"]);

export class Reopening {
  /**
   * @param {object} parts
   * @param {() => Promise<import("./ask.js").Answer>} parts.ask
   * @param {() => Promise<void>} parts.open
   */
  constructor({ ask, open }) {
    Object.assign(this, { ask, open });
    this.failures = 0;
    this.isAsking = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Look now. */
  async look() {
    if (this.isAsking) {
      return;
    }
    clearTimeout(this.timer);
    this.isAsking = true;
    const answer = await this.ask();
    this.isAsking = false;
    if (answer.ok || !NOT_YET.has(answer.code ?? "")) {
      await this.open();
      return;
    }
    this.failures += 1;
    const wait = backoff(this.failures, { base: 1000 });
    this.timer = setTimeout(() => this.look(), wait);
  }
}
