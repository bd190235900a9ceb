/** Opens a dialog in place of following the link that asks the same on its own page. */
export class DialogOpener {
  /** @param {HTMLElement} element a link or button with data-dialog */
  constructor(element) {
    const dialog = document.getElementById(element.dataset.dialog ?? "");
    if (!(dialog instanceof HTMLDialogElement)) {
      return;
    }
    element.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    for (const close of dialog.querySelectorAll("[data-slot=close]")) {
      close.addEventListener("click", () => dialog.close());
    }
  }
}
