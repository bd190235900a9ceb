/** Who belongs to the visit, and whether they are there. */

import { presenceWords } from "../lib/words.js";
import { slot } from "./items.js";

/** @typedef {{participant: string, role: string, name: string, state: string, since: string | null, last_seen: string | null}} Person */

export class People {
  /** @param {{own: string, zone: string}} reader */
  constructor({ own, zone }) {
    this.own = own;
    this.zone = zone;
    /** @type {Map<string, Person>} */
    this.byId = new Map();
    /** Without a line nobody can say who is there. */
    this.isBlind = false;
    this.list = document.getElementById("people");
    this.template = /** @type {HTMLTemplateElement | null} */ (
      document.getElementById("presence-template")
    );
  }

  /** @param {Person[]} people everybody, as the server knows them now */
  set(people) {
    for (const person of people) {
      this.byId.set(person.participant, person);
      this.#show(person);
    }
  }

  /**
   * Take one change. Tells whether the person is known.
   *
   * @param {{participant: string, state: string, since: string | null, last_seen: string | null}} presence
   * @returns {boolean}
   */
  change({ participant, state, since, last_seen }) {
    const person = this.byId.get(participant);
    if (!person) {
      return false;
    }
    Object.assign(person, { state, since, last_seen });
    this.#show(person);
    return true;
  }

  /** @param {boolean} isBlind whether this page hears nothing of the others */
  blind(isBlind) {
    this.isBlind = isBlind;
    for (const person of this.byId.values()) {
      this.#show(person);
    }
  }

  /**
   * What the reader calls a participant.
   *
   * @param {string} participant
   * @returns {string}
   */
  nameOf(participant) {
    return participant === this.own ? "You" : (this.byId.get(participant)?.name ?? "Somebody");
  }

  /** @param {Person} person */
  #show(person) {
    for (const element of this.#elementsOf(person)) {
      const isKnown = !this.isBlind && Boolean(person.since || person.last_seen);
      element.dataset.state = isKnown ? person.state : "left";
      const text = slot(element, "text");
      const words = this.isBlind ? "not known right now" : presenceWords(person, this.zone);
      if (text.textContent !== words) {
        text.textContent = words;
      }
    }
  }

  /**
   * @param {Person} person
   * @returns {HTMLElement[]}
   */
  #elementsOf(person) {
    const selector = `[data-participant="${CSS.escape(person.participant)}"]`;
    const found = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));
    if (found.length || !this.list || !this.template || person.participant === this.own) {
      return [...found];
    }
    const first = /** @type {HTMLElement} */ (this.template.content.firstElementChild);
    const element = /** @type {HTMLElement} */ (document.importNode(first, true));
    element.dataset.participant = person.participant;
    element.querySelector(".presence__name").textContent = person.name;
    this.list.append(element);
    return [element];
  }
}
