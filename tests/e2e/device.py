"""What a browser holds of its own, as far as a script of the page can read it."""

from time import monotonic

from playwright.sync_api import Page

from tests.e2e.people import PATIENCE_MS

#: Everything that the browser's databases and stores hold, as far as a script can read it.
EVERYTHING = """async () => {
  const all = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
    });
    for (const table of db.objectStoreNames) {
      all.push(await new Promise((resolve) => {
        const request = db.transaction(table).objectStore(table).getAll();
        request.onsuccess = () => resolve([name, table, request.result]);
      }));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      all.push([request.url, await (await cache.match(request)).text()]);
    }
  }
  return JSON.stringify(all);
}"""


def see_kept(page: Page, count: int) -> str:
    """So many texts lie on the device, all sealed; return all that lies there."""
    deadline = monotonic() + PATIENCE_MS / 1000
    while (kept := everything_on(page)).count('"sealed"') != count:
        assert monotonic() < deadline, kept
    return kept


def everything_on(page: Page) -> str:
    """Databases, stores and caches, as one text."""
    return str(page.evaluate(EVERYTHING))
