/** How far the others got, and what that makes of an own message. */
export class Receipts {
  /** @param {string} own the participant whose messages are judged */
  constructor(own) {
    this.own = own;
    /** @type {Map<string, {delivered: number, read: number}>} */
    this.others = new Map();
  }

  /**
   * Take one participant's marks; they only move forward. Tells whether anything moved.
   *
   * @param {{participant: string, delivered?: number, read?: number}} receipt
   * @returns {boolean}
   */
  receive({ participant, delivered = 0, read = 0 }) {
    if (participant === this.own) {
      return false;
    }
    const before = this.others.get(participant) ?? { delivered: 0, read: 0 };
    const after = {
      delivered: Math.max(before.delivered, delivered, read),
      read: Math.max(before.read, read),
    };
    this.others.set(participant, after);
    return after.delivered > before.delivered || after.read > before.read;
  }

  /**
   * The state of an own message that is stored: it is read when one other person read it, delivered
   * when one other person's device has it.
   *
   * @param {number} seq
   * @returns {"sent" | "delivered" | "read"}
   */
  stateOf(seq) {
    const marks = [...this.others.values()];
    if (marks.some((mark) => mark.read >= seq)) {
      return "read";
    }
    return marks.some((mark) => mark.delivered >= seq) ? "delivered" : "sent";
  }
}
