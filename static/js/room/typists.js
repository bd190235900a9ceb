/** Shows who is writing. */

/** Without a word for this long, somebody has stopped. */
const FORGET_AFTER = 6000;

export class Typists {
  /**
   * @param {HTMLElement} element
   * @param {(participant: string) => string} who
   */
  constructor(element, who) {
    this.element = element;
    this.who = who;
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
  }

  /**
   * @param {string} participant
   * @param {boolean} isOn
   */
  set(participant, isOn) {
    clearTimeout(this.timers.get(participant));
    this.timers.delete(participant);
    if (isOn) {
      const forget = setTimeout(() => this.set(participant, false), FORGET_AFTER);
      this.timers.set(participant, forget);
    }
    const names = [...this.timers.keys()].map(this.who);
    const verb = names.length > 1 ? "are" : "is";
    this.element.textContent = names.length ? `${names.join(" and ")} ${verb} writing…` : "";
  }
}
