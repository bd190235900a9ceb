/** Where the visit stands and for how long, and for who leads it the ways on. */

import { elapsed, softly, timeOfDay } from "../lib/clock.js";
import { slot } from "./items.js";
import { Question } from "./question.js";

const TICK = 1000;
/** Moves that are asked about first: nothing leads back from them. */
const HARD = new Set(["closing", "ended"]);

/** @typedef {import("../lib/http_door.js").Answer} Answer */

export class PhasePanel {
  /**
   * @param {HTMLElement} element
   * @param {object} parts
   * @param {import("../lib/folds.js").RoomView} parts.view
   * @param {import("../lib/clock.js").ServerClock} parts.clock
   * @param {Record<string, string>} parts.names
   * @param {string} parts.zone
   * @param {(phase: string, key: string) => Promise<Answer>} parts.enter
   */
  constructor(element, parts) {
    Object.assign(this, parts);
    this.element = element;
    this.form = /** @type {HTMLFormElement | null} */ (element.querySelector("form"));
    this.error = /** @type {HTMLElement | null} */ (element.querySelector("[data-slot=error]"));
    this.isSoft = element.dataset.kind === "soft";
    /** @type {Map<string, string>} phase -> the key of a move without an answer yet */
    this.keys = new Map();
    if (this.form) {
      this.question = new Question("phase-question");
      this.form.addEventListener("submit", (event) => this.#asked(event));
    }
    this.show();
    setInterval(() => this.tick(), TICK);
  }

  /** Draw the phase anew. */
  show() {
    slot(this.element, "name").textContent = this.names[this.view.phase] ?? this.view.phase;
    this.#showMoves();
    this.tick();
  }

  /** Draw the time anew. */
  tick() {
    const { since, begun } = this.view;
    const lasts = begun && !this.view.ended ? this.clock.since(begun) : null;
    if (this.isSoft) {
      write(slot(this.element, "elapsed"), lasts === null ? "" : `· ${softly(lasts)}`);
      return;
    }
    write(slot(this.element, "elapsed"), since ? elapsed(this.clock.since(since)) : "");
    const facts = [
      since && `Since ${timeOfDay(since, this.zone)}`,
      begun &&
        lasts !== null &&
        `Visit began ${timeOfDay(begun, this.zone)}, ${elapsed(lasts)} ago`,
    ];
    write(slot(this.element, "since"), facts.filter(Boolean).join("\n") || "Not begun yet");
  }

  #showMoves() {
    if (!this.form) {
      return;
    }
    const buttons = [...this.form.querySelectorAll("button[name=phase]")];
    const shown = buttons.map((button) => /** @type {HTMLButtonElement} */ (button).value);
    if (shown.join() === this.view.next.join()) {
      return;
    }
    for (const button of buttons) {
      button.remove();
    }
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("move-template"));
    for (const phase of this.view.next) {
      const first = /** @type {HTMLElement} */ (template.content.firstElementChild);
      const button = /** @type {HTMLButtonElement} */ (document.importNode(first, true));
      button.value = phase;
      button.textContent = this.names[phase] ?? phase;
      this.form.append(button);
    }
  }

  /** @param {SubmitEvent} event */
  async #asked(event) {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (event.submitter);
    const phase = button.value;
    const title = phase === "ended" ? "End this visit?" : "Begin to close this visit?";
    if (HARD.has(phase) && !(await this.question.ask({ title, yes: this.names[phase] }))) {
      return;
    }
    this.#busy(true);
    // A move is never kept for later: it must hold at the moment it is made. But the same try
    // keeps its key, so that one whose answer was lost is not made twice.
    const key = this.keys.get(phase) ?? crypto.randomUUID();
    this.keys.set(phase, key);
    const answer = await this.enter(phase, key);
    this.#busy(false);
    this.#answered(phase, answer);
  }

  /**
   * @param {string} phase
   * @param {Answer} answer
   */
  #answered(phase, answer) {
    const isUnknown = answer.code === "timeout" || answer.code === "offline";
    if (!isUnknown) {
      this.keys.delete(phase);
    }
    if (isUnknown) {
      this.error.textContent =
        "No answer from the server. The phase did not change yet: try again.";
    } else {
      this.error.textContent = answer.ok ? "" : (answer.message ?? "");
    }
  }

  /** @param {boolean} isBusy */
  #busy(isBusy) {
    for (const button of this.form.querySelectorAll("button")) {
      button.disabled = isBusy;
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
