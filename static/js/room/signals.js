/** The large buttons of the patient: each says at once what became of it. */

/** So long a signal that arrived keeps its word. */
const KEPT_FOR = 120_000;
/** States in which nobody has been told. */
const NOT_THROUGH = new Set(["waiting", "failed"]);

export class Signals {
  /**
   * @param {HTMLFormElement} form whose buttons have data-words: what is said in each state, as JSON
   * @param {object} parts
   * @param {import("../lib/outbox.js").Outbox} parts.outbox
   * @param {import("../lib/folds.js").RoomView} parts.view
   * @param {import("../lib/receipts.js").Receipts} parts.receipts
   * @param {import("../lib/clock.js").ServerClock} parts.clock
   * @param {() => boolean} parts.isCut
   * @param {(signal: string) => void} parts.send
   * @param {(key: string) => void} parts.discard
   */
  constructor(form, parts) {
    Object.assign(this, parts);
    this.buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
      form.querySelectorAll("button[name=signal]")
    );
    /** Whom to call while a call for help does not get through. */
    this.otherwise = document.getElementById("call-otherwise");
    form.addEventListener("submit", (event) => this.#pressed(event));
    setInterval(() => this.show(), 5000);
  }

  /** Draw what became of each signal. */
  show() {
    for (const button of this.buttons) {
      const state = this.#stateOf(button.value);
      if (button.value === "help" && this.otherwise) {
        this.otherwise.hidden = !NOT_THROUGH.has(state);
      }
      if (button.dataset.state !== state) {
        button.dataset.state = state;
        const words = JSON.parse(button.dataset.words ?? "{}");
        button.querySelector("[data-slot=said]").textContent = words[state] ?? "";
      }
    }
  }

  /** Take nothing more. */
  close() {
    for (const button of this.buttons) {
      button.disabled = true;
    }
  }

  /** @param {SubmitEvent} event */
  #pressed(event) {
    event.preventDefault();
    const { value } = /** @type {HTMLButtonElement} */ (event.submitter);
    for (const { key, kind, body, state } of this.outbox.entries) {
      if (kind === "signal.sent" && body.signal === value && state === "failed") {
        this.discard(key);
      }
    }
    // A trembling hand presses twice; what waits already goes once.
    if (!this.#waiting(value)) {
      this.send(value);
    }
    this.show();
  }

  /** @param {string} signal */
  #waiting(signal) {
    return this.outbox.entries.find(
      (each) =>
        each.kind === "signal.sent" && each.body.signal === signal && each.state !== "failed",
    );
  }

  /**
   * @param {string} signal
   * @returns {string} "" | waiting | sending | sent | delivered | read | failed
   */
  #stateOf(signal) {
    const waiting = this.#waiting(signal);
    if (waiting) {
      const isStuck = this.isCut() || waiting.isUnsaved;
      return waiting.state === "stored" ? "sent" : isStuck ? "waiting" : "sending";
    }
    const failed = this.outbox.entries.some(
      (each) => each.body.signal === signal && each.state === "failed",
    );
    if (failed) {
      return "failed";
    }
    const last = this.view.signals.get(signal);
    if (!last || this.clock.since(last.at) > KEPT_FOR) {
      return "";
    }
    return this.receipts.stateOf(last.seq);
  }
}
