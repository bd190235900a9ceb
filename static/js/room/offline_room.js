/** The room without a network: what waits can be seen and more can be said; nothing else is here. */

import { ServerClock } from "../lib/clock.js";
import { RoomView } from "../lib/folds.js";
import { HttpDoor } from "../lib/http_door.js";
import { Outbox } from "../lib/outbox.js";
import { Receipts } from "../lib/receipts.js";
import { Reopening } from "../lib/reopening.js";
import { boxOf } from "../lib/sealed_box.js";
import { isRoom } from "../lib/shell.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { watchDevice } from "./device.js";
import { DeviceDb } from "./device_db.js";
import { Draft } from "./draft.js";
import { Items } from "./items.js";
import { showNumbers } from "./numbers.js";
import { OutboxStore } from "./outbox_store.js";
import { Scroll } from "./scroll.js";
import { Signals } from "./signals.js";
import { TabsOfOne } from "./tabs_of_one.js";

/** Who has just typed is not interrupted. */
const PAUSE = 3000;
/** The door may answer where the page cannot: then the page is not asked for again and again. */
const TRIED = "hearthside:reopened";
const JUST_NOW = 60_000;
/** Past the end of every conversation: the door is asked, and brings no words. */
const BEYOND = 999_999_999;

export class OfflineRoom {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.visit = location.pathname.split("/")[2];
    this.typedAt = 0;
    /** @type {Promise<unknown>[]} */
    this.keeping = [];
    const http = new HttpDoor({ address: `/visits/${this.visit}/events`, csrf: "" });
    const ask = () => http.page(BEYOND, 1);
    this.reopening = new Reopening({ ask, open: () => this.#reopen() });
    // Opened by its own address, it is a picture only.
    if (isRoom(location.pathname)) {
      watchDevice(() => this.reopening.look());
      this.begin();
    }
  }

  async begin() {
    try {
      const db = await DeviceDb.open();
      const seat = await db?.ask("seats", "readonly", (store) => store.get(this.visit));
      if (seat && seat.until > Date.now()) {
        await this.#sit(seat, db);
      }
    } finally {
      this.reopening.begin(inVain());
    }
  }

  /**
   * @param {import("./offline_start.js").Seat} seat
   * @param {DeviceDb} db
   */
  async #sit({ me, role, zone, theme, numbers, secret }, db) {
    document.documentElement.dataset.theme = theme;
    const isPatient = role === "patient";
    for (const words of this.element.querySelectorAll("[data-for]")) {
      const who = isPatient ? "patient" : "clinician";
      words.toggleAttribute("hidden", words.getAttribute("data-for") !== who);
    }
    const owner = `${this.visit}:${me}`;
    const box = boxOf(secret);
    showNumbers(byId("numbers"), JSON.parse(await box.open(numbers)));
    const store = new OutboxStore(owner, box, db);
    this.outbox = new Outbox({ store, newKey: () => crypto.randomUUID() });
    this.draft = new Draft({ owner, box, db });
    this.tabs = new TabsOfOne(owner, () => {});
    await this.outbox.load();
    this.#draw(me, zone, isPatient);
    this.composer.put(await this.draft.inherit());
  }

  /**
   * @param {string} me
   * @param {string} zone
   * @param {boolean} isPatient
   */
  #draw(me, zone, isPatient) {
    const receipts = new Receipts(me);
    this.conversation = new Conversation({
      list: byId("lines"),
      items: new Items(zone),
      scroll: new Scroll(byId("log"), byId("new-below")),
      receipts,
      own: me,
      who: () => "You",
      phases: {},
      shows: () => false,
    });
    this.composer = new Composer(/** @type {HTMLFormElement} */ (byId("composer")), {
      say: (text) => this.draft.sent(this.say("message.posted", { text })),
      changed: (text) => this.#changed(text),
      typing: () => {},
    });
    this.signals = new Signals(/** @type {HTMLFormElement} */ (byId("signals")), {
      outbox: this.outbox,
      view: new RoomView(),
      receipts,
      clock: new ServerClock(),
      isCut: () => true,
      send: (signal) => this.say("signal.sent", { signal }),
      discard: (key) => this.outbox.forget(key),
    });
    for (const id of ["kept", "composer"]) {
      byId(id).hidden = false;
    }
    byId("signals").hidden = !isPatient;
    for (const entry of this.outbox.entries) {
      this.conversation.expect(entry);
    }
    this.signals.show();
  }

  /**
   * Keep something said for the room that opens later.
   *
   * @param {string} kind
   * @param {Record<string, any>} body
   * @returns {Promise<void>} settles when it is on the device
   */
  say(kind, body) {
    const { entry, kept } = this.outbox.add(kind, body);
    this.conversation.expect(entry);
    this.keeping.push(kept.then(() => this.tabs.say({ type: "added", entry })));
    return kept;
  }

  /** @param {string} text */
  #changed(text) {
    this.typedAt = Date.now();
    this.draft.keep(text);
  }

  /** Open the room itself, in a pause of who is typing, with everything kept. */
  async #reopen() {
    const rest = this.typedAt + PAUSE - Date.now();
    if (rest > 0) {
      setTimeout(() => this.#reopen(), rest);
      return;
    }
    await Promise.allSettled([...this.keeping, this.draft?.now()]);
    sessionStorage.setItem(TRIED, JSON.stringify({ times: inVain() + 1, at: Date.now() }));
    location.reload();
  }
}

/** @returns {number} how often the room was opened just now and gave this page again */
function inVain() {
  const { times, at } = JSON.parse(sessionStorage.getItem(TRIED) ?? '{"times": 0, "at": 0}');
  return Date.now() - at < JUST_NOW ? times : 0;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
