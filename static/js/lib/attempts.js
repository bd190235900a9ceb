/** Tries for a line, one at a time, each a little later than the one before. */

import { backoff } from "./backoff.js";

/** A try that is older than this began before the network changed; a new one is better. */
const OLD = 2000;

export class Attempts {
  /**
   * @param {object} parts
   * @param {() => void} parts.connect
   * @param {() => void} parts.silent told when a try got no answer of any kind
   * @param {() => void} parts.again told when it is time for the next one
   * @param {number} parts.within how long a try may stay without an answer, in milliseconds
   */
  constructor({ connect, silent, again, within }) {
    Object.assign(this, { connect, silent, again, within });
    this.isUnderWay = false;
    this.failures = 0;
    this.since = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Whether the try under way began long ago, by the clock on the wall: a device may have slept. */
  get isOld() {
    return this.isUnderWay && Date.now() - this.since > OLD;
  }

  begin() {
    this.isUnderWay = true;
    this.since = Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(this.silent, this.within);
    this.connect();
  }

  /** Somebody answered: what follows has a patience of its own. */
  heard() {
    clearTimeout(this.timer);
  }

  succeeded() {
    this.stop();
    this.failures = 0;
  }

  failed() {
    this.stop();
    this.failures += 1;
  }

  /** @param {number} cap the longest wait until the next try, in milliseconds */
  later(cap) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.again, backoff(this.failures, { cap }));
  }

  stop() {
    clearTimeout(this.timer);
    this.isUnderWay = false;
  }
}
