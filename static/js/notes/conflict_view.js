import { together } from "../lib/note_text.js";
import { slot } from "./slots.js";

/** @typedef {import("../lib/note_saver.js").Answer} Answer */

/** Shows two texts of one note side by side, until the person has chosen. */
export class ConflictView {
  /**
   * @param {HTMLElement} form holds the slot `conflict`
   * @param {{mine: () => string, choose: (text: string) => void}} options
   */
  constructor(form, { mine, choose }) {
    this.element = slot(form, "conflict");
    this.mine = mine;
    /** @type {Answer | null} */
    this.late = null;
    const ways = {
      "keep-mine": () => mine(),
      "keep-theirs": (late) => late.theirs,
      "keep-both": (late) => together(mine(), late.theirs, late.who || "Saved meanwhile"),
    };
    for (const [name, way] of Object.entries(ways)) {
      slot(this.element, name).addEventListener("click", () => {
        const late = this.late;
        if (late) {
          this.close();
          choose(way(late));
        }
      });
    }
  }

  /** @param {Answer} late the refusal, with the text that stands */
  open(late) {
    this.late = late;
    const who = late.who || "Someone";
    slot(this.element, "body").textContent =
      `${who} saved ${late.saved} while you were writing. Nothing is lost: both texts are below.`;
    slot(this.element, "theirs-title").textContent = `Saved by ${who}, ${late.saved}`;
    slot(this.element, "theirs").textContent = late.theirs;
    this.refresh();
    this.element.hidden = false;
    this.element.focus();
  }

  /** Show what is typed now. */
  refresh() {
    slot(this.element, "mine").textContent = this.mine();
  }

  close() {
    this.late = null;
    this.element.hidden = true;
  }
}
