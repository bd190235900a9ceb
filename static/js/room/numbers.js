/** Whom to call while nothing gets through: names, and numbers that can be pressed. */

import { telephone } from "../lib/telephone.js";

/**
 * @param {HTMLElement} list
 * @param {string[][]} people pairs of a name and what their card says of their number, may be empty
 */
export function showNumbers(list, people) {
  const known = people.filter(([, text]) => text);
  for (const [name, text] of known) {
    const line = document.createElement("li");
    line.append(`${name}:`, ...telephone(text).map(partOf));
    list.append(line);
  }
  list.hidden = known.length === 0;
}

/** @param {{text: string, number: string}} part */
function partOf({ text, number }) {
  const part = document.createElement(number ? "a" : "span");
  part.textContent = text;
  if (number) {
    part.setAttribute("href", `tel:${number}`);
  }
  return part;
}
