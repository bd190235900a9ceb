/** All parts of the room's page, patient's and therapist's alike; a part that a page lacks is left out. */

import { Alarm } from "./alarm.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Earlier } from "./earlier.js";
import { FreshCard } from "./fresh_card.js";
import { Items } from "./items.js";
import { OwnMessages } from "./own_messages.js";
import { People } from "./people.js";
import { PhasePanel } from "./phase_panel.js";
import { Question } from "./question.js";
import { Reading } from "./reading.js";
import { Scroll } from "./scroll.js";
import { Signals } from "./signals.js";
import { Typists } from "./typists.js";

/** Coming and going is seen in the presence line; a patient is not told of it again. */
const FOR_PATIENTS = new Set(["signal.sent", "phase.entered", "visit.ended"]);

export class RoomScreen {
  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.room = room;
    const { settings, view, clock, receipts } = room;
    const { me, zone, phases } = settings;
    this.isPatient = settings.role === "patient";
    this.people = new People({ own: me, zone });
    this.people.set(settings.people);
    const who = (/** @type {string} */ id) => this.people.nameOf(id);
    this.log = byId("log");
    this.list = byId("lines");
    this.scroll = new Scroll(this.log, byId("new-below"));
    this.items = new Items(zone);
    this.conversation = new Conversation({
      list: this.list,
      items: this.items,
      scroll: this.scroll,
      receipts,
      own: me,
      who,
      phases,
      shows: (kind) => !this.isPatient || FOR_PATIENTS.has(kind),
    });
    this.earlier = new Earlier(/** @type {HTMLFormElement} */ (byId("earlier")), {
      start: settings.start,
      log: this.log,
      http: room.http,
      show: (events) => this.#precede(events),
    });
    this.reading = new Reading({
      region: this.log,
      list: this.list,
      log: room.log,
      // A page that polls says it with each asking.
      tell: async (marks) =>
        room.line.state === "live" &&
        (await room.line.ask("mark", { channel: "room", ...marks })).ok,
    });
    this.typists = new Typists(byId("typing"), who);
    this.connection = new Connection(byId("connection"));
    this.composer = new Composer(/** @type {HTMLFormElement} */ (byId("composer")), {
      say: (text) => room.draft.sent(room.say("message.posted", { text })),
      changed: (text) => room.draft.keep(text),
      typing: (on) => room.line.tell("typing", { channel: "room", on }),
    });
    this.own = new OwnMessages(this.list, room, this.composer);
    this.phase = new PhasePanel(byId("phase"), {
      view,
      clock,
      names: phases,
      zone,
      enter: (phase, key) => room.line.append({ key, kind: "phase.entered", body: { phase } }),
    });
    this.#partsOfRoles(zone);
    this.#leaving();
    this.#ended();
  }

  /** @param {string} zone */
  #partsOfRoles(zone) {
    const { room } = this;
    const signals = document.getElementById("signals");
    if (signals) {
      this.signals = new Signals(/** @type {HTMLFormElement} */ (signals), {
        outbox: room.outbox,
        view: room.view,
        receipts: room.receipts,
        clock: room.clock,
        isCut: () => room.line.state !== "live" && room.line.state !== "polling",
        send: (signal) => room.say("signal.sent", { signal }),
        discard: (key) => room.discard(key),
      });
    }
    const alarm = document.getElementById("alarm");
    if (alarm) {
      const text = alarm.dataset.answer ?? "";
      this.alarm = new Alarm(alarm, {
        zone,
        answer: () => room.say("message.posted", { text }),
      });
      this.alarm.show(room.view.alarm);
    }
    if (document.getElementById("readiness")) {
      const card = new FreshCard("readiness");
      room.line.socket.on("changed", ({ what }) => what === "readiness" && card.refresh());
    }
  }

  /** @param {import("../lib/outbox.js").Entry} entry */
  expect(entry) {
    this.conversation.expect(entry);
    this.signals?.show();
  }

  /** @param {string} key */
  drop(key) {
    this.conversation.drop(key);
    this.signals?.show();
  }

  /** @param {import("../lib/log.js").RoomEvent[]} events in their order */
  applied(events) {
    // What was said before this page came is no news; a screen reader is spared it.
    this.log.setAttribute("aria-busy", String(events.length > 20));
    this.conversation.apply(events);
    setTimeout(() => this.log.setAttribute("aria-busy", "false"));
    this.phase.show();
    this.alarm?.show(this.room.view.alarm);
    this.reading.applied();
    for (const event of events) {
      this.typists.set(event.by.participant, false);
    }
    this.#ended();
  }

  /** @param {import("../lib/log.js").RoomEvent[]} events from before those that are shown */
  #precede(events) {
    const { withdrawn } = this.room.view;
    for (const { kind, body } of events) {
      if (kind === "message.withdrawn") {
        withdrawn.add(body.seq);
      }
    }
    this.conversation.precede(events, withdrawn);
  }

  /** Draw anew what depends on receipts and on the outbox. */
  refresh() {
    this.conversation.showReceipts();
    this.signals?.show();
  }

  /**
   * @param {string} state
   * @param {string} [message]
   */
  line(state, message) {
    this.connection.show(state, message);
    this.people.blind(state !== "live" && state !== "polling");
    this.signals?.show();
    if (state === "closed") {
      this.composer.close();
      this.signals?.close();
    }
  }

  /**
   * @param {string} participant
   * @param {boolean} isOn
   */
  typing(participant, isOn) {
    this.typists.set(participant, isOn);
  }

  /** @param {boolean} isLasting whether this device keeps what is not sent */
  storage(isLasting) {
    byId("storage-warning").hidden = isLasting;
  }

  #leaving() {
    const question = new Question("leave-question");
    for (const link of document.querySelectorAll("[data-leave]")) {
      link.addEventListener("click", async (event) => {
        event.preventDefault();
        if (await question.ask()) {
          this.room.leave();
        }
      });
    }
  }

  #ended() {
    if (this.room.view.ended) {
      this.composer.close();
      this.signals?.close();
    }
  }
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
