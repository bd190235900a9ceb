/** On a narrow screen shows one panel at a time; on a wide one the style sheet shows them all. */
export class Tabs {
  /** @param {HTMLElement} element the nav whose links name the panels */
  constructor(element) {
    this.links = [...element.querySelectorAll("a")];
    element.addEventListener("click", (event) => this.pressed(event));
    this.choose(this.links.find((link) => link.hash === location.hash) ?? this.links[0]);
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const link = this.links.find(
      (each) => event.target instanceof Node && each.contains(event.target),
    );
    if (link) {
      event.preventDefault();
      this.choose(link);
    }
  }

  /** @param {HTMLAnchorElement | undefined} chosen */
  choose(chosen) {
    for (const link of this.links) {
      const isChosen = link === chosen;
      link.toggleAttribute("aria-current", isChosen);
      if (isChosen) {
        link.setAttribute("aria-current", "true");
      }
      document.getElementById(link.hash.slice(1))?.classList.toggle("tabs-panel--away", !isChosen);
    }
  }
}
