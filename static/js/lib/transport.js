/**
 * The line between a page and its room: a WebSocket while there is one, else asking every two
 * seconds over HTTP, and always trying for the WebSocket again.
 *
 * States: `joining` (not there yet), `live`, `polling`, `cut` (nothing gets through; it goes on
 * trying), `closed` (the person may no longer be here) and `signed_out`.
 */

import { backoff } from "./backoff.js";
import { CatchUp } from "./catch_up.js";
import { Polling } from "./polling.js";

/** @typedef {import("./http_door.js").Answer} Answer */
/** @typedef {"joining" | "live" | "polling" | "cut" | "closed" | "signed_out"} State */

/**
 * @typedef {object} Listener what the page does with what comes
 * @property {(state: State, message?: string) => void} state
 * @property {(answer: Answer) => void} entered first answer of the room, of either way in
 * @property {(answer: Answer) => void} caught events that were asked for, and the head
 * @property {(event: any) => void} event
 * @property {(receipt: any) => void} receipt
 * @property {(presence: any) => void} presence
 * @property {(typing: any) => void} typing
 * @property {(now: string, askedAt: number) => void} time
 */

/** @typedef {{last: number, hasGap: boolean, saw: (head: number | undefined) => void}} Log */

export const ANSWER_WITHIN = 5000;
export const BEAT_EVERY = 5000;
/** A line that said nothing for so long, though it beats, was asleep with its device. */
const STALE_AFTER = 3 * BEAT_EVERY;
/** So many failed tries until the page asks over HTTP. */
const TRIES_BEFORE_POLLING = 2;
const GONE = "You can no longer be in this room.";
const PUSHED = ["event", "receipt", "presence", "typing"];

export class Line {
  /**
   * @param {object} parts
   * @param {string} parts.visit
   * @param {any} parts.socket a socket.io socket that neither connects nor reconnects by itself
   * @param {import("./http_door.js").HttpDoor} parts.http
   * @param {Log} parts.log
   * @param {Listener} parts.listener
   * @param {() => object} parts.vitals what a beat tells of this device
   */
  constructor({ visit, socket, http, log, listener, vitals }) {
    Object.assign(this, { visit, socket, http, log, listener, vitals });
    /** @type {State} */
    this.state = "joining";
    this.failures = 0;
    this.heardAt = 0;
    this.isConnecting = false;
    this.polling = new Polling({ http, log, answered: (...told) => this.#polled(...told) });
    this.missing = new CatchUp({
      log,
      ask: (payload) => this.ask("catch_up", payload),
      caught: (answer) => listener.caught(answer),
      failed: (answer) => answer.code === "timeout" && this.#drop(),
    });
    /** @type {Record<string, ReturnType<typeof setTimeout>>} */
    this.timers = {};
    this.#listen();
  }

  /** Begin, or begin again. */
  start() {
    this.#connect();
  }

  /** Something suggests that the line may be back, or lost: find out now. */
  kick() {
    if (this.state === "closed") {
      return;
    }
    if (this.state === "live" && Date.now() - this.heardAt > STALE_AFTER) {
      this.#drop();
    } else if (this.state === "live") {
      this.#beat();
    } else {
      this.#connect();
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
   * @returns {Promise<Answer>}
   */
  async ask(name, payload = {}) {
    try {
      const sent = { visit: this.visit, ...payload };
      const answer = await this.socket.timeout(ANSWER_WITHIN).emitWithAck(name, sent);
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
    this.socket.io?.on("ping", () => this.state === "live" && this.#beat());
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

  #connect() {
    if (this.isConnecting || this.socket.connected || this.state === "closed") {
      return;
    }
    this.isConnecting = true;
    this.#clear("connect");
    // A socket that was refused is given up before it may be opened anew.
    this.socket.disconnect();
    this.timers.connect = setTimeout(() => this.#refused(new Error("silence")), 2 * ANSWER_WITHIN);
    this.socket.connect();
  }

  async #enter() {
    this.#clear("connect");
    const askedAt = Date.now();
    const answer = await this.ask("enter", { after: { room: this.log.last } });
    this.isConnecting = false;
    if (!answer.ok) {
      this.#notEntered(answer);
      return;
    }
    this.failures = 0;
    this.polling.stop();
    this.listener.time(answer.now, askedAt);
    this.listener.entered(answer);
    this.#become("live");
    this.#clear("beat");
    this.timers.beat = setTimeout(() => this.#beat(), BEAT_EVERY);
    if (answer.more || this.log.hasGap) {
      this.missing.run();
    }
  }

  /** @param {Answer} answer */
  #notEntered(answer) {
    if (answer.code === "not_found") {
      this.#end("closed", GONE);
    } else if (answer.code === "unauthenticated") {
      this.#signedOut();
    } else {
      this.#drop();
    }
  }

  async #beat() {
    this.#clear("beat");
    const askedAt = Date.now();
    const answer = await this.ask("beat", this.vitals());
    if (this.state !== "live") {
      return;
    }
    if (answer.code === "timeout") {
      this.#drop();
      return;
    }
    this.#clear("beat");
    this.timers.beat = setTimeout(() => this.#beat(), BEAT_EVERY);
    if (answer.ok) {
      this.listener.time(answer.now, askedAt);
      this.log.saw(answer.heads?.room);
      if (this.log.hasGap) {
        this.missing.run();
      }
    } else {
      this.#notEntered(answer);
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
    this.isConnecting = false;
    if (error.data?.code === "unauthenticated") {
      this.#signedOut();
      return;
    }
    this.#lost();
  }

  #lost() {
    this.isConnecting = false;
    this.#clear("beat");
    if (this.state === "closed" || this.state === "signed_out") {
      return;
    }
    this.failures += 1;
    if (this.state === "live" || this.failures >= TRIES_BEFORE_POLLING) {
      this.#become(this.state === "polling" ? "polling" : "cut");
    }
    if (this.failures >= TRIES_BEFORE_POLLING) {
      this.polling.start();
    }
    this.#connectLater();
  }

  #connectLater() {
    const cap = this.state === "polling" ? 30_000 : 10_000;
    this.#clear("connect");
    this.timers.connect = setTimeout(() => this.#connect(), backoff(this.failures, { cap }));
  }

  /**
   * @param {Answer} answer
   * @param {number} askedAt
   */
  #polled(answer, askedAt) {
    if (answer.code === "unauthenticated") {
      this.#signedOut();
    } else if (answer.code === "not_found") {
      this.#end("closed", GONE);
    } else if (!answer.ok) {
      this.#become("cut");
    } else {
      const isBack = this.state !== "polling";
      this.listener.time(answer.now, askedAt);
      this.listener.caught(answer);
      this.#become("polling");
      // The server answers, so the socket is worth a try at once.
      if (isBack) {
        this.#connect();
      }
    }
  }

  #signedOut() {
    this.#end("signed_out");
  }

  /** @param {{visit: string, code?: string, message?: string}} notice */
  #closed(notice) {
    if (notice?.visit !== this.visit) {
      return;
    }
    if (notice.code === "unauthenticated") {
      this.#signedOut();
    } else {
      this.#end("closed", notice.message);
    }
  }

  /**
   * @param {State} state
   * @param {string} [message]
   */
  #end(state, message) {
    this.#become(state, message);
    for (const name of Object.keys(this.timers)) {
      this.#clear(name);
    }
    this.polling.stop();
    this.isConnecting = false;
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

  /** @param {string} name */
  #clear(name) {
    clearTimeout(this.timers[name]);
    delete this.timers[name];
  }
}
