/** Who waits, from one look at the page to the next: what to say, and what the window is called. */

/** @typedef {{id: string, words: string}} Waiting */

/**
 * The words about those who were not waiting at the last look.
 *
 * @param {Iterable<string>} known the ids of the last look
 * @param {Waiting[]} waiting
 * @returns {string}
 */
export function arrivals(known, waiting) {
  const before = new Set(known);
  return waiting
    .filter(({ id }) => !before.has(id))
    .map(({ words }) => words)
    .join(" ");
}

/**
 * The window's title, which says how many wait, so that it is seen from another tab.
 *
 * @param {string} title the page's own
 * @param {number} count
 * @returns {string}
 */
export function titleWith(title, count) {
  return count ? `(${count}) waiting · ${title}` : title;
}
