/** The two doors that a note's page uses: one saves, one tells how the note stands. */

import { ask, send } from "../lib/ask.js";

/** @typedef {import("../lib/note_saver.js").Answer} Answer */

export class NoteDoor {
  /** @param {{save: string, latest: string, csrf: string}} settings */
  constructor({ save, latest, csrf }) {
    this.addresses = { save, latest };
    this.csrf = csrf;
  }

  /**
   * @param {{text: string, base_version: number}} save
   * @returns {Promise<Answer>}
   */
  save(save) {
    return send(this.addresses.save, this.csrf, save);
  }

  /**
   * How the note stands; with its text when it is not this version.
   *
   * @param {number} version
   * @returns {Promise<Answer>}
   */
  latest(version) {
    return ask(`${this.addresses.latest}?version=${version}`);
  }
}
