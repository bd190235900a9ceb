/** Asks before something that is hard to take back. */

export class Question {
  /** @param {string} id of the dialog */
  constructor(id) {
    this.dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
    for (const button of this.dialog.querySelectorAll("[data-slot=close]")) {
      button.addEventListener("click", () => this.dialog.close("no"));
    }
    this.yes = /** @type {HTMLElement} */ (this.dialog.querySelector("[data-slot=yes]"));
    this.yes.addEventListener("click", () => this.dialog.close("yes"));
  }

  /**
   * @param {{title?: string, yes?: string}} [words] in place of those in the page
   * @returns {Promise<boolean>}
   */
  ask({ title, yes } = {}) {
    if (title) {
      /** @type {HTMLElement} */ (this.dialog.querySelector("h2")).textContent = title;
    }
    if (yes) {
      this.yes.textContent = yes;
    }
    this.dialog.returnValue = "no";
    this.dialog.showModal();
    return new Promise((resolve) => {
      const done = () => resolve(this.dialog.returnValue === "yes");
      this.dialog.addEventListener("close", done, { once: true });
    });
  }
}
