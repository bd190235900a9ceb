/**
 * Read the battery and the charger, where the browser tells.
 *
 * @param {import("./probe.js").ReadinessProbe} probe
 */
export async function testBattery(probe) {
  const { charging, level } = await navigator.getBattery();
  const plugged = charging ? "yes" : "no";
  const percent = Math.round(level * 100);
  fill(probe.element.closest("form"), plugged, percent);
  const words = charging ? "plugged in" : "not plugged in";
  return { value: { plugged, level: percent }, words: `Battery at ${percent}%, ${words}.` };
}

/**
 * @param {HTMLFormElement | null} form
 * @param {string} plugged
 * @param {number} percent
 */
function fill(form, plugged, percent) {
  const radio = form?.querySelector(`[name="value-plugged"][value="${plugged}"]`);
  const number = form?.querySelector('[name="value-level"]');
  if (radio instanceof HTMLInputElement && number instanceof HTMLInputElement) {
    radio.checked = true;
    number.value = String(percent);
  }
}
