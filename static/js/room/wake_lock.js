/** Keeps the screen from going dark while the room is looked at. */

export class WakeLock {
  /** @param {HTMLElement | null} warning shown where the device does not allow it */
  constructor(warning) {
    this.warning = warning;
    this.hold();
    document.addEventListener("visibilitychange", () => this.hold());
  }

  /** The system takes the lock away with every hidden page, so it is asked for anew. */
  async hold() {
    if (document.visibilityState !== "visible") {
      return;
    }
    let isHeld = false;
    try {
      await navigator.wakeLock.request("screen");
      isHeld = true;
    } catch {
      // Not offered here, or refused for a low battery: the person is told.
    }
    if (this.warning) {
      this.warning.hidden = isHeld;
    }
  }
}
