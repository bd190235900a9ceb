/** What a room shows, folded from its events in their order. */

/** @typedef {import("./log.js").RoomEvent} RoomEvent */
/** @typedef {{signal: string, participant: string, seq: number, at: string}} Signal */

const STAFF = new Set(["therapist", "prescriber"]);
const URGENT = new Set(["help", "check_on_me"]);

export class RoomView {
  /** @param {Record<string, string[]>} moves phase -> the phases that may follow */
  constructor(moves = {}) {
    this.moves = moves;
    this.phase = "arrival";
    /** @type {string | null} */
    this.since = null;
    /** @type {string | null} */
    this.begun = null;
    this.ended = false;
    /** @type {Map<string, Signal>} the last of each signal */
    this.signals = new Map();
    /** @type {Set<number>} */
    this.withdrawn = new Set();
    /** The last message of somebody who gives care. */
    this.answered = 0;
  }

  /**
   * Begin from where the visit stood when the server drew the page.
   *
   * @param {{phase: string, since: string | null, begun: string | null, signal: Signal | null, ended: boolean}} state
   * @param {number} answered
   */
  begin({ phase, since, begun, signal, ended }, answered) {
    Object.assign(this, { phase, since, begun, ended, answered });
    if (signal) {
      this.signals.set(signal.signal, signal);
    }
  }

  /**
   * @param {RoomEvent} event
   * @param {{isBlind?: boolean}} [how] isBlind: its author had not seen what stands before it, so
   *   it answers nothing
   */
  apply(event, { isBlind = false } = {}) {
    const { answered } = this;
    FOLDS[event.kind]?.(this, event);
    if (isBlind) {
      this.answered = answered;
    }
  }

  /** The phases that may follow now. */
  get next() {
    return this.ended ? [] : (this.moves[this.phase] ?? []);
  }

  /**
   * The call that nobody who gives care has answered yet: help before any other.
   *
   * @returns {Signal | null}
   */
  get alarm() {
    const open = [...this.signals.values()].filter(
      (each) => URGENT.has(each.signal) && each.seq > this.answered,
    );
    return open.find((each) => each.signal === "help") ?? open[0] ?? null;
  }
}

/** @type {Record<string, (view: RoomView, event: RoomEvent) => void>} */
const FOLDS = {
  "phase.entered": (view, event) => {
    view.phase = event.body.phase;
    view.since = event.at;
    view.begun ??= event.at;
  },
  "signal.sent": (view, event) => {
    const { signal } = event.body;
    view.signals.set(signal, {
      signal,
      participant: event.by.participant,
      seq: event.seq,
      at: event.at,
    });
  },
  "message.posted": (view, event) => {
    if (STAFF.has(event.by.role)) {
      view.answered = event.seq;
    }
  },
  "message.withdrawn": (view, event) => {
    view.withdrawn.add(event.body.seq);
  },
  "visit.ended": (view) => {
    view.ended = true;
  },
};
