import { watchVisit } from "./lib/live.js";
import { clearPrivateOfOthers, NoteDrafts } from "./lib/note_drafts.js";
import { NoteSaver } from "./lib/note_saver.js";
import { movedCaret, withQuotation } from "./lib/note_text.js";
import { sealedBox } from "./lib/sealed_box.js";
import { ConflictView } from "./notes/conflict_view.js";
import { KeptBanner } from "./notes/kept_banner.js";
import { NoteDoor } from "./notes/note_door.js";
import { SavedLine } from "./notes/saved_line.js";
import { slot } from "./notes/slots.js";
import { troubleWords } from "./notes/words.js";

/** @typedef {import("./lib/note_saver.js").Answer} Answer */
/** @typedef {import("./lib/note_saver.js").State} State */

const POLL = 5000;

/** Saves a note while it is written, keeps a copy on the device first, and brings in others' text. */
export class NoteEditor {
  /** @param {HTMLElement} form */
  constructor(form) {
    this.form = /** @type {HTMLFormElement} */ (form);
    this.settings = form.dataset;
    this.area = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    this.base = /** @type {HTMLInputElement} */ (form.querySelector("[name=base_version]"));
    this.line = new SavedLine(form);
    this.door = new NoteDoor({
      save: this.form.action,
      latest: this.settings.latest ?? "",
      csrf: this.form.querySelector("[name=csrf_token]")?.getAttribute("value") ?? "",
    });
    this.saver = new NoteSaver({
      version: Number(this.base.value),
      text: this.settings.stored ?? "",
      send: (save) => this.door.save(save),
      tell: (state, answer) => this.told(state, answer),
    });
    this.conflict = new ConflictView(form, {
      mine: () => this.area.value,
      choose: (text) => this.choose(text),
    });
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
    this.listen();
    this.fit();
    this.ready = this.open();
  }

  /** Find what this device kept, then take up what is in the field already. */
  async open() {
    const { reader = "", visit = "", layer = "", draftKey = "", zone = "UTC" } = this.settings;
    clearPrivateOfOthers(localStorage, reader);
    const place = { reader, visit, layer, page: crypto.randomUUID?.() ?? String(Math.random()) };
    this.drafts = new NoteDrafts(localStorage, await sealedBox(draftKey), place);
    this.kept = new KeptBanner(this.form, this.drafts, {
      zone,
      restore: (draft) => this.restore(draft),
    });
    await this.kept.offer(this.settings.stored ?? "");
    this.saver.text = this.area.value;
    if (this.saver.unsaved) {
      this.typed();
    }
  }

  listen() {
    this.area.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.pressed(event));
    addEventListener("online", () => this.saver.flush());
    document.addEventListener("visibilitychange", () => this.looked());
    addEventListener("beforeunload", (event) => this.leaving(event));
    setInterval(() => this.look(), POLL);
    watchVisit(this.settings.visit ?? "", ({ what }) => {
      if (what === "notes" || what === "*") {
        this.look();
      }
    });
  }

  typed() {
    this.saver.typed(this.area.value);
    this.fit();
    this.conflict.refresh();
    if (this.saver.unsaved) {
      this.keep();
    } else {
      this.drafts?.drop();
    }
  }

  /** Put what is typed on the device before it goes anywhere else. */
  async keep() {
    const draft = { text: this.area.value, version: this.saver.base.version, at: Date.now() };
    this.isKept = (await this.drafts?.keep(draft)) ?? false;
  }

  /**
   * @param {State} state
   * @param {Answer} [answer]
   */
  told(state, answer) {
    this.base.value = String(this.saver.base.version);
    slot(this.form, "error").hidden = true;
    if (state === "saving") {
      this.line.show("saving", "Saving…");
    } else if (state === "saved") {
      this.saved(answer);
    } else if (state === "conflict") {
      this.line.show("failed", "Not saved yet: there are two texts. Choose above.");
      this.conflict.open(/** @type {Answer} */ (answer));
    } else {
      this.trouble(state, /** @type {Answer} */ (answer));
    }
  }

  /** @param {Answer} [answer] */
  saved(answer) {
    if (!this.saver.unsaved) {
      this.drafts?.drop();
    }
    if (answer) {
      this.line.stand(answer);
    } else {
      this.look(true);
    }
  }

  /**
   * @param {State} state
   * @param {Answer} answer
   */
  trouble(state, answer) {
    this.line.show(state === "local" ? "local" : "failed", troubleWords(answer, this.isKept));
    if (answer.code === "bad_request" && answer.field === "text") {
      slot(this.form, "error").hidden = false;
      slot(this.form, "error-text").textContent = answer.message;
    }
    if (answer.code === "unauthenticated") {
      this.offerSignIn();
    }
  }

  offerSignIn() {
    const link = document.createElement("a");
    link.href = this.settings.signIn ?? "/";
    link.textContent = "Sign in again";
    this.line.text.append(" ", link);
  }

  /** @param {string} text what the person made of two texts */
  async choose(text) {
    const mine = this.area.value;
    if (!text.includes(mine.trim())) {
      await this.drafts?.leave({ text: mine, version: this.saver.base.version, at: Date.now() });
    }
    this.write(text, text.length);
    await this.saver.resolve(text);
    await this.kept?.offer(text);
    this.area.focus();
  }

  /** @param {import("./lib/note_drafts.js").KeptDraft} draft */
  async restore(draft) {
    this.saver.base.version = Math.min(this.saver.base.version, draft.version);
    this.write(draft.text, draft.text.length);
    this.typed();
    await this.keep();
    this.area.focus();
    this.saver.flush();
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element && event.target.closest("[data-quoted]");
    if (button instanceof HTMLElement) {
      event.preventDefault();
      this.quote(button);
    }
  }

  /** @param {HTMLElement} button */
  quote(button) {
    const { text, caret } = withQuotation(
      this.area.value,
      this.area.selectionEnd,
      button.dataset.quoted ?? "",
    );
    this.write(text, caret);
    this.typed();
    this.line.say("Quoted into the note.");
    const word = button.querySelector("span");
    if (word) {
      word.textContent = "Quoted";
      setTimeout(() => {
        word.textContent = "Quote";
      }, 2000);
    }
  }

  /**
   * @param {string} text
   * @param {number} caret
   */
  write(text, caret) {
    this.area.value = text;
    this.area.setSelectionRange(caret, caret);
    this.fit();
  }

  /** @param {SubmitEvent} event */
  async submitted(event) {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    this.conflict.close();
    const isSaved = await this.saver.resolve(this.area.value);
    if (isSaved && button?.name === "then") {
      location.assign(this.settings.confirm ?? "");
    }
  }

  looked() {
    if (document.visibilityState === "hidden") {
      this.saver.flush();
    } else {
      this.look();
    }
  }

  /**
   * Ask how the note stands, and take over what others saved.
   *
   * @param {boolean} [always] even while the page is hidden
   */
  async look(always = false) {
    if (!always && (document.visibilityState === "hidden" || this.saver.unsaved)) {
      return;
    }
    const answer = await this.door.latest(this.saver.base.version);
    if (!answer.ok) {
      return;
    }
    if (answer.reader !== this.settings.reader) {
      this.line.show("failed", "Somebody else signed in here. Please reload this page.");
    } else if (answer.signed && !this.saver.unsaved) {
      location.reload();
    } else {
      this.take(answer);
    }
  }

  /** @param {Answer} answer */
  take(answer) {
    const before = this.area.value;
    if (this.saver.take(/** @type {any} */ (answer))) {
      const isHere = document.activeElement === this.area;
      this.write(answer.text, movedCaret(before, answer.text, this.area.selectionEnd));
      this.base.value = String(answer.version);
      this.line.stand(answer);
      this.line.say(isHere ? `${answer.who} changed the note.` : "");
    } else if (answer.version === this.saver.base.version && !this.saver.unsaved) {
      this.line.stand(answer);
    }
  }

  /** @param {BeforeUnloadEvent} event */
  leaving(event) {
    if (this.saver.unsaved) {
      this.saver.flush();
      event.preventDefault();
    }
  }

  /** Grow with the text where the style sheet cannot do it. */
  fit() {
    if (!CSS.supports("field-sizing", "content")) {
      this.area.style.blockSize = "auto";
      this.area.style.blockSize = `${this.area.scrollHeight + 2}px`;
    }
  }
}
