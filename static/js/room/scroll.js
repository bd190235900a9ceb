/** Keeps the end of a conversation in sight for who is there, and lets who reads above read on. */

const NEAR = 48;

export class Scroll {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} button says that there is something new below
   */
  constructor(list, button) {
    this.list = list;
    this.button = button;
    this.isAtEnd = true;
    list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    button.addEventListener("click", () => this.toEnd());
    const grown = new ResizeObserver(() => this.#follow());
    for (const element of [list, ...list.children]) {
      grown.observe(element);
    }
    this.toEnd();
  }

  /**
   * Change the list; the end stays in sight if it was.
   *
   * @param {() => void} change
   */
  keeping(change) {
    change();
    this.#follow();
  }

  /**
   * Change what stands above the first line; what is looked at stays where it is.
   *
   * @param {HTMLElement} lines
   * @param {() => void} change
   */
  holding(lines, change) {
    const first = lines.firstElementChild;
    const before = first?.getBoundingClientRect().top ?? 0;
    change();
    this.list.scrollTop += (first?.getBoundingClientRect().top ?? 0) - before;
  }

  /** Say that something new is below, unless it is in sight. */
  tellOfNew() {
    this.button.hidden = this.isAtEnd;
  }

  toEnd() {
    this.isAtEnd = true;
    this.#follow();
  }

  #follow() {
    if (this.isAtEnd) {
      this.list.scrollTop = this.list.scrollHeight;
      this.button.hidden = true;
    }
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.isAtEnd) {
      this.button.hidden = true;
    }
  }
}
