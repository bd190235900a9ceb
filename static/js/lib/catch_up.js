/** Fetches what is missing of a channel, page after page, one question at a time. */

/** @typedef {import("./http_door.js").Answer} Answer */

const PAGE = 500;

export class CatchUp {
  /**
   * @param {object} parts
   * @param {{last: number, hasGap: boolean}} parts.log
   * @param {(payload: object) => Promise<Answer>} parts.ask
   * @param {(answer: Answer) => void} parts.caught
   * @param {(answer: Answer) => void} parts.failed
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.isBusy = false;
  }

  /** Go on until nothing is missing, or nothing more comes. */
  async run() {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    let more = true;
    while (more) {
      more = await this.#page();
    }
    this.isBusy = false;
  }

  /** @returns {Promise<boolean>} whether to ask for the next page */
  async #page() {
    const after = this.log.last;
    const answer = await this.ask({ channel: "room", after, limit: PAGE });
    if (!answer.ok) {
      this.failed(answer);
      return false;
    }
    this.caught(answer);
    return this.log.last > after && (answer.more || this.log.hasGap);
  }
}
