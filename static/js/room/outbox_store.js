/** Keeps an outbox on the device, sealed, for one participant of one visit. */

/** @typedef {import("../lib/outbox.js").Entry} Entry */
/** @typedef {import("../lib/sealed_box.js").SealedBox} SealedBox */
/** @typedef {import("./device_db.js").DeviceDb} DeviceDb */

export class OutboxStore {
  /**
   * @param {string} owner visit and participant: what others said on this device is not ours
   * @param {SealedBox | null} box
   * @param {DeviceDb | null} db without it, or without a box, what is kept lasts as long as the page
   */
  constructor(owner, box, db) {
    this.owner = owner;
    this.box = box;
    this.db = box && db;
    /** @type {Map<string, Entry>} what only this page keeps */
    this.memory = new Map();
    /** Sealing takes its time; what is asked later must still happen later. */
    this.turn = Promise.resolve();
  }

  /** Whether what is written survives the page. */
  get isLasting() {
    return this.db !== null;
  }

  /** @returns {Promise<Entry[]>} in the order they were said */
  async all() {
    if (!this.db) {
      return [...this.memory.values()];
    }
    const rows = await this.db.rowsOf("outbox", this.owner);
    const entries = await Promise.all(rows.map((row) => this.#open(row)));
    return entries.filter((entry) => entry !== null).sort((one, other) => one.at - other.at);
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<void>} settles when it is durable
   */
  put(entry) {
    const text = JSON.stringify(entry);
    return this.#inTurn(entry.key, entry, async () => {
      const sealed = await this.box.seal(text);
      await this.db.put("outbox", { key: entry.key, owner: this.owner, sealed });
    });
  }

  /** @param {string} key */
  remove(key) {
    return this.#inTurn(key, null, () => this.db.remove("outbox", key));
  }

  /**
   * @param {string} key
   * @param {Entry | null} entry
   * @param {() => Promise<void>} work
   */
  #inTurn(key, entry, work) {
    if (!this.db) {
      entry ? this.memory.set(key, entry) : this.memory.delete(key);
      return Promise.resolve();
    }
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  /** @param {{sealed: string}} row */
  async #open({ sealed }) {
    try {
      return /** @type {Entry} */ (JSON.parse(await this.box.open(sealed)));
    } catch {
      return null; // sealed by a key that this clinic no longer has
    }
  }
}
