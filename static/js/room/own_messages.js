/** What a person can do with a message of their own: take it back, or deal with one that was refused. */

import { slot } from "./items.js";
import { Question } from "./question.js";

/** So long a button says what it did. */
const SAID_FOR = 3000;

export class OwnMessages {
  /**
   * @param {HTMLElement} list
   * @param {import("./room.js").Room} room
   * @param {import("./composer.js").Composer} composer
   */
  constructor(list, room, composer) {
    this.list = list;
    this.room = room;
    this.composer = composer;
    this.question = document.getElementById("withdraw-question")
      ? new Question("withdraw-question")
      : null;
    this.goodbye = new Question("discard-question");
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
  async again(key) {
    await this.room.again(key);
    this.#stay();
  }

  /**
   * Put the text back to where it was typed; it is thrown away here once it is kept there.
   *
   * @param {string} key
   */
  async edit(key) {
    const text = String(this.room.outbox.byKey.get(key)?.body.text ?? "");
    this.composer.put(text);
    this.composer.input.focus();
    await this.room.draft.now();
    await this.room.discard(key);
  }

  /**
   * @param {HTMLElement} item
   * @param {HTMLElement} button
   */
  async copy(item, button) {
    const text = slot(item, "text");
    const words = /** @type {HTMLElement} */ (button.querySelector("span"));
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(text.textContent ?? "");
      words.textContent = "Copied";
    } catch {
      // The browser does not let pages copy: the person can, in one move.
      getSelection()?.selectAllChildren(text);
      words.textContent = "Selected. Copy it now";
    }
    setTimeout(() => {
      words.textContent = before;
    }, SAID_FOR);
  }

  /** @param {string} key */
  async discard(key) {
    if (await this.goodbye.ask()) {
      await this.room.discard(key);
      this.#stay();
    }
  }

  /** The button that was pressed is gone: who used the keyboard stays in the conversation. */
  #stay() {
    const log = /** @type {HTMLElement | null} */ (this.list.closest("[role=log]"));
    log?.focus({ preventScroll: true });
  }
}

/** @type {Record<string, (own: OwnMessages, item: HTMLElement, button: HTMLElement) => void>} */
const ACTIONS = {
  withdraw: (own, item) => own.withdraw(Number(item.dataset.seq)),
  again: (own, item) => own.again(item.dataset.key ?? ""),
  edit: (own, item) => own.edit(item.dataset.key ?? ""),
  copy: (own, item, button) => own.copy(item, button),
  discard: (own, item) => own.discard(item.dataset.key ?? ""),
};
