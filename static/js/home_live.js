import { watch } from "./lib/live.js";
import { roomSocket } from "./lib/socket.js";
import { arrivals, titleWith } from "./lib/waiting.js";

/** How soon a burst of hints becomes one look. */
const GATHER = 150;
/** Without a line: how often to look. With one: how often all the same, as days pass and plans are made. */
const LOOK_OFFLINE = 10_000;
const LOOK_ONLINE = 60_000;

/** Keeps a home page true: looks again on every hint and now and then, and tells who has come. */
export class HomeLive {
  #title = document.title;
  /** @type {string[]} */
  #known = [];
  #looking = false;
  #again = false;
  #looked = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;

  /** @param {HTMLElement} element holds the parts, each with data-part */
  constructor(element) {
    this.element = element;
    this.announcement = document.querySelector("[data-slot=announcement]");
    const socket = roomSocket();
    watch({}, () => this.#lookSoon(), socket);
    setInterval(() => this.#lookIfDue(socket.connected), 1000);
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookSoon());
    // A live region says only what comes after it is there.
    setTimeout(() => this.#tell(), 500);
  }

  #lookSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#look(), GATHER);
  }

  /** @param {boolean} online */
  #lookIfDue(online) {
    if (performance.now() - this.#looked >= (online ? LOOK_ONLINE : LOOK_OFFLINE)) {
      this.#look();
    }
  }

  async #look() {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    this.#looked = performance.now();
    try {
      await this.#fetch();
    } catch {
      // Without a network the page stays as it is; the next look is due soon.
    } finally {
      this.#looking = false;
    }
    if (this.#again) {
      this.#again = false;
      this.#lookSoon();
    }
  }

  async #fetch() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (answer.redirected) {
      location.reload();
      return;
    }
    if (answer.ok) {
      this.#take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      this.#tell();
    }
  }

  /** @param {Document} fresh */
  #take(fresh) {
    for (const part of this.element.querySelectorAll("[data-part]")) {
      const name = CSS.escape(part.getAttribute("data-part") ?? "");
      const next = fresh.querySelector(`[data-part="${name}"]`);
      if (next && next.innerHTML !== part.innerHTML) {
        replace(part, next);
      }
    }
  }

  #tell() {
    const items = [...this.element.querySelectorAll("[data-waiting]")];
    const waiting = items.map((item) => ({
      id: item.getAttribute("data-waiting") ?? "",
      words: item.getAttribute("data-words") ?? "",
    }));
    const said = arrivals(this.#known, waiting);
    this.#known = waiting.map(({ id }) => id);
    document.title = titleWith(this.#title, waiting.length);
    if (this.announcement && said) {
      this.announcement.textContent = said;
    } else if (this.announcement && waiting.length === 0) {
      this.announcement.textContent = "";
    }
  }
}

/**
 * Put the fresh content in place; the link that had the focus gets it back.
 *
 * @param {Element} part
 * @param {Element} next
 */
function replace(part, next) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href");
  part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  if (href) {
    /** @type {HTMLElement | null} */ (part.querySelector(`[href="${CSS.escape(href)}"]`))?.focus({
      preventScroll: true,
    });
  }
}
