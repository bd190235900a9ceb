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

  /**
   * Begin to look, at once or after a pause.
   *
   * @param {number} inVain how often the page was opened just now, only to find nothing
   */
  begin(inVain) {
    this.failures = inVain;
    inVain ? this.#later() : this.look();
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
    this.#later();
  }

  #later() {
    const wait = backoff(this.failures, { base: 1000 });
    this.timer = setTimeout(() => this.look(), wait);
  }
}
