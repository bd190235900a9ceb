/** Takes the focus when the page opens, so that what is wrong is heard and seen first. */
export class ErrorSummary {
  /** @param {HTMLElement} element */
  constructor(element) {
    element.focus();
  }
}
