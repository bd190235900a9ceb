/** The live room: ties the line, the log and the outbox to what people see. */

import { Calls } from "../lib/calls.js";
import { ServerClock } from "../lib/clock.js";
import { RoomView } from "../lib/folds.js";
import { HttpDoor } from "../lib/http_door.js";
import { ChannelLog } from "../lib/log.js";
import { Outbox } from "../lib/outbox.js";
import { Receipts } from "../lib/receipts.js";
import { boxOf, secretOf } from "../lib/sealed_box.js";
import { roomSocket } from "../lib/socket.js";
import { Line } from "../lib/transport.js";
import { watchDevice } from "./device.js";
import { DeviceDb } from "./device_db.js";
import { Draft } from "./draft.js";
import { forgetDevice, prepareOfflineStart } from "./offline_start.js";
import { OutboxStore } from "./outbox_store.js";
import { RoomScreen } from "./screen.js";
import { Sender } from "./sender.js";
import { TabsOfOne } from "./tabs_of_one.js";
import { vitals } from "./vitals.js";
import { WakeLock } from "./wake_lock.js";

/** @typedef {import("../lib/log.js").RoomEvent} RoomEvent */
/** @typedef {import("../lib/http_door.js").Answer} Answer */

export class Room {
  /** @param {HTMLElement} element with data-settings */
  constructor(element) {
    this.settings = JSON.parse(element.dataset.settings ?? "{}");
    const { visit, me, moves, state, answered, start, events, csrf } = this.settings;
    this.log = new ChannelLog();
    this.log.last = start;
    this.view = new RoomView(moves);
    this.view.begin(state, answered);
    this.receipts = new Receipts(me);
    this.clock = new ServerClock();
    this.http = new HttpDoor({ address: events, csrf });
    this.owner = `${visit}:${me}`;
    this.calls = new Calls(state.signal);
    /** @type {Map<string, number>} own keys that the log shows */
    this.shown = new Map();
    this.line = new Line({
      visit,
      socket: roomSocket(),
      http: this.http,
      log: this.log,
      listener: this.#listener(),
      vitals,
      read: () => this.screen.reading.known,
    });
    this.begin();
  }

  async begin() {
    const { owner } = this;
    const [db, secret] = await Promise.all([DeviceDb.open(), secretOf(this.settings.deviceKey)]);
    const box = secret && boxOf(secret);
    const store = new OutboxStore(owner, box, db);
    this.draft = new Draft({ owner, box, db });
    this.prepare = () => prepareOfflineStart(db, secret, this.settings);
    this.outbox = new Outbox({ store, newKey: () => crypto.randomUUID() });
    this.tabs = new TabsOfOne(this.owner, (news) => this.#heard(news));
    const { outbox, line, tabs } = this;
    this.sender = new Sender({ outbox, line, tabs, changed: (key) => this.#changed(key) });
    this.screen = new RoomScreen(this);
    this.screen.storage(store.isLasting);
    await this.outbox.load().catch(() => this.screen.storage(false));
    for (const entry of this.outbox.entries) {
      this.screen.expect(entry);
    }
    this.#watchDevice();
    this.line.start();
    this.draft.inherit().then(
      (text) => this.screen.composer.put(text),
      () => this.screen.storage(false),
    );
  }

  /**
   * Say something: it is on the screen and on the device at once, and sent as soon as it can be.
   *
   * @param {string} kind
   * @param {Record<string, any>} body
   * @returns {Promise<void>} settles when it is on the device
   */
  say(kind, body) {
    const { entry, kept } = this.outbox.add(kind, body);
    this.screen.expect(entry);
    kept.then(
      () => this.tabs.say({ type: "added", entry }),
      () => this.screen.storage(false),
    );
    this.sender.flush();
    return kept;
  }

  /**
   * Say a refused thing again.
   *
   * @param {string} key
   */
  async again(key) {
    const entry = await this.outbox.again(key);
    if (entry) {
      this.tabs.say({ type: "gone", key });
      this.tabs.say({ type: "added", entry });
      this.screen.drop(key);
      this.screen.expect(entry);
      this.sender.flush();
    }
  }

  /**
   * Throw away what was refused.
   *
   * @param {string} key
   */
  async discard(key) {
    this.screen.drop(key);
    this.tabs.say({ type: "gone", key });
    await this.outbox.forget(key);
  }

  /** Leave for good, and go home. */
  async leave() {
    await this.line.leave();
    location.assign(this.settings.home);
  }

  /** @returns {import("../lib/transport.js").Listener} */
  #listener() {
    return {
      state: (state, message) => this.#line(state, message),
      entered: (answer) => this.#entered(answer),
      caught: (answer) => this.#caught(answer),
      event: (event) => this.#events([event]),
      receipt: (receipt) => this.#receipt(receipt),
      presence: (presence) => this.#presence(presence),
      typing: ({ participant, on }) => this.screen.typing(participant, on),
      time: (now, askedAt) => this.clock.learn(now, askedAt),
    };
  }

  /**
   * @param {import("../lib/transport.js").State} state
   * @param {string} [message]
   */
  #line(state, message) {
    this.screen.line(state, message);
    if (state === "live" || state === "polling") {
      this.outbox.hurry();
      this.sender.flush();
    }
    if (state === "live") {
      this.screen.reading.again();
      this.line.ask("watch");
    }
    this.#keepForOffline(state);
  }

  /** @param {string} state */
  async #keepForOffline(state) {
    try {
      if (state === "signed_out") {
        this.isPrepared = false;
        await forgetDevice();
      } else if ((state === "live" || state === "polling") && !this.isPrepared) {
        this.isPrepared = true;
        await this.prepare();
      }
    } catch {
      // The room works without it.
    }
  }

  /** @param {Answer} answer */
  #entered(answer) {
    this.log.saw(answer.channels?.room?.head);
    this.#caught(answer);
  }

  /** @param {Answer} answer */
  #caught(answer) {
    this.log.saw(answer.head);
    this.screen.people.set(answer.people ?? []);
    this.#events(answer.events);
    for (const receipt of answer.receipts ?? []) {
      this.#receipt(receipt);
    }
  }

  /** @param {RoomEvent[]} events in any order */
  #events(events) {
    const ofRoom = events.filter((event) => event.channel === "room");
    const applied = this.log.receive(ofRoom);
    for (const event of applied) {
      this.calls.apply(event);
      this.view.apply(event, { isBlind: this.calls.isOlder(this.outbox.byKey.get(event.key)) });
      if (event.by.participant === this.settings.me) {
        this.shown.set(event.key, event.seq);
      }
    }
    if (applied.length) {
      this.screen.applied(applied);
      this.#settle(applied);
    }
    this.#askForUnknown(applied);
  }

  /**
   * What the log shows waits no more.
   *
   * @param {RoomEvent[]} events
   */
  #settle(events) {
    for (const { key, by } of events) {
      if (by.participant === this.settings.me) {
        this.outbox.forget(key).catch(() => this.screen.storage(false));
      }
    }
    this.screen.refresh();
  }

  /** @param {any} receipt */
  #receipt(receipt) {
    if (receipt.channel === "room" && this.receipts.receive(receipt)) {
      this.screen.refresh();
    }
  }

  /** @param {any} presence */
  #presence(presence) {
    if (!this.screen.people.change(presence)) {
      this.#fetchPeople();
    }
  }

  /** @param {RoomEvent[]} events */
  #askForUnknown(events) {
    const known = this.screen.people.byId;
    if (events.some((event) => !known.has(event.by.participant))) {
      this.#fetchPeople();
    }
  }

  async #fetchPeople() {
    const answer = await this.http.events(this.log.last, this.screen.reading.known);
    if (answer.ok) {
      this.screen.people.set(answer.people);
    }
  }

  /** @param {string} key of an entry whose state changed */
  #changed(key) {
    const entry = this.outbox.byKey.get(key);
    if (!entry) {
      return;
    }
    const isRefused = entry.state === "failed" && entry.kind === "message.withdrawn";
    if (!this.shown.has(key)) {
      this.screen.expect(entry);
    }
    // Only words are worth keeping; what was to be done with them is said once.
    if (this.shown.has(key) || isRefused) {
      this.outbox.forget(key).catch(() => this.screen.storage(false));
    }
    this.screen.refresh();
  }

  /** @param {any} news from another tab */
  async #heard({ type, key, entry, seq, message }) {
    if (type === "added" && !this.shown.has(entry.key)) {
      this.outbox.adopt(entry);
      this.sender.flush();
    } else if (type === "gone") {
      this.outbox.byKey.delete(key);
      this.screen.drop(key);
    } else if (type === "stored") {
      await this.outbox.answered(key, { ok: true, seq });
    } else if (type === "failed") {
      await this.outbox.refused(key, message);
    }
    this.#changed(key ?? entry?.key);
  }

  #watchDevice() {
    watchDevice(() => this.line.kick());
    addEventListener("beforeunload", (event) => {
      // Only what would be lost is worth a question.
      if (!this.outbox.store.isLasting && this.outbox.entries.length) {
        event.preventDefault();
      }
    });
    this.wakeLock = new WakeLock(document.getElementById("wake-warning"));
  }
}
