/** The one place to type: Enter sends, Shift and Enter makes a new line. */

const TYPING_EVERY = 3000;
const IDLE_AFTER = 4000;

export class Composer {
  /**
   * @param {HTMLFormElement} form
   * @param {object} told
   * @param {(text: string) => void} told.say
   * @param {(isOn: boolean) => void} told.typing
   * @param {(text: string) => void} told.changed what stands there now
   */
  constructor(form, { say, typing, changed }) {
    Object.assign(this, { form, say, typing, changed });
    this.input = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
    this.error = /** @type {HTMLElement} */ (form.querySelector("[data-slot=error]"));
    this.toldAt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.idle = undefined;
    form.addEventListener("submit", (event) => this.#submitted(event));
    this.input.addEventListener("keydown", (event) => this.#pressed(event));
    this.input.addEventListener("input", () => this.#typed());
  }

  /**
   * Put a text back, before what is being typed.
   *
   * @param {string} text
   */
  put(text) {
    if (text) {
      this.input.value = [text, this.input.value].filter(Boolean).join("\n");
      this.changed(this.input.value);
    }
  }

  /** Take nothing more. */
  close() {
    for (const element of this.form.elements) {
      /** @type {HTMLInputElement} */ (element).disabled = true;
    }
    // What was refused can still be copied, but not be said again.
    this.form.closest("section")?.setAttribute("data-closed", "true");
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    this.error.textContent = "";
    if (text) {
      this.input.value = "";
      this.#stop();
      this.say(text);
    }
    this.input.focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // While letters are being composed, Enter belongs to the keyboard.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  #typed() {
    this.changed(this.input.value);
    clearTimeout(this.idle);
    if (!this.input.value) {
      this.#stop();
      return;
    }
    if (Date.now() - this.toldAt >= TYPING_EVERY) {
      this.toldAt = Date.now();
      this.typing(true);
    }
    this.idle = setTimeout(() => this.#stop(), IDLE_AFTER);
  }

  #stop() {
    clearTimeout(this.idle);
    if (this.toldAt) {
      this.toldAt = 0;
      this.typing(false);
    }
  }
}
