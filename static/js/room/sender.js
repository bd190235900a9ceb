/** Sends what is in the outbox: in order, one at a time, from one tab at a time. */

export class Sender {
  /**
   * @param {object} parts
   * @param {import("../lib/outbox.js").Outbox} parts.outbox
   * @param {import("../lib/transport.js").Line} parts.line
   * @param {import("./tabs_of_one.js").TabsOfOne} parts.tabs
   * @param {(key: string) => void} parts.changed told when an entry's state changed
   */
  constructor({ outbox, line, tabs, changed }) {
    Object.assign(this, { outbox, line, tabs, changed });
    this.isBusy = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Send what may go now; come back by itself for the rest. */
  async flush() {
    clearTimeout(this.timer);
    if (this.isBusy || !this.#isOpen) {
      return;
    }
    this.isBusy = true;
    try {
      await this.tabs.inTurn(() => this.#sendAll());
    } catch (error) {
      // The device's own storage failed; the entries are in memory and are tried again.
      globalThis.reportError(error);
    }
    this.isBusy = false;
    this.#comeBack();
  }

  async #sendAll() {
    await this.#learn();
    for (let entry = this.outbox.next(); entry && this.#isOpen; entry = this.outbox.next()) {
      this.outbox.sending(entry.key);
      this.changed(entry.key);
      const answer = await this.line.append(entry);
      await this.outbox.answered(entry.key, answer);
      this.#tellOthers(entry.key);
      this.changed(entry.key);
    }
  }

  /** Drop what another tab got through meanwhile; take in what it wrote. */
  async #learn() {
    if (!this.outbox.store.isLasting) {
      return;
    }
    for (const entry of await this.outbox.store.all()) {
      this.outbox.adopt(entry);
      this.changed(entry.key);
    }
  }

  /** @param {string} key */
  #tellOthers(key) {
    const entry = this.outbox.byKey.get(key);
    if (entry?.state === "stored") {
      this.tabs.say({ type: "stored", key, seq: entry.seq });
    } else if (entry?.state === "failed") {
      this.tabs.say({ type: "failed", key, message: entry.message });
    }
  }

  #comeBack() {
    const { wait } = this.outbox;
    if (wait !== null && this.#isOpen) {
      this.timer = setTimeout(() => this.flush(), Math.max(wait, 20));
    }
  }

  get #isOpen() {
    return this.line.state === "live" || this.line.state === "polling";
  }
}
