/** What a browser keeps for a start without a network, and when it shows it. */

export const CACHE = "hearthside-room-shell";
export const SHELL = "/room-offline";
export const WORKER = "/room-worker.js";
export const SCOPE = "/visits/";
/** A network that says nothing for so long is none. */
const PATIENCE = 8000;
/** Somebody in front of the application, or itself, says that it cannot answer now. */
const AWAY = new Set([502, 503, 504]);
const ROOM = /^\/visits\/[0-9a-f-]{36}\/room$/;
const BUNDLE = /(?:src|href)="(\/static\/dist\/[^"]+)"/g;

const FONT = /url\("?\.\/([^)"]*latin-wght[^)"]*\.woff2)"?\)/g;

/**
 * @param {string} path
 * @returns {boolean} whether a room's page stands there
 */
export function isRoom(path) {
  return ROOM.test(path);
}

/**
 * @param {string} page the shell's source
 * @returns {string[]} the addresses of the bundles that it loads
 */
export function bundlesOf(page) {
  return [...page.matchAll(BUNDLE)].map((match) => match[1]);
}

/**
 * @param {string} styles the source of a style sheet
 * @returns {string[]} the addresses of the letters that most pages need
 */
export function fontsOf(styles) {
  return [...styles.matchAll(FONT)].map((match) => `/static/dist/${match[1]}`);
}

/**
 * Answer with the room's page, or with the shell while nobody can give that.
 *
 * @param {() => Promise<Response>} fetchPage
 * @param {Response | undefined} shell undefined when none is kept
 * @param {number} [patience] milliseconds
 * @returns {Promise<Response>} rejects when there is neither
 */
export async function pageOrShell(fetchPage, shell, patience = PATIENCE) {
  if (!shell) {
    return fetchPage();
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const silence = new Promise((resolve) => {
    timer = setTimeout(() => resolve(shell), patience);
  });
  try {
    const answer = await Promise.race([fetchPage(), silence]);
    return AWAY.has(answer.status) ? shell : answer;
  } catch {
    return shell;
  } finally {
    clearTimeout(timer);
  }
}
