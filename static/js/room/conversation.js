/** The conversation: what is in the log, in its order, and below it what is still on its way. */

import { momentWords } from "../lib/words.js";

/** @typedef {import("../lib/log.js").RoomEvent} RoomEvent */
/** @typedef {import("../lib/outbox.js").Entry} Entry */

const MESSAGE = "message.posted";
const SHOWN_STATES = { queued: "queued", sending: "queued", stored: "sent", failed: "failed" };

export class Conversation {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.list
   * @param {import("./items.js").Items} parts.items
   * @param {import("./scroll.js").Scroll} parts.scroll
   * @param {import("../lib/receipts.js").Receipts} parts.receipts
   * @param {string} parts.own the reader's participant
   * @param {(participant: string) => string} parts.who
   * @param {Record<string, string>} parts.phases
   * @param {(kind: string) => boolean} parts.shows whether the reader is shown such events
   */
  constructor(parts) {
    Object.assign(this, parts);
    /** @type {Map<string, HTMLElement>} */
    this.pending = new Map();
    /** @type {Map<number, HTMLElement>} */
    this.bySeq = new Map();
    /** @type {Set<number>} own messages that may still change their state */
    this.unread = new Set();
    /** @type {HTMLElement | null} the last line of the log that is drawn */
    this.last = null;
  }

  /**
   * Draw events whose turn has come.
   *
   * @param {RoomEvent[]} events
   */
  apply(events) {
    this.scroll.keeping(() => {
      for (const event of events) {
        this.#applyOne(event);
      }
    });
    if (events.some((event) => event.kind === MESSAGE && event.by.participant !== this.own)) {
      this.scroll.tellOfNew();
    }
  }

  /**
   * Draw events from before the first that is shown, above it.
   *
   * @param {RoomEvent[]} events
   * @param {Set<number>} withdrawn
   */
  precede(events, withdrawn) {
    const items = events.map((event) => this.#drawn(event)).filter((item) => item !== null);
    for (const item of items) {
      if (withdrawn.has(Number(item.dataset.seq))) {
        this.#withdraw(Number(item.dataset.seq));
      }
    }
    this.scroll.holding(this.list, () => this.list.prepend(...items));
    this.last ??= items.at(-1) ?? null;
  }

  /**
   * Draw something said that is not in the log yet, or its new state.
   *
   * @param {Entry} entry
   */
  expect(entry) {
    if (entry.kind === "message.withdrawn" && entry.state === "failed") {
      this.#keepAfterAll(entry);
    }
    if (entry.kind !== MESSAGE) {
      return;
    }
    const item = this.pending.get(entry.key) ?? this.#addPending(entry);
    const shown = SHOWN_STATES[entry.state];
    const isUnsaved = shown === "queued" && entry.isUnsaved;
    this.items.state(item, isUnsaved ? "unsaved" : shown, entry.message);
  }

  /** @param {string} key of something thrown away */
  drop(key) {
    this.pending.get(key)?.remove();
    this.pending.delete(key);
  }

  /** Show anew how far the own messages got. */
  showReceipts() {
    for (const seq of this.unread) {
      const item = this.bySeq.get(seq);
      const state = this.receipts.stateOf(seq);
      if (item && item.dataset.withdrawn !== "true") {
        this.items.state(item, state);
      }
      if (state === "read") {
        this.unread.delete(seq);
      }
    }
  }

  /** @param {Entry} entry to take a message back, which was refused */
  #keepAfterAll({ body, message }) {
    const item = this.bySeq.get(body.seq);
    if (item && item.dataset.withdrawn !== "true") {
      this.items.refuse(item, `Not withdrawn. ${message}`);
    }
  }

  /** @param {Entry} entry */
  #addPending(entry) {
    const item = this.items.message({
      name: "You",
      text: entry.body.text,
      at: entry.at,
      isOwn: true,
      key: entry.key,
    });
    this.pending.set(entry.key, item);
    this.list.append(item);
    this.scroll.toEnd();
    return item;
  }

  /** @param {RoomEvent} event */
  #applyOne(event) {
    if (event.kind === "message.withdrawn") {
      this.#withdraw(event.body.seq);
      return;
    }
    const item = this.#drawn(event);
    if (item) {
      this.#place(item, event.seq);
    }
  }

  /** @param {RoomEvent} event */
  #drawn(event) {
    const item = this.#itemOf(event);
    if (item) {
      item.dataset.seq = String(event.seq);
      this.bySeq.set(event.seq, item);
    }
    return item;
  }

  /** @param {number} seq */
  #withdraw(seq) {
    const item = this.bySeq.get(seq);
    if (item) {
      this.items.withdraw(item);
      this.unread.delete(seq);
    }
  }

  /**
   * @param {RoomEvent} event
   * @returns {HTMLElement | null}
   */
  #itemOf(event) {
    if (event.kind === MESSAGE) {
      return this.#messageOf(event);
    }
    const words = this.shows(event.kind) && momentWords(event, this.who, this.phases);
    return words ? this.items.moment({ ...words, at: event.at }) : null;
  }

  /** @param {RoomEvent} event */
  #messageOf({ seq, key, by, at, body }) {
    const isOwn = by.participant === this.own;
    const waiting = isOwn ? this.pending.get(key) : undefined;
    this.pending.delete(key);
    const said = { name: this.who(by.participant), text: body.text, at, isOwn, key };
    const item = waiting ?? this.items.message(said);
    this.items.stamp(item, at);
    if (isOwn) {
      this.unread.add(seq);
      this.items.state(item, this.receipts.stateOf(seq));
    }
    return item;
  }

  /**
   * Put a line after the last one of the log, in place of the one that the server drew.
   *
   * @param {HTMLElement} item
   * @param {number} seq
   */
  #place(item, seq) {
    const drawn = this.list.querySelector(`[data-seq="${seq}"]`);
    if (drawn && drawn !== item) {
      drawn.replaceWith(item);
    } else if (!this.last) {
      this.list.prepend(item);
    } else if (this.last.nextElementSibling !== item) {
      this.last.after(item);
    }
    this.last = item;
  }
}
