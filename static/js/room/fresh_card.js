/** Draws a card of the page anew from the server when what it shows has changed. */

export class FreshCard {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    this.isBusy = false;
    this.isStale = false;
  }

  async refresh() {
    this.isStale = true;
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    while (this.isStale) {
      this.isStale = false;
      await this.#fetch();
    }
    this.isBusy = false;
  }

  async #fetch() {
    try {
      const response = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(this.id);
      if (response.ok && fresh) {
        document.getElementById(this.id)?.replaceWith(document.importNode(fresh, true));
      }
    } catch {
      // The next change, or the next load of the page, brings it.
    }
  }
}
