/**
 * Put markup that the server made in place of what an element holds.
 *
 * @param {Element} element
 * @param {string} markup
 */
export function refill(element, markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  element.replaceChildren(...parsed.body.childNodes);
}

/**
 * Find the part with this data-slot.
 *
 * @param {Element} element
 * @param {string} name
 * @returns {HTMLElement | null}
 */
export function slot(element, name) {
  return element.querySelector(`[data-slot="${name}"]`);
}

/**
 * Show words in an element, or hide it when there are none.
 *
 * @param {HTMLElement | null} element
 * @param {string} words
 */
export function say(element, words) {
  if (element) {
    const text = element.querySelector("[data-slot$=text]") ?? element;
    text.textContent = words;
    element.hidden = words === "";
  }
}

/**
 * Show what is wrong beside the part it is about, or at the form's own place for problems.
 *
 * @param {Element} form
 * @param {string} field
 * @param {string} message
 */
export function showProblem(form, field, message) {
  const part = field ? form.querySelector(`[data-part="${CSS.escape(field)}"]`) : null;
  part?.classList.add("field--error");
  const control = part?.querySelector("input");
  control?.setAttribute("aria-invalid", "true");
  say((part && slot(part, "error")) ?? slot(form, "problem"), message);
  control?.focus();
}

/** @param {Element} form */
export function clearProblems(form) {
  for (const wrong of form.querySelectorAll(".field--error")) {
    wrong.classList.remove("field--error");
    wrong.querySelector("input")?.removeAttribute("aria-invalid");
  }
  for (const place of form.querySelectorAll("[data-slot=error], [data-slot=problem]")) {
    say(/** @type {HTMLElement} */ (place), "");
  }
}
