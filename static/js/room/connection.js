/** Says in words how the line is, always. */

export class Connection {
  /**
   * @param {HTMLElement} element with data-words: the sentence of each state, as JSON
   */
  constructor(element) {
    this.element = element;
    this.words = JSON.parse(element.dataset.words ?? "{}");
    this.text = /** @type {HTMLElement} */ (element.querySelector("[data-slot=text]"));
    this.signIn = /** @type {HTMLElement} */ (element.querySelector("[data-slot=sign-in]"));
    this.home = /** @type {HTMLElement} */ (element.querySelector("[data-slot=home]"));
    element.hidden = false;
    this.show("joining");
  }

  /**
   * @param {string} state
   * @param {string} [message] why the room is closed
   */
  show(state, message = "") {
    this.element.dataset.state = ["closed", "signed_out"].includes(state) ? "cut" : state;
    this.element.dataset.line = state;
    this.text.textContent = message || this.words[state];
    this.signIn.hidden = state !== "signed_out";
    this.home.hidden = state !== "closed";
  }
}
