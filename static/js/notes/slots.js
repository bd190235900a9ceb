/**
 * A part of a form that its script fills. Throws when the markup lacks it.
 *
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export function slot(root, name) {
  const found = root.querySelector(`[data-slot="${name}"]`);
  if (!(found instanceof HTMLElement)) {
    throw new Error(`The page has no slot ${name}.`);
  }
  return found;
}
