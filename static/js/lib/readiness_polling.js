const QUICK = 3000;
const SLOW = 20_000;

/**
 * How often to look by oneself: often while nobody tells us of changes, seldom once somebody does,
 * and often again as soon as a change was found that nobody had told of.
 */
export class Polling {
  constructor() {
    this.isTold = false;
    this.wasTold = false;
  }

  /** Somebody told of a change. */
  told() {
    this.isTold = true;
    this.wasTold = true;
  }

  /** @param {boolean} hasChanged what looking has found */
  looked(hasChanged) {
    if (hasChanged && !this.isTold) {
      this.wasTold = false;
    }
    this.isTold = false;
  }

  /** @returns {number} milliseconds until the next look */
  get wait() {
    return this.wasTold ? SLOW : QUICK;
  }
}
