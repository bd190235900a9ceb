/** What somebody has typed and opened on a board that is about to be replaced. */
export class Draft {
  /** @param {Element} board */
  constructor(board) {
    this.texts = [...board.querySelectorAll("input[id]:not([type=hidden])")]
      .filter((input) => input instanceof HTMLInputElement && isTouched(input))
      .map((input) => ({
        id: input.id,
        answer: answerOf(input),
        value: input.value,
        checked: input.checked,
      }));
    this.open = new Map(
      [...board.querySelectorAll("details[data-keep]")].map((each) => [
        each.getAttribute("data-keep"),
        each.hasAttribute("open"),
      ]),
    );
    const focused = board.contains(document.activeElement) ? document.activeElement : null;
    this.focus = focused?.id ?? "";
    this.selection = focused instanceof HTMLInputElement ? selectionOf(focused) : null;
  }

  /** @param {Element} board the new one; a text stays only with the answer that it was about */
  restore(board) {
    for (const { id, answer, value, checked } of this.texts) {
      const input = board.querySelector(`#${CSS.escape(id)}`);
      if (input instanceof HTMLInputElement && answerOf(input) === answer) {
        input.value = value;
        input.checked = checked;
      }
    }
    for (const details of board.querySelectorAll("details[data-keep]")) {
      const wasOpen = this.open.get(details.getAttribute("data-keep"));
      if (wasOpen !== undefined) {
        details.toggleAttribute("open", wasOpen);
      }
    }
    this.refocus(board);
  }

  /** @param {Element} board */
  refocus(board) {
    const input = this.focus ? board.querySelector(`#${CSS.escape(this.focus)}`) : null;
    if (input instanceof HTMLElement) {
      input.focus({ preventScroll: true });
    }
    if (input instanceof HTMLInputElement && this.selection) {
      input.setSelectionRange(...this.selection);
    }
  }
}

/** @param {HTMLInputElement} input */
function isTouched(input) {
  return input.type === "radio"
    ? input.checked !== input.defaultChecked
    : input.value !== input.defaultValue;
}

/** @param {HTMLInputElement} input */
function answerOf(input) {
  return /** @type {HTMLElement | null} */ (input.closest("[data-row]"))?.dataset.answer;
}

/**
 * @param {HTMLInputElement} input
 * @returns {[number, number] | null}
 */
function selectionOf(input) {
  return input.selectionStart === null ? null : [input.selectionStart, input.selectionEnd ?? 0];
}
