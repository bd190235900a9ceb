/** Whom to call while nothing gets through: names and numbers that can be pressed. */

/**
 * @param {HTMLElement} list
 * @param {string[][]} numbers pairs of a name and a number, either may be empty
 */
export function showNumbers(list, numbers) {
  const known = numbers.filter(([, number]) => number);
  for (const [name, number] of known) {
    const line = document.createElement("li");
    const call = document.createElement("a");
    call.href = `tel:${number.replace(/[^+\d]/g, "")}`;
    call.textContent = number;
    line.append(`${name}: `, call);
    list.append(line);
  }
  list.hidden = known.length === 0;
}
