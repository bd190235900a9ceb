/**
 * What stands in the place to type and was not sent yet: kept on the device, sealed, so that a page
 * that was closed, killed or reloaded gives it back.
 *
 * Every open page keeps a text of its own. A text whose page is gone goes to the next page that is
 * opened; so a page that was duplicated does not show what its twin is still writing.
 */

const SOON = 200;
const ALIVE = "hearthside:page:";

export class Draft {
  /**
   * @param {object} parts
   * @param {string} parts.owner visit and participant
   * @param {import("../lib/sealed_box.js").SealedBox | null} parts.box
   * @param {import("./device_db.js").DeviceDb | null} parts.db
   */
  constructor({ owner, box, db }) {
    this.owner = owner;
    this.box = box;
    this.db = box && db;
    this.id = crypto.randomUUID();
    this.text = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.turn = Promise.resolve();
    // Held as long as the page is there: others ask for it to know that.
    navigator.locks?.request(ALIVE + this.id, () => new Promise(() => {}));
    addEventListener("pagehide", () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
  }

  /**
   * Take over what pages that are gone have left.
   *
   * @returns {Promise<string>} their texts, the earliest first, with a line between them
   */
  async inherit() {
    if (!this.db || !navigator.locks) {
      return "";
    }
    return await navigator.locks.request(`hearthside:drafts:${this.owner}`, async () => {
      const { held = [] } = await navigator.locks.query();
      const alive = new Set(held.map(({ name }) => name));
      const rows = await this.db.rowsOf("drafts", this.owner);
      const left = rows.filter((row) => !alive.has(ALIVE + row.id));
      const texts = await Promise.all(
        left.sort((a, b) => a.at - b.at).map((row) => this.#open(row)),
      );
      const text = texts.filter(Boolean).join("\n");
      await this.#write(text);
      await Promise.all(left.map((row) => this.db.remove("drafts", row.id)));
      return text;
    });
  }

  /**
   * Keep this text, in a moment.
   *
   * @param {string} text
   */
  keep(text) {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), SOON);
  }

  /**
   * The text went to the outbox: forget it once that has it.
   *
   * @param {Promise<unknown>} kept
   */
  sent(kept) {
    this.text = "";
    clearTimeout(this.timer);
    this.timer = undefined;
    kept.then(
      () => this.keep(this.text),
      () => {}, // the outbox could not keep it; here it still is
    );
  }

  /** Keep what is waiting to be kept. */
  now() {
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
      this.timer = undefined;
      const { text } = this;
      this.turn = this.turn.then(() => this.#write(text)).catch(() => {});
    }
    return this.turn;
  }

  /** @param {string} text */
  async #write(text) {
    if (!this.db) {
      return;
    }
    if (text) {
      const sealed = await this.box.seal(text);
      await this.db.put("drafts", { id: this.id, owner: this.owner, at: Date.now(), sealed });
    } else {
      await this.db.remove("drafts", this.id);
    }
  }

  /** @param {{sealed: string}} row */
  async #open({ sealed }) {
    try {
      return await this.box.open(sealed);
    } catch {
      return ""; // sealed by a key that this clinic no longer has
    }
  }
}
