/** Holds a choice of colours as soon as it is made; the form keeps it for the next page. */
export class ThemeMenu {
  /** @param {HTMLElement} element the details with the form */
  constructor(element) {
    this.form = /** @type {HTMLFormElement} */ (element.querySelector("form"));
    const save = element.querySelector("[data-slot=save]");
    if (save instanceof HTMLElement) {
      save.hidden = true;
    }
    this.form.addEventListener("change", () => this.choose());
  }

  choose() {
    const data = new FormData(this.form);
    document.documentElement.dataset.theme = String(data.get("theme"));
    fetch(this.form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => {
      // The colours hold for this page; the next choice is kept when the network is back.
    });
  }
}
