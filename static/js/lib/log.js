/**
 * @typedef {object} RoomEvent one fact, as the server sends it
 * @property {number} seq
 * @property {string} key
 * @property {string} kind
 * @property {{participant: string, role: string}} by
 * @property {string} at
 * @property {Record<string, any>} body
 */

/** One channel's events, let through strictly by number: each once, none before its turn. */
export class ChannelLog {
  constructor() {
    /** The last number that was let through. */
    this.last = 0;
    /** The highest number that is known to exist. */
    this.head = 0;
    /** @type {Map<number, RoomEvent>} events that came before their turn */
    this.ahead = new Map();
  }

  /**
   * Take events in any order and return those whose turn has come, in order.
   *
   * @param {RoomEvent[]} events
   * @returns {RoomEvent[]}
   */
  receive(events) {
    for (const event of events) {
      this.saw(event.seq);
      if (event.seq > this.last) {
        this.ahead.set(event.seq, event);
      }
    }
    return [...this.#inTurn()];
  }

  /**
   * Note that the channel reaches at least to this number.
   *
   * @param {number | undefined} head
   */
  saw(head) {
    this.head = Math.max(this.head, head ?? 0);
  }

  /** Whether something exists that was not let through yet. */
  get hasGap() {
    return this.head > this.last;
  }

  *#inTurn() {
    for (let event = this.ahead.get(this.last + 1); event; event = this.ahead.get(this.last + 1)) {
      this.ahead.delete(event.seq);
      this.last = event.seq;
      yield event;
    }
  }
}
