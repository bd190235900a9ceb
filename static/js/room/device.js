/** Tells when the device may have come back: from sleep, from another page, from no network. */

/**
 * @param {() => void} back
 */
export function watchDevice(back) {
  document.addEventListener("visibilitychange", back);
  // A page that the system had frozen, or kept whole while another one was shown.
  document.addEventListener("resume", back);
  addEventListener("pageshow", (event) => event.persisted && back());
  addEventListener("online", back);
}
