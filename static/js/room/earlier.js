/** Goes back through the conversation, page after page, when somebody asks for it. */

import { slot } from "./items.js";

const PAGE = 100;

export class Earlier {
  /**
   * @param {HTMLFormElement} form
   * @param {object} parts
   * @param {number} parts.start the number before the first that is shown
   * @param {HTMLElement} parts.log what scrolls
   * @param {import("../lib/http_door.js").HttpDoor} parts.http
   * @param {(events: import("../lib/log.js").RoomEvent[]) => void} parts.show
   */
  constructor(form, { start, log, http, show }) {
    Object.assign(this, { form, start, log, http, show });
    this.isBusy = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#more();
    });
  }

  async #more() {
    if (this.isBusy || this.start === 0) {
      return;
    }
    this.isBusy = true;
    this.#say("Fetching…");
    // Numbers are dense, so the page before this one is known without asking.
    const after = Math.max(0, this.start - PAGE);
    const answer = await this.http.page(after, this.start - after);
    this.isBusy = false;
    if (answer.ok) {
      this.start = after;
      // A screen reader is told how many lines came, and reads them when it is asked to.
      this.log.setAttribute("aria-busy", "true");
      this.show(answer.events);
      setTimeout(() => this.log.setAttribute("aria-busy", "false"));
      this.#say(after ? "Earlier messages are above." : "This is the beginning.");
    } else {
      this.#say("This did not work. Try again.");
    }
    this.#end();
  }

  /** With nothing before it, the button gives way; who was on it stays in the conversation. */
  #end() {
    const button = /** @type {HTMLElement} */ (this.form.querySelector("button"));
    if (this.start === 0) {
      if (button === document.activeElement) {
        this.log.focus({ preventScroll: true });
      }
      // It keeps its place, so that nothing moves under who reads.
      this.form.dataset.done = "true";
    }
  }

  /** @param {string} words */
  #say(words) {
    slot(this.form, "said").textContent = words;
  }
}
