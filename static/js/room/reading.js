/** Notes what reached this page and what was in sight, and tells the server now and then. */

const COALESCE = 300;

export class Reading {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.region what scrolls
   * @param {HTMLElement} parts.list
   * @param {import("../lib/log.js").ChannelLog} parts.log
   * @param {(marks: {delivered: number, read: number}) => Promise<boolean>} parts.tell whether
   *   the server heard it
   */
  constructor({ region, list, log, tell }) {
    Object.assign(this, { list, log, tell });
    this.read = 0;
    this.told = { delivered: 0, read: 0 };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Set<Element>} in sight while nobody looked */
    this.inSight = new Set();
    this.observer = new IntersectionObserver((seen) => this.#saw(seen), {
      root: region,
      threshold: [0, 0.3, 0.6],
    });
    document.addEventListener("visibilitychange", () => this.#look());
    new MutationObserver((changes) => this.#follow(changes)).observe(list, { childList: true });
  }

  /** The last number that was in sight, of those that were applied. */
  get known() {
    return Math.min(this.read, this.log.last);
  }

  /** Something was applied: it is delivered. */
  applied() {
    this.#soon();
  }

  /** The line is new: what was told before may not have arrived. */
  again() {
    this.told = { delivered: 0, read: 0 };
    this.#soon();
  }

  /** @param {MutationRecord[]} changes */
  #follow(changes) {
    for (const { addedNodes, removedNodes } of changes) {
      for (const node of addedNodes) {
        this.observer.observe(/** @type {Element} */ (node));
      }
      for (const node of removedNodes) {
        this.#unfollow(/** @type {Element} */ (node));
      }
    }
  }

  /** @param {Element} item */
  #unfollow(item) {
    if (!item.isConnected) {
      this.observer.unobserve(item);
      this.inSight.delete(item);
    }
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #saw(seen) {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of seen) {
      // A text longer than the screen is never in sight as a whole.
      const fills = intersectionRect.height > (rootBounds?.height ?? 0) / 2;
      if (intersectionRatio >= 0.6 || fills) {
        this.inSight.add(target);
      } else {
        this.inSight.delete(target);
      }
    }
    this.#look();
  }

  #look() {
    if (document.visibilityState !== "visible") {
      return;
    }
    for (const item of this.inSight) {
      const seq = Number(/** @type {HTMLElement} */ (item).dataset.seq);
      this.read = Math.max(this.read, seq || 0);
    }
    this.#soon();
  }

  #soon() {
    this.timer ??= setTimeout(() => this.#tellNow(), COALESCE);
  }

  async #tellNow() {
    this.timer = undefined;
    const delivered = this.log.last;
    const read = this.known;
    if (delivered > this.told.delivered || read > this.told.read) {
      const told = { delivered, read };
      this.told = told;
      const isHeard = await this.tell(told);
      if (!isHeard && this.told === told) {
        this.told = { delivered: 0, read: 0 };
      }
    }
  }
}
