/** The text of a note: the form in which it is compared, and how words are put into it. */

/**
 * The form in which two texts are the same: line ends as newlines, nothing white around the whole.
 *
 * @param {string} text
 * @returns {string}
 */
export function canonical(text) {
  return text.replace(/\r\n?/g, "\n").trim();
}

/**
 * Put a quotation into a text, on lines of its own, and tell where writing goes on.
 *
 * @param {string} text
 * @param {number} caret
 * @param {string} quoted such as "> 14:03 CET Jonas: It is quiet."
 * @returns {{text: string, caret: number}}
 */
export function withQuotation(text, caret, quoted) {
  const before = text.slice(0, caret);
  const lead = before === "" || before.endsWith("\n") ? "" : "\n";
  const inserted = `${lead}${quoted}\n`;
  return { text: before + inserted + text.slice(caret), caret: caret + inserted.length };
}

/**
 * Where the caret stands once a text was replaced by somebody else's version of it.
 *
 * @param {string} before
 * @param {string} after
 * @param {number} caret
 * @returns {number}
 */
export function movedCaret(before, after, caret) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start += 1;
  }
  if (caret <= start) {
    return caret;
  }
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) {
    end += 1;
  }
  const fromEnd = before.length - caret;
  return fromEnd <= end ? after.length - fromEnd : after.length - end;
}

/**
 * Two texts as one that can be worked on: mine, then theirs under a line that says so.
 *
 * @param {string} mine
 * @param {string} theirs
 * @param {string} who
 * @returns {string}
 */
export function together(mine, theirs, who) {
  return `${mine.trimEnd()}\n\n--- ${who}:\n${theirs.trim()}\n`;
}
