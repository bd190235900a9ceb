/** What a beat tells of this device: whether the page is looked at, and the battery if it is known. */

/** @type {{level: number} | null} */
let battery = null;

globalThis.navigator?.getBattery?.().then(
  (found) => {
    battery = found;
  },
  () => {
    // The browser keeps it to itself.
  },
);

/** @returns {{visible: boolean, battery?: number}} */
export function vitals() {
  const visible = document.visibilityState === "visible";
  return battery ? { visible, battery: battery.level } : { visible };
}
