/** The room's two HTTP doors, for networks that let no WebSocket through. */

import { ask, send } from "./ask.js";

/** @typedef {import("./ask.js").Answer} Answer */

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
   * @param {number} read the last that was in sight of those
   * @returns {Promise<Answer>}
   */
  events(after, read) {
    const visible = String(document.visibilityState !== "hidden");
    const query = new URLSearchParams({
      channel: "room",
      after: String(after),
      read: String(read),
      visible,
    });
    return ask(`${this.address}?${query}`);
  }

  /**
   * Ask for some events, without the beat.
   *
   * @param {number} after
   * @param {number} limit
   * @returns {Promise<Answer>}
   */
  page(after, limit) {
    const query = new URLSearchParams({
      channel: "room",
      after: String(after),
      limit: String(limit),
    });
    return ask(`${this.address}?${query}`);
  }

  /**
   * Append something said.
   *
   * @param {{key: string, kind: string, body: object}} entry
   * @returns {Promise<Answer>}
   */
  append({ key, kind, body }) {
    return send(this.address, this.csrf, { channel: "room", key, kind, body });
  }
}
