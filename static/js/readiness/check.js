import { watchVisit } from "../lib/live.js";
import { post } from "../lib/readiness_post.js";
import { Saver } from "../lib/readiness_saver.js";
import { refill } from "./pieces.js";

/**
 * The patient's page: saves what questions and tests send up as `readiness-answer`, and shows what
 * follows from it.
 */
export class ReadinessCheck {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.settings = element.dataset;
    /** @type {Map<string, Saver>} */
    this.savers = new Map();
    this.bar = element.querySelector("progress");
    element.addEventListener("readiness-answer", (event) => this.save(event.detail));
    globalThis.addEventListener("beforeunload", (event) => this.leaving(event));
    watchVisit(this.settings.visit ?? "", () => this.look());
  }

  /** @param {{item: string, value: Record<string, unknown>}} answer */
  save({ item, value }) {
    if (!this.savers.has(item)) {
      this.savers.set(item, this.saverOf(item));
    }
    this.savers.get(item)?.save(value);
  }

  /** @param {string} item */
  saverOf(item) {
    const question = this.element.querySelector(`form[data-item="${item}"]`);
    return new Saver({
      send: ({ value, key }) => this.send({ item, value, key }),
      show: (state, about) => {
        if (state === "saved") {
          this.apply(about);
        }
        question?.dispatchEvent(new CustomEvent("readiness-saving", { detail: { state, about } }));
      },
    });
  }

  /** @param {object} answer */
  send(answer) {
    return post(this.settings.answer ?? "", {
      body: JSON.stringify(answer),
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.settings.token ?? "" },
    });
  }

  /** @param {{pieces: Record<string, string>, done: number}} answer */
  apply({ pieces, done }) {
    for (const [name, markup] of Object.entries(pieces)) {
      this.fill(name, markup);
    }
    if (this.bar) {
      this.bar.value = done;
      const words = this.element.querySelector("[data-slot=words]");
      if (words) {
        words.textContent = `${done} of ${this.bar.max} questions answered`;
      }
    }
  }

  /**
   * @param {string} name
   * @param {string} markup
   */
  fill(name, markup) {
    const place = this.element.querySelector(`[data-piece="${name}"]`);
    if (place && this.shown?.[name] !== markup) {
      this.shown = { ...this.shown, [name]: markup };
      refill(place, markup);
    }
  }

  /** Look again: the therapist has changed something. */
  async look() {
    try {
      const response = await fetch(this.settings.source ?? "");
      const answer = await response.json();
      if (answer.ok) {
        this.fill("verdict", answer.html);
      }
    } catch {
      // The next hint, or the next answer, brings it.
    }
  }

  /** @param {BeforeUnloadEvent} event */
  leaving(event) {
    if ([...this.savers.values()].some((saver) => saver.isUnsaved)) {
      event.preventDefault();
    }
  }
}
