/** @typedef {import("../lib/note_saver.js").Answer} Answer */

const WHY = {
  bad_request: "Please mend what is marked.",
  unauthenticated: "You are signed out.",
  not_found: "This note is no longer open to you.",
  not_now: "This note is signed now. Load the page again to add your text to it.",
};

/**
 * Why a note is not saved, and where its text is meanwhile.
 *
 * @param {Answer} answer
 * @param {boolean | undefined} isKept whether this device holds a copy
 * @returns {string}
 */
export function troubleWords(answer, isKept) {
  const where =
    isKept === false
      ? "Not saved, and this device cannot keep a copy. Leave this page open."
      : "Not saved. Your text is kept on this device.";
  const isStale = answer.code === "bad_request" && answer.field !== "text";
  const why = isStale ? "Please reload this page." : (WHY[answer.code ?? ""] ?? "");
  return why ? `${where} ${why}` : where;
}
