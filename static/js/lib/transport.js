/**
 * The line between a page and its room: a WebSocket while there is one, else asking every two
 * seconds over HTTP, and always trying for the WebSocket again.
 *
 * States: `joining` (not there yet), `live`, `polling`, `cut` (nothing gets through; it goes on
 * trying), `closed` (the person may no longer be here) and `signed_out`.
 */

import { Attempts } from "./attempts.js";
import { LONGEST } from "./backoff.js";
import { CatchUp } from "./catch_up.js";
import { ANSWER_WITHIN, Heart, patience } from "./heart.js";
import { Polling } from "./polling.js";

/** @typedef {import("./line_listener.js").Answer} Answer */
/** @typedef {import("./line_listener.js").State} State */

/** So many failed tries until the page asks over HTTP. */
const TRIES_BEFORE_POLLING = 2;
const GONE = "You can no longer be in this room.";
const PUSHED = ["event", "receipt", "presence", "typing"];

export class Line {
  /** @param {import("./line_listener.js").Parts} parts */
  constructor({ visit, socket, http, log, listener, vitals, read }) {
    Object.assign(this, { visit, socket, http, log, listener });
    /** @type {State} */
    this.state = "joining";
    this.heardAt = 0;
    this.tries = new Attempts({
      connect: () => socket.connect(),
      silent: () => this.#refused(new Error("silence")),
      again: () => this.start(),
      within: 2 * ANSWER_WITHIN,
    });
    this.polling = new Polling({ http, log, read, answered: (...told) => this.#polled(...told) });
    this.missing = new CatchUp({
      log,
      ask: (payload) => this.ask("catch_up", payload),
      caught: (answer) => listener.caught(answer),
      failed: (answer) => answer.code === "timeout" && this.#drop(),
    });
    this.heart = new Heart({
      ask: (within) => this.ask("beat", vitals(), within),
      answered: (...told) => this.#beaten(...told),
    });
    this.#listen();
  }

  /** Something suggests that the line may be back, or lost: find out now. */
  kick() {
    if (this.state === "live") {
      const within = patience(Date.now() - this.heardAt);
      within ? this.heart.beat(within) : this.#drop();
    } else if (this.state !== "closed") {
      if (this.tries.isOld) {
        this.tries.stop();
      }
      this.start();
      if (this.polling.isOn) {
        this.polling.ask();
      }
    }
  }

  /**
   * Append something said, by whatever way is open.
   *
   * @param {{key: string, kind: string, body: object}} entry
   * @returns {Promise<Answer>}
   */
  append(entry) {
    if (this.state === "live") {
      const { key, kind, body } = entry;
      return this.ask("append", { channel: "room", key, kind, body });
    }
    if (this.state === "polling") {
      return this.http.append(entry);
    }
    return Promise.resolve({ ok: false, code: "offline" });
  }

  /**
   * Send an event and wait for its answer; no answer in time is one with the code `timeout`.
   *
   * @param {string} name
   * @param {object} [payload]
   * @param {number} [within] milliseconds
   * @returns {Promise<Answer>}
   */
  async ask(name, payload = {}, within = ANSWER_WITHIN) {
    try {
      const sent = { visit: this.visit, ...payload };
      const answer = await this.socket.timeout(within).emitWithAck(name, sent);
      this.heardAt = Date.now();
      return answer;
    } catch {
      return { ok: false, code: "timeout" };
    }
  }

  /**
   * Send an event that needs no answer, if there is somebody to hear it.
   *
   * @param {string} name
   * @param {object} payload
   */
  tell(name, payload) {
    if (this.state === "live") {
      this.socket.volatile.emit(name, { visit: this.visit, ...payload });
    }
  }

  /** Leave for good. */
  async leave() {
    if (this.state === "live") {
      await this.ask("leave");
    }
    this.#end("closed", "You left the room.");
  }

  #listen() {
    this.socket.on("connect", () => this.#enter());
    this.socket.on("connect_error", (error) => this.#refused(error));
    this.socket.on("disconnect", () => this.#lost());
    // The server's own ping comes through where a hidden page's timers are held back.
    this.socket.io?.on("ping", () => this.state === "live" && this.heart.beat());
    this.socket.on("closed", (notice) => this.#closed(notice));
    for (const name of PUSHED) {
      this.socket.on(name, (payload) => this.#pushed(name, payload));
    }
  }

  /**
   * @param {string} name
   * @param {any} payload
   */
  #pushed(name, payload) {
    if (payload?.visit !== this.visit) {
      return;
    }
    this.listener[name](payload);
    if (name === "event" && this.log.hasGap) {
      this.missing.run();
    }
  }

  /** Begin, or begin again. */
  start() {
    if (this.tries.isUnderWay || this.socket.connected || this.state === "closed") {
      return;
    }
    // A socket that was refused is given up before it may be opened anew.
    this.socket.disconnect();
    this.tries.begin();
  }

  async #enter() {
    this.tries.heard();
    const askedAt = Date.now();
    const answer = await this.ask("enter", { after: { room: this.log.last } });
    if (!answer.ok) {
      this.#isTurnedAway({ ...answer, message: GONE }) || this.#drop();
      return;
    }
    this.tries.succeeded();
    this.polling.stop();
    this.listener.time(answer.now, askedAt);
    this.listener.entered(answer);
    this.#become("live");
    this.heart.start();
    if (answer.more || this.log.hasGap) {
      this.missing.run();
    }
  }

  /**
   * Stop for good when the server says that this person may not be here.
   *
   * @param {{code?: string, message?: string}} [answer]
   */
  #isTurnedAway({ code, message } = {}) {
    if (code === "unauthenticated") {
      this.#end("signed_out");
    } else if (code === "not_found") {
      this.#end("closed", message);
    }
    return code === "unauthenticated" || code === "not_found";
  }

  /**
   * @param {Answer} answer
   * @param {number} askedAt
   */
  #beaten(answer, askedAt) {
    if (this.state !== "live") {
      return;
    }
    if (answer.code === "timeout") {
      this.#drop();
    } else if (answer.ok) {
      this.heart.start();
      this.listener.time(answer.now, askedAt);
      this.log.saw(answer.heads?.room);
      if (this.log.hasGap) {
        this.missing.run();
      }
    } else if (!this.#isTurnedAway({ ...answer, message: GONE })) {
      this.heart.start();
    }
  }

  /** Give up a socket that says nothing: half open, or its server is stuck. */
  #drop() {
    if (this.socket.connected) {
      this.socket.disconnect();
    } else {
      this.#lost();
    }
  }

  /** @param {Error & {data?: {code?: string}}} error */
  #refused(error) {
    this.#isTurnedAway(error.data) || this.#lost();
  }

  #lost() {
    this.heart.stop();
    if (this.state === "closed" || this.state === "signed_out") {
      this.tries.stop();
      return;
    }
    this.tries.failed();
    const isHopeless = this.tries.failures >= TRIES_BEFORE_POLLING;
    if (this.state === "live" || isHopeless) {
      this.#become(this.state === "polling" ? "polling" : "cut");
    }
    if (isHopeless) {
      this.polling.start();
    }
    this.tries.later(this.state === "polling" ? 30_000 : LONGEST);
  }

  /**
   * @param {Answer} answer
   * @param {number} askedAt
   */
  #polled(answer, askedAt) {
    if (this.#isTurnedAway({ ...answer, message: GONE })) {
      return;
    }
    if (!answer.ok) {
      this.#become("cut");
    } else {
      const isBack = this.state !== "polling";
      this.listener.time(answer.now, askedAt);
      this.listener.caught(answer);
      this.#become("polling");
      // The server answers, so the socket is worth a try at once.
      if (isBack) {
        this.start();
      }
    }
  }

  /** @param {{visit: string, code?: string, message?: string}} notice */
  #closed(notice) {
    if (notice?.visit === this.visit && !this.#isTurnedAway(notice)) {
      this.#end("closed", notice.message);
    }
  }

  /**
   * @param {State} state
   * @param {string} [message]
   */
  #end(state, message) {
    this.#become(state, message);
    this.tries.stop();
    this.heart.stop();
    this.polling.stop();
    this.socket.disconnect();
  }

  /**
   * @param {State} state
   * @param {string} [message]
   */
  #become(state, message) {
    if (this.state !== state) {
      this.state = state;
      this.listener.state(state, message);
    }
  }
}
