/** The room's two HTTP doors, for networks that let no WebSocket through. */

/** @typedef {{ok: boolean, code?: string, [field: string]: any}} Answer */

const PATIENCE = 8000;

export class HttpDoor {
  /** @param {{address: string, csrf: string}} settings the address of the visit's events */
  constructor({ address, csrf }) {
    this.address = address;
    this.csrf = csrf;
  }

  /**
   * Ask for the events after a number; asking is also the beat of a page without a live line.
   *
   * @param {number} after
   * @returns {Promise<Answer>}
   */
  events(after) {
    const visible = String(document.visibilityState !== "hidden");
    const query = new URLSearchParams({ channel: "room", after: String(after), visible });
    return this.#ask(`${this.address}?${query}`, { method: "GET" });
  }

  /**
   * Append something said.
   *
   * @param {{key: string, kind: string, body: object}} entry
   * @returns {Promise<Answer>}
   */
  append({ key, kind, body }) {
    return this.#ask(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify({ channel: "room", key, kind, body }),
    });
  }

  /**
   * @param {string} address
   * @param {RequestInit} request
   * @returns {Promise<Answer>} never rejects: no answer is one with the code `offline`
   */
  async #ask(address, request) {
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
}
