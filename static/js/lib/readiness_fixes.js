/** What to do when a device test fails, in plain words. */

const FIXES = {
  NotAllowedError: (device) =>
    `Your browser did not let us use the ${device}. Tap the sign beside the address at the top, allow the ${device}, and test again.`,
  NotFoundError: (device) => `We found no ${device}. Plug one in, or use another device.`,
  NotReadableError: (device) =>
    `Another app is using the ${device}. Close other calls and test again.`,
};

/**
 * @param {{name?: string} | null} error what the browser said
 * @param {"camera" | "microphone"} device
 * @returns {string}
 */
export function fixFor(error, device) {
  const name = error?.name ?? "";
  return Object.hasOwn(FIXES, name)
    ? FIXES[name](device)
    : `The ${device} did not start. Reload the page and test again.`;
}

/** Browsers give cameras and microphones only to pages that came safely. */
export const NOT_SECURE =
  "This page was not opened over https, so the browser keeps your camera and microphone closed. Ask your clinic for the right address.";
