/**
 * Ties elements to the classes that serve them: `<div data-module="menu">` is served by the class registered as "menu".
 *
 * An element may name several, parted by spaces. Each is made once an element, however often `start` runs, and one that
 * fails does not stop its neighbours.
 */

/** @typedef {new (element: HTMLElement) => object} ModuleClass */

/** @type {WeakMap<Element, Map<string, object>>} */
const made = new WeakMap();

/**
 * Serve every element under `root` that names one of these classes.
 *
 * @param {Record<string, ModuleClass>} classes by the name used in data-module
 * @param {ParentNode} [root]
 */
export function start(classes, root = document) {
  for (const element of root.querySelectorAll("[data-module]")) {
    for (const name of namesOf(element)) {
      if (Object.hasOwn(classes, name)) {
        serve(element, name, classes[name]);
      }
    }
  }
}

/**
 * The object that serves an element under a name, or undefined.
 *
 * @param {Element} element
 * @param {string} name
 * @returns {object | undefined}
 */
export function moduleOf(element, name) {
  return made.get(element)?.get(name);
}

/** @param {Element} element */
function namesOf(element) {
  return (element.getAttribute("data-module") ?? "").split(/\s+/).filter(Boolean);
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {ModuleClass} Class
 */
function serve(element, name, Class) {
  const served = made.get(element) ?? new Map();
  if (served.has(name)) {
    return;
  }
  try {
    served.set(name, new Class(/** @type {HTMLElement} */ (element)));
    made.set(element, served);
  } catch (error) {
    globalThis.reportError?.(error);
  }
}
