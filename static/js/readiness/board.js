import { watchVisit } from "../lib/live.js";
import { Polling } from "../lib/readiness_polling.js";
import { post } from "../lib/readiness_post.js";
import { Draft } from "./draft.js";
import { clearProblems, refill, showProblem, slot } from "./pieces.js";

const HIGHLIGHT_LASTS = 4000;

/** The therapist's board: shows answers as they come, and keeps what is being typed meanwhile. */
export class ReadinessBoard {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.board = /** @type {HTMLElement} */ (slot(element, "board"));
    this.live = /** @type {HTMLElement} */ (slot(element, "live"));
    this.show = new URLSearchParams(location.search).get("show") ?? "";
    this.polling = new Polling();
    this.print = element.dataset.print;
    this.board.addEventListener("submit", (event) => this.submitted(event));
    this.board.addEventListener("click", (event) => this.clicked(event));
    watchVisit(element.dataset.visit ?? "", () => {
      this.polling.told();
      this.look();
    });
    document.addEventListener("visibilitychange", () => this.look());
    this.live.textContent = "Live. New answers appear by themselves.";
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.polling.wait);
  }

  /** Fetch the board and show it if something is new. */
  async look() {
    clearTimeout(this.timer);
    if (!document.hidden && !this.isLooking) {
      this.isLooking = true;
      await this.fetch();
      this.isLooking = false;
    }
    this.plan();
  }

  async fetch() {
    try {
      const query = this.show ? `?show=${this.show}` : "";
      const response = await fetch(`${this.element.dataset.source}${query}`);
      const answer = await response.json();
      if (!answer.ok) {
        throw new Error("no board");
      }
      this.apply(answer);
      this.live.textContent = "Live. New answers appear by themselves.";
    } catch {
      this.live.textContent = "No connection to the board. Trying again…";
    }
  }

  /** @param {{html: string, print: string}} answer `print` differs when there is something new */
  apply({ html, print }) {
    const next = document.createElement("div");
    refill(next, html);
    const hasChanged = print !== this.print;
    this.polling.looked(hasChanged);
    if (hasChanged) {
      this.print = print;
      this.replace(next);
    } else {
      this.age(next);
    }
  }

  /** @param {HTMLElement} next */
  replace(next) {
    const draft = new Draft(this.board);
    const before = answersOf(this.board);
    this.board.replaceChildren(...next.childNodes);
    draft.restore(this.board);
    for (const [row, answer] of answersOf(this.board)) {
      if (before.has(row) && before.get(row) !== answer) {
        this.highlight(row);
      }
    }
  }

  /** @param {HTMLElement} next */
  age(next) {
    for (const row of next.querySelectorAll("[data-row]")) {
      const shown = this.board.querySelector(`#${row.id} [data-slot=age]`);
      const age = slot(row, "age");
      if (shown && age) {
        shown.textContent = age.textContent;
      }
    }
  }

  /** @param {string} row */
  highlight(row) {
    const element = this.board.querySelector(`[data-row="${row}"]`);
    element?.classList.add("board__row--changed");
    setTimeout(() => element?.classList.remove("board__row--changed"), HIGHLIGHT_LASTS);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const link = event.target instanceof Element && event.target.closest("[data-show]");
    if (link instanceof HTMLAnchorElement) {
      event.preventDefault();
      this.show = link.dataset.show ?? "";
      history.replaceState(null, "", this.show ? `?show=${this.show}` : location.pathname);
      this.refresh(`[data-show="${this.show}"]`);
    }
  }

  /** @param {SubmitEvent} event */
  async submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-board-form]")) {
      return;
    }
    event.preventDefault();
    clearProblems(form);
    const row = form.closest("[data-row]")?.id;
    try {
      await post(form.action, { body: new FormData(form) });
    } catch (error) {
      const isRefusal = error instanceof Error && "field" in error;
      const words = isRefusal ? error.message : "Not saved: no connection. Please try again.";
      showProblem(form, isRefusal ? String(error.field) : "", words);
      return;
    }
    form.reset();
    await this.refresh(row ? `#${row} summary, #${row} input:not([type=hidden])` : "a.filter");
  }

  /**
   * Fetch the board anew and show it, whatever has changed, with the focus at one place.
   *
   * @param {string} focus
   */
  async refresh(focus) {
    this.print = "";
    this.polling.told();
    await this.fetch();
    const target = this.board.querySelector(focus);
    if (target instanceof HTMLElement) {
      target.focus();
    }
  }
}

/**
 * @param {Element} board
 * @returns {Map<string, string>} the id of the answer in force, by item
 */
function answersOf(board) {
  const rows = /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-row]")]);
  return new Map(rows.map((row) => [row.dataset.row ?? "", row.dataset.answer ?? ""]));
}
