/**
 * @typedef {object} Entry something a person said that is not known to be in the log yet
 * @property {string} key chosen once; the server stores one event for it however often it is sent
 * @property {string} kind
 * @property {Record<string, any>} body
 * @property {number} at when it was written, this device's time; also its place in the order
 * @property {"queued" | "sending" | "stored" | "failed"} state
 * @property {number} tries
 * @property {number} notBefore
 * @property {number | null} seq
 * @property {string} message why it was refused
 * @property {boolean} [isUnsaved] the server has answered, and could not save it yet
 */

/**
 * @typedef {object} Store keeps what is not stored by the server yet
 * @property {() => Promise<Entry[]>} all
 * @property {(entry: Entry) => Promise<void>} put
 * @property {(key: string) => Promise<void>} remove
 */

import { backoff } from "./backoff.js";

/** Answers that another try cannot change. */
const FINAL = new Set(["bad_request", "not_found", "not_now", "too_large"]);
/** The server is there and cannot save: when it can again, nothing should wait for long. */
const BUSY_CAP = 4000;
/** After so many faults of the server the person is told; it was tried long enough. */
const MOST_FAULTS = 6;

/**
 * What was said on this device and is not in the log yet, in the order it was said.
 *
 * An entry goes queued -> sending -> stored, or back to queued when no lasting answer came, or to
 * failed when the server refused it. A signal does not wait behind messages.
 */
export class Outbox {
  /** @param {{store: Store, newKey: () => string, now?: () => number, random?: () => number}} parts */
  constructor({ store, newKey, now = Date.now, random = Math.random }) {
    this.store = store;
    this.newKey = newKey;
    this.now = now;
    this.random = random;
    /** @type {Map<string, Entry>} */
    this.byKey = new Map();
  }

  /** Take in what the store holds; what was being sent when the page went is queued again. */
  async load() {
    for (const entry of await this.store.all()) {
      this.adopt(entry);
    }
  }

  /**
   * Take in an entry that another tab wrote, or that an earlier page left.
   *
   * @param {Entry} entry
   */
  adopt(entry) {
    if (this.byKey.has(entry.key)) {
      return;
    }
    const state = entry.state === "failed" ? "failed" : "queued";
    this.byKey.set(entry.key, { ...entry, state, tries: 0, notBefore: 0 });
  }

  /**
   * Keep something that a person said. It is in memory at once and on the device when the promise
   * settles; the promise rejects when the device cannot keep it.
   *
   * @param {string} kind
   * @param {Record<string, any>} body
   * @returns {{entry: Entry, kept: Promise<void>}}
   */
  add(kind, body) {
    const latest = Math.max(0, ...[...this.byKey.values()].map((each) => each.at));
    /** @type {Entry} */
    const entry = {
      key: this.newKey(),
      kind,
      body,
      at: Math.max(this.now(), latest + 1),
      state: "queued",
      tries: 0,
      notBefore: 0,
      seq: null,
      message: "",
    };
    this.byKey.set(entry.key, entry);
    return { entry, kept: this.store.put(entry) };
  }

  /** All entries in the order they were said. */
  get entries() {
    return [...this.byKey.values()].sort((one, other) => one.at - other.at);
  }

  /** @returns {Entry | null} what to send now, null when nothing may go */
  next() {
    for (const first of this.#firsts()) {
      if (first.state === "queued" && first.notBefore <= this.now()) {
        return first;
      }
    }
    return null;
  }

  /** @returns {number | null} milliseconds until something may go again, null when nothing waits */
  get wait() {
    const times = this.#firsts()
      .filter((entry) => entry.state === "queued")
      .map((entry) => Math.max(0, entry.notBefore - this.now()));
    return times.length ? Math.min(...times) : null;
  }

  /** @param {string} key */
  sending(key) {
    this.#change(key, { state: "sending" });
  }

  /**
   * Take the server's answer, or the lack of one, to an entry that was sent.
   *
   * @param {string} key
   * @param {{ok: boolean, seq?: number, code?: string, message?: string, retry_after?: number}} answer
   */
  async answered(key, answer) {
    const entry = this.byKey.get(key);
    if (!entry || entry.state === "stored") {
      return;
    }
    if (answer.ok) {
      await this.stored(key, answer.seq ?? null);
    } else if (this.#isFinal(entry, answer)) {
      await this.refused(key, answer.message ?? "");
    } else {
      const tries = entry.tries + 1;
      const isUnsaved = answer.code === "busy";
      const cap = isUnsaved ? BUSY_CAP : undefined;
      const pause = backoff(tries, { cap, random: this.random });
      const wait = Math.max(pause, (answer.retry_after ?? 0) * 1000);
      this.#change(key, { state: "queued", tries, notBefore: this.now() + wait, isUnsaved });
    }
  }

  /**
   * The server has it. It stays in sight until the log shows it.
   *
   * @param {string} key
   * @param {number | null} seq
   */
  async stored(key, seq) {
    this.#change(key, { state: "stored", seq });
    await this.store.remove(key);
  }

  /**
   * The server will not take it. It stays, on the device too, until the person decides.
   *
   * @param {string} key
   * @param {string} message the server's words
   */
  async refused(key, message) {
    const entry = this.#change(key, { state: "failed", message });
    if (entry) {
      await this.store.put(entry);
    }
  }

  /** The line is back: what only waited for it may go at once. */
  hurry() {
    for (const entry of this.byKey.values()) {
      entry.notBefore = 0;
    }
  }

  /**
   * The log shows it, or the person threw it away.
   *
   * @param {string} key
   */
  async forget(key) {
    if (this.byKey.delete(key)) {
      await this.store.remove(key);
    }
  }

  /**
   * Say a refused thing again, under a new key: the old one was never stored.
   *
   * @param {string} key
   * @returns {Promise<Entry | null>}
   */
  async again(key) {
    const old = this.byKey.get(key);
    if (old?.state !== "failed") {
      return null;
    }
    const { entry, kept } = this.add(old.kind, old.body);
    await kept;
    await this.forget(key);
    return entry;
  }

  /** The first entry of each lane that is not settled. */
  #firsts() {
    const open = this.entries.filter((each) => each.state === "queued" || each.state === "sending");
    const signal = open.find((each) => each.kind === "signal.sent");
    const other = open.find((each) => each.kind !== "signal.sent");
    return [signal, other].filter((each) => each !== undefined);
  }

  /**
   * @param {Entry} entry
   * @param {{code?: string}} answer
   */
  #isFinal(entry, { code }) {
    return FINAL.has(code ?? "") || (code === "internal" && entry.tries + 1 >= MOST_FAULTS);
  }

  /**
   * @param {string} key
   * @param {Partial<Entry>} change
   */
  #change(key, change) {
    const entry = this.byKey.get(key);
    return entry && Object.assign(entry, change);
  }
}
