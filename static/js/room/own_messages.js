/** What a person can do with a message of their own: take it back, or deal with one that was refused. */

import { Question } from "./question.js";

export class OwnMessages {
  /**
   * @param {HTMLElement} list
   * @param {import("./room.js").Room} room
   * @param {import("./composer.js").Composer} composer
   */
  constructor(list, room, composer) {
    this.room = room;
    this.composer = composer;
    this.question = document.getElementById("withdraw-question")
      ? new Question("withdraw-question")
      : null;
    list.addEventListener("click", (event) => this.#pressed(event));
    list.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-action]"));
    const item = /** @type {HTMLElement | null} */ (target.closest("[data-slot=message]"));
    if (button && item) {
      event.preventDefault();
      ACTIONS[button.dataset.action ?? ""]?.(this, item, button);
    }
  }

  /** @param {number} seq */
  async withdraw(seq) {
    if (await this.question?.ask()) {
      this.room.say("message.withdrawn", { seq });
    }
  }

  /** @param {string} key */
  textOf(key) {
    return String(this.room.outbox.byKey.get(key)?.body.text ?? "");
  }

  /** @param {string} key */
  edit(key) {
    this.composer.put(this.textOf(key));
    this.room.discard(key);
  }

  /**
   * @param {string} key
   * @param {HTMLElement} button
   */
  async copy(key, button) {
    await navigator.clipboard.writeText(this.textOf(key));
    button.textContent = "Copied";
  }
}

/** @type {Record<string, (own: OwnMessages, item: HTMLElement, button: HTMLElement) => void>} */
const ACTIONS = {
  withdraw: (own, item) => own.withdraw(Number(item.dataset.seq)),
  again: (own, item) => own.room.again(item.dataset.key ?? ""),
  edit: (own, item) => own.edit(item.dataset.key ?? ""),
  copy: (own, item, button) => own.copy(item.dataset.key ?? "", button),
  discard: (own, item) => own.room.discard(item.dataset.key ?? ""),
};
