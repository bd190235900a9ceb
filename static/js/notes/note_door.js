/** The two doors that a note's page uses: one saves, one tells how the note stands. */

/** @typedef {import("../lib/note_saver.js").Answer} Answer */

const PATIENCE = 8000;

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
    return ask(this.addresses.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(save),
    });
  }

  /**
   * How the note stands; with its text when it is not this version.
   *
   * @param {number} version
   * @returns {Promise<Answer>}
   */
  latest(version) {
    return ask(`${this.addresses.latest}?version=${version}`, {});
  }
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<Answer>} never rejects: no answer is one with the code `offline`
 */
async function ask(address, request) {
  try {
    const response = await fetch(address, {
      ...request,
      headers: { Accept: "application/json", ...request.headers },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await response.json();
  } catch {
    return { ok: false, code: "offline" };
  }
}
