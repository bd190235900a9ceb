/** Draws the lines of a conversation from the page's templates. */

import { timeOfDay } from "../lib/clock.js";

/**
 * A part of an item, by its slot.
 *
 * @param {Element} item
 * @param {string} name
 * @returns {HTMLElement}
 */
export function slot(item, name) {
  return /** @type {HTMLElement} */ (item.querySelector(`[data-slot="${name}"]`));
}

export class Items {
  /** @param {string} zone the reader's */
  constructor(zone) {
    this.zone = zone;
    this.messages = /** @type {HTMLTemplateElement} */ (
      document.getElementById("message-template")
    );
    this.moments = /** @type {HTMLTemplateElement} */ (document.getElementById("moment-template"));
    this.words = JSON.parse(this.messages.dataset.words ?? "{}");
  }

  /**
   * @param {{name: string, text: string, at: string | number, isOwn: boolean, key: string}} message
   * @returns {HTMLElement}
   */
  message({ name, text, at, isOwn, key }) {
    const item = this.#clone(this.messages);
    item.classList.toggle("message--own", isOwn);
    item.dataset.key = key;
    slot(item, "name").textContent = name;
    slot(item, "text").textContent = text;
    this.stamp(item, at);
    return item;
  }

  /**
   * @param {{text: string, tone: string, at: string}} moment
   * @returns {HTMLElement}
   */
  moment({ text, tone, at }) {
    const item = this.#clone(this.moments);
    item.classList.replace("moment--plain", `moment--${tone}`);
    slot(item, "text").textContent = text;
    this.stamp(item, at);
    return item;
  }

  /**
   * @param {Element} item
   * @param {string | number} at
   */
  stamp(item, at) {
    const time = slot(item, "time");
    time.setAttribute("datetime", new Date(at).toISOString());
    time.textContent = timeOfDay(at, this.zone);
  }

  /**
   * Show how far an own message got; `reason` says why it was refused.
   *
   * @param {HTMLElement} item
   * @param {string} state
   * @param {string} [reason]
   */
  state(item, state, reason = "") {
    if (item.dataset.state === state) {
      return;
    }
    item.dataset.state = state;
    slot(item, "state-line").hidden = false;
    slot(item, "state").textContent = reason
      ? `${this.words[state]}. ${reason}`
      : this.words[state];
    this.#offer(item, state);
  }

  /**
   * Say why something that was asked of a message was not done.
   *
   * @param {HTMLElement} item
   * @param {string} words
   */
  refuse(item, words) {
    slot(item, "state").textContent = words;
  }

  /** @param {HTMLElement} item */
  withdraw(item) {
    slot(item, "text").textContent = "";
    slot(item, "text").hidden = true;
    slot(item, "withdrawn").hidden = false;
    slot(item, "actions").hidden = true;
    slot(item, "state-line").hidden = true;
    item.dataset.withdrawn = "true";
  }

  /**
   * Offer what can be done with an own message in this state.
   *
   * @param {HTMLElement} item
   * @param {string} state
   */
  #offer(item, state) {
    const isStored = ["sent", "delivered", "read"].includes(state);
    const offered = state === "failed" ? "failed" : isStored ? "stored" : "";
    let any = false;
    for (const button of item.querySelectorAll("[data-when]")) {
      const isOffered = button.getAttribute("data-when") === offered;
      /** @type {HTMLElement} */ (button).hidden = !isOffered;
      any ||= isOffered;
    }
    slot(item, "actions").hidden = !any || item.dataset.withdrawn === "true";
  }

  /** @param {HTMLTemplateElement} template */
  #clone(template) {
    const first = /** @type {HTMLElement} */ (template.content.firstElementChild);
    return /** @type {HTMLElement} */ (document.importNode(first, true));
  }
}
