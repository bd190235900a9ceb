/** Makes sure that this device can open a room without a network, for who is signed in. */

import { boxOf } from "../lib/sealed_box.js";
import { bundlesOf, CACHE, fontsOf, SCOPE, SHELL, WORKER } from "../lib/shell.js";
import { DeviceDb } from "./device_db.js";

/** No sign-in lasts longer. */
const LONGEST = 12 * 60 * 60 * 1000;

/**
 * @typedef {object} Seat whose texts lie sealed on this device; no name and no word is readable in it
 * @property {string} visit
 * @property {string} me
 * @property {string} role
 * @property {string} zone
 * @property {string} theme
 * @property {string} numbers sealed: whom to call, as JSON pairs of a name and a number
 * @property {CryptoKey} secret
 * @property {number} until
 */

/**
 * @param {DeviceDb | null} db
 * @param {CryptoKey | null} secret
 * @param {{visit: string, me: string, role: string, zone: string, numbers: string[][]}} settings
 */
export async function prepareOfflineStart(db, secret, settings) {
  if (!db || !secret || !navigator.serviceWorker) {
    return;
  }
  const { visit, me, role, zone } = settings;
  const { theme = "auto" } = document.documentElement.dataset;
  const until = Date.now() + LONGEST;
  const numbers = await boxOf(secret).seal(JSON.stringify(settings.numbers));
  await db.put("seats", { visit, me, role, zone, theme, numbers, secret, until });
  await keepShell();
  await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
}

/** The bundles first, so that a shell that is kept is whole; then what no shell needs goes. */
async function keepShell() {
  const response = await fetch(SHELL);
  if (!response.ok) {
    return;
  }
  const bundles = bundlesOf(await response.clone().text());
  const cache = await caches.open(CACHE);
  await cache.addAll(bundles);
  for (const styles of bundles.filter((address) => address.endsWith(".css"))) {
    bundles.push(...fontsOf(await (await cache.match(styles)).text()));
  }
  await cache.addAll(bundles);
  await cache.put(SHELL, response);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== SHELL && !bundles.includes(pathname)) {
      await cache.delete(request);
    }
  }
}

/**
 * Nobody is signed in here any more: without the keys the sealed texts are closed, and no room opens
 * without the server.
 */
export async function forgetDevice() {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const registration of registrations) {
    await registration.unregister();
  }
  await globalThis.caches?.delete(CACHE);
  if (await DeviceDb.exists()) {
    const db = await DeviceDb.open();
    await db?.ask("seats", "readwrite", (store) => store.clear());
  }
}
