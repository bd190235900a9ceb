import { timeOfDay } from "../lib/clock.js";
import { canonical } from "../lib/note_text.js";
import { slot } from "./slots.js";

/** @typedef {import("../lib/note_drafts.js").KeptDraft} KeptDraft */
/** @typedef {import("../lib/note_drafts.js").NoteDrafts} NoteDrafts */

/** Offers text that this device kept and nobody saved, one after the other, the latest first. */
export class KeptBanner {
  /**
   * @param {HTMLElement} form holds the slot `kept`
   * @param {NoteDrafts} drafts
   * @param {{zone: string, restore: (draft: KeptDraft) => void | Promise<void>}} options
   */
  constructor(form, drafts, { zone, restore }) {
    this.element = slot(form, "kept");
    this.drafts = drafts;
    this.zone = zone;
    slot(this.element, "restore").addEventListener("click", () => this.#answer(restore));
    slot(this.element, "discard").addEventListener("click", () => this.#answer(() => {}));
  }

  /**
   * Offer what was left behind, if it says anything that the note does not.
   *
   * @param {string} stored the note's text
   */
  async offer(stored) {
    const left = await this.drafts.left();
    const isSaved = (draft) => canonical(draft.text) === canonical(stored);
    for (const draft of left.filter(isSaved)) {
      this.drafts.discard(draft.id);
    }
    this.left = left.filter((draft) => !isSaved(draft));
    this.#show();
  }

  /** @param {(draft: KeptDraft) => void | Promise<void>} act */
  async #answer(act) {
    const draft = this.left?.shift();
    if (draft) {
      await act(draft);
      this.drafts.discard(draft.id);
    }
    this.#show();
  }

  #show() {
    const draft = this.left?.[0];
    this.element.hidden = draft === undefined;
    if (draft) {
      const at = timeOfDay(draft.at, this.zone);
      slot(this.element, "title").textContent = `We kept text from ${at} that was not saved yet.`;
      slot(this.element, "kept-text").textContent = draft.text;
    }
  }
}
