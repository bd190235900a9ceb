import { backoff } from "./backoff.js";

/** Says that the server understood an answer and does not take it. */
export class Refused extends Error {
  /** @param {{message?: string, field?: string, code?: string}} answer */
  constructor(answer) {
    super(answer.message ?? "This could not be saved.");
    this.field = answer.field ?? "";
    this.code = answer.code ?? "";
  }
}

/** @typedef {{value: Record<string, unknown>, key: string}} Turn */

/**
 * Saves the answers of one question, the latest wins. What fails is sent again, with the same key,
 * until it is saved or refused, so that an answer is neither lost nor kept twice.
 */
export class Saver {
  /**
   * @param {object} parts
   * @param {(turn: Turn) => Promise<object>} parts.send rejects with Refused, or with anything else to try again
   * @param {(state: "saving" | "waiting" | "saved" | "refused", about?: any) => void} parts.show
   * @param {(ms: number) => Promise<void>} [parts.sleep]
   * @param {() => string} [parts.newKey]
   */
  constructor({ send, show, sleep = pause, newKey = () => crypto.randomUUID() }) {
    this.send = send;
    this.show = show;
    this.sleep = sleep;
    this.newKey = newKey;
    /** @type {Turn | null} */
    this.wanted = null;
    this.isBusy = false;
  }

  /** Whether something is still on its way. */
  get isUnsaved() {
    return this.wanted !== null;
  }

  /** @param {Record<string, unknown>} value */
  async save(value) {
    this.wanted = { value, key: this.newKey() };
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    let failures = 0;
    while (this.wanted) {
      failures = (await this.attempt(this.wanted)) ? 0 : failures + 1;
      if (failures) {
        await this.sleep(backoff(failures, { base: 1000, cap: 5000 }));
      }
    }
    this.isBusy = false;
  }

  /**
   * @param {Turn} turn
   * @returns {Promise<boolean>} whether the turn is over
   */
  async attempt(turn) {
    this.show("saving");
    try {
      const answer = await this.send(turn);
      this.end(turn, "saved", answer);
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        this.end(turn, "refused", error);
        return true;
      }
      this.show("waiting");
      return false;
    }
  }

  /**
   * @param {Turn} turn
   * @param {"saved" | "refused"} state
   * @param {unknown} about
   */
  end(turn, state, about) {
    if (this.wanted === turn) {
      this.wanted = null;
      this.show(state, about);
    }
  }
}

/** @param {number} ms */
function pause(ms) {
  return /** @type {Promise<void>} */ (new Promise((resolve) => setTimeout(resolve, ms)));
}
