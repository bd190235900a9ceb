import { slot } from "./slots.js";

/** @typedef {import("../lib/note_saver.js").Answer} Answer */
/** @typedef {import("../lib/note_saver.js").State} State */

/** Says in words whether the note is saved; trouble, and its end, are spoken too. */
export class SavedLine {
  /** @param {HTMLElement} form */
  constructor(form) {
    this.line = slot(form, "saved");
    this.text = slot(form, "saved-text");
    this.version = slot(form, "version");
    this.spoken = slot(form, "spoken");
    this.wasTrouble = false;
  }

  /**
   * @param {State} state
   * @param {string} words
   */
  show(state, words) {
    this.line.dataset.state = state;
    this.text.textContent = words;
    const isTrouble = state === "local" || state === "failed";
    if (isTrouble || (this.wasTrouble && state === "saved")) {
      this.say(words);
    }
    this.wasTrouble = isTrouble || (this.wasTrouble && state === "saving");
  }

  /** @param {Answer} standing a version, when it was saved and by whom */
  stand({ version, saved, who }) {
    this.show("saved", saved ? `Saved ${saved}` : "Nothing written yet");
    this.version.textContent = version ? `Version ${version}, by ${who}` : "";
  }

  /** @param {string} words */
  say(words) {
    if (this.spoken.textContent !== words) {
      this.spoken.textContent = words;
    }
  }
}
