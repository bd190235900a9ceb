/** Keeps an outbox on the device, for one participant of one visit. */

/** @typedef {import("../lib/outbox.js").Entry} Entry */

const DATABASE = "hearthside-room";
const TABLE = "outbox";

export class OutboxStore {
  /**
   * Open the store; where the browser has none, or refuses it, one that lasts as long as the page.
   *
   * @param {string} owner visit and participant: what others said on this device is not ours
   * @returns {Promise<OutboxStore>}
   */
  static async open(owner) {
    try {
      return new OutboxStore(owner, await database());
    } catch {
      return new OutboxStore(owner, null);
    }
  }

  /**
   * @param {string} owner
   * @param {IDBDatabase | null} db
   */
  constructor(owner, db) {
    this.owner = owner;
    this.db = db;
    /** @type {Map<string, Entry>} what only this page keeps */
    this.memory = new Map();
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
    const rows = await this.#ask("readonly", (table) => table.index("owner").getAll(this.owner));
    return rows.map((row) => row.entry).sort((one, other) => one.at - other.at);
  }

  /** @param {Entry} entry */
  async put(entry) {
    this.memory.set(entry.key, entry);
    if (this.db) {
      await this.#ask("readwrite", (table) =>
        table.put({ key: entry.key, owner: this.owner, entry: structuredClone(entry) }),
      );
    }
  }

  /** @param {string} key */
  async remove(key) {
    this.memory.delete(key);
    if (this.db) {
      await this.#ask("readwrite", (table) => table.delete(key));
    }
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(table: IDBObjectStore) => IDBRequest} question
   * @returns {Promise<any>} settles when the answer is durable
   */
  #ask(mode, question) {
    return new Promise((resolve, reject) => {
      const work = this.db.transaction(TABLE, mode, { durability: "strict" });
      const request = question(work.objectStore(TABLE));
      work.oncomplete = () => resolve(request.result);
      work.onerror = () => reject(work.error);
      work.onabort = () => reject(work.error);
    });
  }
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: "key" }).createIndex("owner", "owner");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
