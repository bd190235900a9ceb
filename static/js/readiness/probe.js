import { testBattery } from "./battery_test.js";
import { testCamera } from "./camera_test.js";
import { testConnection } from "./connection_test.js";
import { testMicrophone } from "./microphone_test.js";
import { say, slot } from "./pieces.js";
import { testSpeaker } from "./speaker_test.js";

/** @typedef {{value?: Record<string, unknown>, words?: string, fix?: string}} Outcome */

/** @type {Record<string, (probe: ReadinessProbe) => Promise<Outcome>>} */
const TESTS = {
  battery: testBattery,
  camera: testCamera,
  connection: testConnection,
  microphone: testMicrophone,
  speaker: testSpeaker,
};

/** A test that this device runs when asked; what it finds is sent up as an answer. */
export class ReadinessProbe {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.test = TESTS[element.dataset.test ?? ""];
    this.button = /** @type {HTMLButtonElement} */ (this.slot("start"));
    this.settings = /** @type {HTMLElement | null} */ (
      element.closest("[data-module~=readiness-check]")
    )?.dataset;
    if (element.dataset.test === "battery" && !("getBattery" in navigator)) {
      return;
    }
    element.hidden = false;
    this.button.addEventListener("click", () => this.run());
  }

  /** @param {string} name */
  slot(name) {
    return slot(this.element, name);
  }

  /** @param {string} words what is going on */
  tell(words) {
    say(this.slot("result"), words);
  }

  async run() {
    this.button.disabled = true;
    say(this.slot("fix"), "");
    this.tell("Testing…");
    try {
      this.finish(await this.test(this));
    } catch {
      this.finish({ words: "The test did not work.", fix: "Reload the page and test again." });
    }
  }

  /** @param {Outcome} outcome */
  finish({ value, words = "", fix = "" }) {
    this.button.disabled = false;
    this.button.focus();
    this.tell(words);
    say(this.slot("fix"), fix);
    if (value) {
      const detail = { item: this.element.dataset.item, value };
      this.element.dispatchEvent(new CustomEvent("readiness-answer", { bubbles: true, detail }));
    }
  }
}
