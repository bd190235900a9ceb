import { clearProblems, say, showProblem, slot } from "./pieces.js";

const PREFIX = "value-";
/** Long enough to go through radio buttons by keyboard without saving every one on the way. */
const SETTLED_AFTER = 900;

/** One question: a press answers it, or its fields do once all that is needed is filled in. */
export class ReadinessQuestion {
  /** @param {HTMLElement} element the question's form */
  constructor(element) {
    this.form = /** @type {HTMLFormElement} */ (element);
    const whole = element.closest("li") ?? element;
    this.saving = slot(whole, "saving");
    this.outcome = /** @type {HTMLElement | null} */ (whole.querySelector("[data-piece]"));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("readiness-saving", (event) => this.shown(event.detail));
    if (element.dataset.onePress === undefined) {
      this.form.addEventListener("change", () => this.settle());
    }
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    event.preventDefault();
    clearTimeout(this.timer);
    clearProblems(this.form);
    const press = event.submitter;
    if (press instanceof HTMLButtonElement && press.name.startsWith(PREFIX)) {
      this.press(press);
      return;
    }
    const missing = this.missing();
    if (missing) {
      const isChoice = missing.matches("fieldset");
      showProblem(
        this.form,
        missing.dataset.part ?? "",
        isChoice ? "Please choose one." : "Please fill this in.",
      );
      return;
    }
    this.answer(this.value());
  }

  /** @param {HTMLButtonElement} press */
  press(press) {
    for (const each of this.form.querySelectorAll(".press[name]")) {
      each.setAttribute("aria-pressed", String(each === press));
    }
    this.answer({ [press.name.slice(PREFIX.length)]: press.value });
  }

  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.missing()) {
        clearProblems(this.form);
        this.answer(this.value());
      }
    }, SETTLED_AFTER);
  }

  /** @returns {HTMLElement | undefined} the first part that needs something and has nothing */
  missing() {
    const value = this.value();
    const parts = [...this.form.querySelectorAll("[data-part]")];
    return /** @type {HTMLElement[]} */ (parts).find(
      (part) => part.querySelector("[required]") && !value[part.dataset.part ?? ""],
    );
  }

  /** @returns {Record<string, string>} */
  value() {
    const filled = [...new FormData(this.form)]
      .map(([name, text]) => [name, String(text).trim()])
      .filter(([name, text]) => name.startsWith(PREFIX) && text !== "");
    return Object.fromEntries(filled.map(([name, text]) => [name.slice(PREFIX.length), text]));
  }

  /** @param {Record<string, string>} value */
  answer(value) {
    const detail = { item: this.form.dataset.item, value };
    this.form.dispatchEvent(new CustomEvent("readiness-answer", { bubbles: true, detail }));
  }

  /** @param {{state: string, about?: any}} saving */
  shown({ state, about }) {
    const words = { saving: "Saving…", waiting: "Not saved yet, trying again…" }[state] ?? "";
    say(this.saving, words);
    if (this.outcome) {
      // What is said there is about the answer before.
      this.outcome.hidden = state === "waiting";
    }
    this.saving?.classList.toggle("question__saving--waiting", state === "waiting");
    if (state === "refused") {
      showProblem(this.form, about.field, about.message);
    }
  }
}
