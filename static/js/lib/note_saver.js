/**
 * When a note is saved and what becomes of it: soon after typing stops, at least every few seconds
 * while it goes on, again after a failure, and never over a text that this page has not seen.
 */

import { backoff } from "./backoff.js";
import { canonical } from "./note_text.js";

/** @typedef {{ok: boolean, code?: string, [field: string]: any}} Answer */
/** @typedef {"saved" | "saving" | "local" | "failed" | "conflict" | "signed"} State */

/**
 * @typedef {object} Setting
 * @property {number} version the version that the page shows
 * @property {string} text its text
 * @property {(save: {text: string, base_version: number}) => Promise<Answer>} send never rejects
 * @property {(state: State, answer?: Answer) => void} tell
 * @property {(work: () => void, ms: number) => any} [later]
 * @property {(timer: any) => void} [cancel]
 */

const QUIET = 1500;
const LONGEST = 5000;
const RETRIES = { base: 2000, cap: 15_000 };
/** After these nothing is known of what the server did; all other refusals stored nothing. */
const UNKNOWN = new Set(["offline", "internal"]);
/** Trying again helps with these. */
const PASSING = new Set(["offline", "internal", "busy", "too_often"]);

export class NoteSaver {
  /** @param {Setting} setting */
  constructor({ version, text, send, tell, later, cancel }) {
    this.base = { version, text: canonical(text) };
    this.text = text;
    this.send = send;
    this.tell = tell;
    this.later = later ?? ((work, ms) => setTimeout(work, ms));
    this.cancel = cancel ?? ((timer) => clearTimeout(timer));
    /** @type {Set<string>} texts that were sent and never answered */
    this.unanswered = new Set();
    /** @type {Answer | null} */
    this.conflict = null;
    this.signed = false;
    this.failures = 0;
    /** @type {Promise<void> | null} */
    this.saving = null;
  }

  /** Whether something is typed that the server does not hold. */
  get unsaved() {
    return canonical(this.text) !== this.base.text;
  }

  /** @param {string} text the whole text, as it is now */
  typed(text) {
    this.text = text;
    if (!this.unsaved || this.conflict || this.signed) {
      this.#rest();
      return;
    }
    this.cancel(this.quiet);
    this.quiet = this.later(() => this.flush(), QUIET);
    this.longest ??= this.later(() => this.flush(), LONGEST);
  }

  /**
   * Save now what is not saved.
   *
   * @returns {Promise<boolean>} whether all that was typed is saved
   */
  async flush() {
    this.#rest();
    while (this.saving) {
      await this.saving;
    }
    if (this.unsaved && !this.conflict && !this.signed) {
      this.saving = this.#save().finally(() => {
        this.saving = null;
      });
      await this.saving;
    }
    return !this.unsaved;
  }

  /**
   * Take over what somebody else saved, if nothing of this page is in its way.
   *
   * @param {{version: number, text?: string}} standing
   * @returns {boolean} whether `standing.text` is the page's text now
   */
  take({ version, text }) {
    const isNews = version > this.base.version && text !== undefined;
    if (!isNews || this.unsaved || this.saving || this.conflict || this.signed) {
      return false;
    }
    this.base = { version, text: canonical(text) };
    this.text = text;
    return true;
  }

  /**
   * End a conflict with the text that the person made of both, and save it.
   *
   * @param {string} text
   * @returns {Promise<boolean>}
   */
  resolve(text) {
    if (this.conflict) {
      this.base = { version: this.conflict.version, text: canonical(this.conflict.theirs) };
      this.conflict = null;
    }
    this.text = text;
    if (!this.unsaved) {
      this.tell("saved");
    }
    return this.flush();
  }

  #rest() {
    this.cancel(this.quiet);
    this.cancel(this.longest);
    this.cancel(this.retry);
    this.longest = undefined;
  }

  async #save() {
    const text = canonical(this.text);
    this.tell("saving");
    const answer = await this.send({ text, base_version: this.base.version });
    if (answer.ok) {
      this.#saved(text, answer);
    } else if (answer.code === "not_now") {
      await this.#late(answer);
    } else {
      this.#failed(text, answer);
    }
  }

  /**
   * @param {string} text
   * @param {Answer} answer
   */
  #saved(text, answer) {
    this.base = { version: answer.version, text };
    this.unanswered.clear();
    this.failures = 0;
    this.tell("saved", answer);
    if (this.unsaved) {
      this.typed(this.text);
    }
  }

  /** @param {Answer} answer */
  async #late(answer) {
    const theirs = canonical(answer.theirs);
    if (answer.signed) {
      this.signed = true;
      this.tell("signed", answer);
    } else if (this.unanswered.has(theirs)) {
      // It was this page that saved it, and the answer was lost.
      this.base = { version: answer.version, text: theirs };
      this.unanswered.clear();
      await this.#save();
    } else {
      this.conflict = answer;
      this.tell("conflict", answer);
    }
  }

  /**
   * @param {string} text
   * @param {Answer} answer
   */
  #failed(text, answer) {
    if (UNKNOWN.has(answer.code ?? "")) {
      this.unanswered.add(text);
    }
    if (!PASSING.has(answer.code ?? "")) {
      this.tell("failed", answer);
      return;
    }
    this.failures += 1;
    this.tell("local", answer);
    this.retry = this.later(() => this.flush(), backoff(this.failures, RETRIES));
  }
}
