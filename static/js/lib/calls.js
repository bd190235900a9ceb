/** When this page learned of the last call, to tell an answer from what was written before it. */
export class Calls {
  /**
   * @param {{seq: number} | null} signal the last one, when the page was drawn
   * @param {() => number} [now]
   */
  constructor(signal, now = Date.now) {
    this.now = now;
    this.learnedAt = signal ? now() : 0;
    this.seq = signal?.seq ?? 0;
  }

  /** @param {import("./log.js").RoomEvent} event */
  apply(event) {
    if (event.kind === "signal.sent" && event.seq > this.seq) {
      this.learnedAt = this.now();
      this.seq = event.seq;
    }
  }

  /**
   * Whether an own message was written before its author could know of the last signal: it lay in
   * the outbox while the call came, and is no answer to it.
   *
   * @param {{at: number} | undefined} entry
   */
  isOlder(entry) {
    return entry !== undefined && entry.at < this.learnedAt;
  }
}
