/**
 * What the room keeps on a device: `outbox` and `drafts` hold sealed texts, `seats` the key to them
 * while somebody is signed in.
 */

const NAME = "hearthside-room";
const VERSION = 2;
/** A system may end the connection of a page that sleeps; it can be opened anew. */
const ENDED = new Set(["InvalidStateError", "UnknownError"]);

/** @typedef {"outbox" | "drafts" | "seats"} Table */

export class DeviceDb {
  /** @returns {Promise<DeviceDb | null>} null where the browser has no database, or refuses it */
  static async open() {
    try {
      return new DeviceDb(await connect());
    } catch {
      return null;
    }
  }

  /** @returns {Promise<boolean>} whether a room was ever opened here; true where one cannot tell */
  static async exists() {
    try {
      const all = await indexedDB.databases();
      return all.some(({ name }) => name === NAME);
    } catch {
      return "indexedDB" in globalThis;
    }
  }

  /** @param {IDBDatabase} connection */
  constructor(connection) {
    this.connection = connection;
  }

  /**
   * @param {Table} table
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} question
   * @returns {Promise<any>} settles when the answer is durable
   */
  async ask(table, mode, question) {
    try {
      return await this.#once(table, mode, question);
    } catch (error) {
      if (!ENDED.has(error?.name)) {
        throw error;
      }
      this.connection = await connect();
      return this.#once(table, mode, question);
    }
  }

  /**
   * @param {Table} table
   * @param {string} owner
   * @returns {Promise<any[]>}
   */
  rowsOf(table, owner) {
    return this.ask(table, "readonly", (store) => store.index("owner").getAll(owner));
  }

  /**
   * @param {Table} table
   * @param {object} row
   */
  put(table, row) {
    return this.ask(table, "readwrite", (store) => store.put(row));
  }

  /**
   * @param {Table} table
   * @param {string} key
   */
  remove(table, key) {
    return this.ask(table, "readwrite", (store) => store.delete(key));
  }

  /**
   * @param {Table} table
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} question
   */
  #once(table, mode, question) {
    return new Promise((resolve, reject) => {
      const work = this.connection.transaction(table, mode, { durability: "strict" });
      const request = question(work.objectStore(table));
      work.oncomplete = () => resolve(request.result);
      work.onerror = () => reject(work.error);
      work.onabort = () => reject(work.error);
    });
  }
}

/** @returns {Promise<IDBDatabase>} */
function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => {
      // A later page may need another form of the tables; this one must not hold it up.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** @param {IDBDatabase} db of any earlier version; what it held unsealed is dropped */
function make(db) {
  for (const name of db.objectStoreNames) {
    db.deleteObjectStore(name);
  }
  db.createObjectStore("outbox", { keyPath: "key" }).createIndex("owner", "owner");
  db.createObjectStore("drafts", { keyPath: "id" }).createIndex("owner", "owner");
  db.createObjectStore("seats", { keyPath: "visit" });
}
