/** A call of the patient, over everything else, until somebody who gives care has answered. */

import { timeOfDay } from "../lib/clock.js";
import { slot } from "./items.js";

export class Alarm {
  /**
   * @param {HTMLElement} place
   * @param {{zone: string, answer: () => void}} parts
   */
  constructor(place, { zone, answer }) {
    this.place = place;
    this.zone = zone;
    this.answer = answer;
    this.title = document.title;
    /** The call that is shown. */
    this.seq = 0;
    place.addEventListener("submit", (event) => this.#pressed(event));
  }

  /** @param {import("../lib/folds.js").Signal | null} signal */
  show(signal) {
    if (signal?.seq === this.seq) {
      return;
    }
    this.seq = signal?.seq ?? 0;
    this.place.replaceChildren();
    document.title = this.title;
    if (signal) {
      this.#raise(signal);
    }
  }

  /** @param {import("../lib/folds.js").Signal} signal */
  #raise(signal) {
    const template = document.getElementById(`alarm-${signal.signal}`);
    const { content } = /** @type {HTMLTemplateElement} */ (template);
    const banner = /** @type {HTMLElement} */ (
      document.importNode(content, true).firstElementChild
    );
    slot(banner, "sent").textContent = `Sent ${timeOfDay(signal.at, this.zone)}.`;
    this.place.append(banner);
    document.title = `(!) ${slot(banner, "title").textContent} · ${this.title}`;
  }

  /** @param {SubmitEvent} event */
  #pressed(event) {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (event.submitter);
    button.disabled = true;
    this.answer();
  }
}
