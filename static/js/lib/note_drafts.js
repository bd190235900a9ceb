/**
 * What was typed into a note and not saved yet, kept on this device under the writer's name.
 *
 * Every open page keeps a copy of its own, so that two pages never overwrite each other.
 */

/** @typedef {import("./sealed_box.js").SealedBox} SealedBox */
/** @typedef {{text: string, version: number, at: number}} Draft */
/** @typedef {Draft & {id: string}} KeptDraft */
/** @typedef {{reader: string, visit: string, layer: string, page: string}} Place */

const ROOT = "hearthside.note";

export class NoteDrafts {
  /**
   * @param {Storage} storage
   * @param {SealedBox | null} box nothing can be kept without one
   * @param {Place} place
   */
  constructor(storage, box, { reader, visit, layer, page }) {
    this.storage = storage;
    this.box = box;
    this.prefix = `${ROOT}.${reader}.${layer}.${visit}.`;
    this.own = this.prefix + page;
    this.turn = 0;
  }

  /**
   * Keep this page's text in place of what it kept before.
   *
   * @param {Draft} draft
   * @returns {Promise<boolean>} whether this device holds it now
   */
  async keep(draft) {
    this.turn += 1;
    const turn = this.turn;
    if (!this.box) {
      return false;
    }
    const sealed = await this.box.seal(JSON.stringify(draft));
    if (turn !== this.turn) {
      return true; // a later text is on its way, or this one is saved already
    }
    try {
      this.storage.setItem(this.own, sealed);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Leave a text behind that the person gave up, so that they can have it back.
   *
   * @param {Draft} draft
   */
  async leave(draft) {
    const sealed = await this.box?.seal(JSON.stringify(draft));
    if (sealed) {
      this.storage.setItem(`${this.prefix}left-${draft.at}`, sealed);
    }
  }

  /** Forget what this page kept: it is saved. */
  drop() {
    this.turn += 1;
    this.storage.removeItem(this.own);
  }

  /**
   * What other pages of this writer left behind, latest first.
   *
   * @returns {Promise<KeptDraft[]>}
   */
  async left() {
    const ids = keysOf(this.storage).filter((id) => id.startsWith(this.prefix) && id !== this.own);
    const drafts = await Promise.all(ids.map((id) => this.#open(id)));
    return drafts.filter((draft) => draft !== null).sort((one, other) => other.at - one.at);
  }

  /** @param {string} id of a draft that was left */
  discard(id) {
    this.storage.removeItem(id);
  }

  /**
   * @param {string} id
   * @returns {Promise<KeptDraft | null>}
   */
  async #open(id) {
    try {
      const draft = JSON.parse(
        await /** @type {SealedBox} */ (this.box).open(this.storage.getItem(id) ?? ""),
      );
      return { ...draft, id };
    } catch {
      return null; // sealed by a key that this clinic no longer has
    }
  }
}

/**
 * Remove the private texts that others left on this device.
 *
 * @param {Storage} storage
 * @param {string} reader who is signed in now
 */
export function clearPrivateOfOthers(storage, reader) {
  for (const id of keysOf(storage)) {
    if (isPrivateOfAnother(id, reader)) {
      storage.removeItem(id);
    }
  }
}

/**
 * @param {string} id
 * @param {string} reader
 */
function isPrivateOfAnother(id, reader) {
  if (!id.startsWith(`${ROOT}.`)) {
    return false;
  }
  const [writer, layer] = id.slice(ROOT.length + 1).split(".");
  return layer === "private" && writer !== reader;
}

/** @param {Storage} storage */
function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
}
