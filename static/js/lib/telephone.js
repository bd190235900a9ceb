/** The numbers in what a person wrote as a telephone number. */

const NOISE = /[ \-()/.,]/g;
const NUMBER = /^\+?\d+$/;

/** @param {string} text */
function bare(text) {
  const digits = text.replace(NOISE, "");
  return NUMBER.test(digits) ? digits : "";
}

/**
 * Cut a text at its numbers: a text that is one number is one part; of others, each word that is a
 * number of three figures or more.
 *
 * @param {string} text
 * @returns {{text: string, number: string}[]} `number` is what to dial, "" for a part that is none
 */
export function telephone(text) {
  const whole = bare(text);
  if (whole) {
    return [{ text, number: whole }];
  }
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ text: word, number: bare(word).length > 2 ? bare(word) : "" }));
}
