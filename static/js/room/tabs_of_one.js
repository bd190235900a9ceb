/** The tabs that one person has open on one visit: they share an outbox, and one of them sends. */

/** A tab that keeps its turn longer than this is asleep; the same keys make its work harmless. */
const LONGEST_TURN = 15_000;

export class TabsOfOne {
  /**
   * @param {string} owner visit and participant
   * @param {(news: object) => void} hear told what another tab says
   */
  constructor(owner, hear) {
    this.name = `hearthside:${owner}`;
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(this.name) : null;
    if (this.channel) {
      this.channel.onmessage = ({ data }) => hear(data);
    }
  }

  /** @param {object} news for the other tabs */
  say(news) {
    this.channel?.postMessage(news);
  }

  /**
   * Do something while no other tab does; without locks in this browser, do it at once.
   *
   * @param {() => Promise<void>} work
   */
  async inTurn(work) {
    if (!navigator.locks) {
      await work();
      return;
    }
    let isMine = false;
    const turn = () => {
      isMine = true;
      return work();
    };
    try {
      const signal = AbortSignal.timeout(LONGEST_TURN);
      await navigator.locks.request(this.name, { signal }, turn);
    } catch (error) {
      if (!["TimeoutError", "AbortError"].includes(error?.name)) {
        throw error;
      }
      // An error in our own turn means that another tab took it over.
      if (!isMine) {
        await navigator.locks.request(this.name, { steal: true }, work);
      }
    }
  }
}
