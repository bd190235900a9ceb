/**
 * The browser's worker for the rooms. It opens a room without a network by a page that holds nothing
 * of anybody, and touches nothing else: no answer of the server is ever kept here.
 */

import { CACHE, isRoom, pageOrShell, SHELL } from "../lib/shell.js";

const worker = /** @type {any} */ (globalThis);

/** @param {string | Request} request */
function kept(request) {
  return caches.match(request, { cacheName: CACHE, ignoreVary: true });
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate" && isRoom(pathname)) {
    event.respondWith(kept(SHELL).then((shell) => pageOrShell(() => fetch(request), shell)));
  } else if (pathname.startsWith("/static/dist/")) {
    // Their names say what is in them, so a kept one is never an old one.
    event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  }
});
