/** Closes an open menu when the person presses Escape, or turns elsewhere. */
export class Menu {
  /** @param {HTMLElement} element a details element */
  constructor(element) {
    this.details = /** @type {HTMLDetailsElement} */ (element);
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusout", (event) => this.left(event.relatedTarget));
    document.addEventListener("pointerdown", (event) => this.left(event.target));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.details.open) {
      this.details.open = false;
      this.details.querySelector("summary")?.focus();
    }
  }

  /** @param {EventTarget | null} target where the person is now */
  left(target) {
    if (target instanceof Node && !this.details.contains(target)) {
      this.details.open = false;
    }
  }
}
