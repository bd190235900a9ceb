import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { ANSWER_WITHIN, BEAT_EVERY } from "../../static/js/lib/heart.js";
import { ChannelLog } from "../../static/js/lib/log.js";
import { POLL_EVERY } from "../../static/js/lib/polling.js";
import { Line } from "../../static/js/lib/transport.js";

const VISIT = "visit-1";

/** A server with a log, that can be cut, hang, refuse, or let only HTTP through. */
class Server {
  constructor() {
    this.events = [];
    this.isUp = true;
    this.takesSockets = true;
    this.hangs = false;
    this.refusal = null;
    this.asked = [];
  }

  say(text, participant = "mara") {
    const seq = this.events.length + 1;
    const by = { participant, role: "therapist" };
    const body = { text };
    this.events.push({ visit: VISIT, channel: "room", seq, key: text, kind: "m", by, body });
    return this.events.at(-1);
  }

  answer(name, payload) {
    this.asked.push([name, payload]);
    const head = this.events.length;
    if (this.refusal) {
      return { ok: false, ...this.refusal };
    }
    switch (name) {
      case "enter": {
        const events = this.events.slice(payload.after.room, payload.after.room + 3);
        return { ok: true, channels: { room: { head } }, events, more: events.length === 3 };
      }
      case "catch_up": {
        const events = this.events.slice(payload.after, payload.after + 3);
        return { ok: true, events, head, more: payload.after + events.length < head };
      }
      case "append":
        return { ok: true, seq: this.say(payload.body.text).seq };
      default:
        return { ok: true, heads: { room: head } };
    }
  }
}

/** The client's end of a socket to that server. */
class Socket extends EventEmitter {
  constructor(server) {
    super();
    this.server = server;
    this.connected = false;
    this.tries = 0;
    this.volatile = { emit: (...sent) => this.server.asked.push(sent) };
  }

  connect() {
    this.tries += 1;
    queueMicrotask(() => {
      if (this.server.unauthenticated) {
        const error = Object.assign(new Error("no"), { data: { code: "unauthenticated" } });
        this.emit("connect_error", error);
      } else if (this.server.isUp && this.server.takesSockets) {
        this.connected = true;
        this.emit("connect");
      } else {
        this.emit("connect_error", new Error("websocket error"));
      }
    });
  }

  disconnect() {
    if (this.connected) {
      this.connected = false;
      this.emit("disconnect", "io client disconnect");
    }
  }

  drop() {
    this.connected = false;
    this.emit("disconnect", "transport close");
  }

  timeout(ms) {
    const emitWithAck = (name, payload) =>
      new Promise((resolve, reject) => {
        if (this.server.hangs || !this.server.isUp || !this.connected) {
          setTimeout(() => reject(new Error("timeout")), ms);
        } else {
          resolve(structuredClone(this.server.answer(name, payload)));
        }
      });
    return { emitWithAck };
  }
}

/** The HTTP doors of that server. */
function httpOf(server) {
  const through = async (answer) =>
    server.isUp && !server.hangs ? structuredClone(answer()) : { ok: false, code: "offline" };
  return {
    events: (after) => through(() => server.answer("catch_up", { after })),
    append: (entry) => through(() => server.answer("append", entry)),
  };
}

async function settle() {
  for (let turn = 0; turn < 50; turn += 1) {
    await Promise.resolve();
  }
}

async function pass(ms) {
  for (let left = ms; left > 0; left -= 100) {
    mock.timers.tick(Math.min(100, left));
    await settle();
  }
}

function page(server) {
  const log = new ChannelLog();
  const socket = new Socket(server);
  const seen = { states: [], texts: [], receipts: [], messages: [] };
  const take = (events) => {
    seen.texts.push(...log.receive(events).map((event) => event.body.text));
  };
  const caught = (answer) => {
    log.saw(answer.head ?? answer.channels?.room.head);
    take(answer.events);
  };
  const listener = {
    state: (state, message) => {
      seen.states.push(state);
      seen.messages.push(message);
    },
    entered: caught,
    caught,
    event: (event) => take([event]),
    receipt: (receipt) => seen.receipts.push(receipt),
    presence: () => {},
    typing: () => {},
    time: () => {},
  };
  const vitals = () => ({ visible: true });
  const read = () => 0;
  const http = httpOf(server);
  const line = new Line({ visit: VISIT, socket, http, log, listener, vitals, read });
  return { line, socket, log, seen };
}

describe("the line to the room", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("enters, and fetches page after page until nothing is missing", async () => {
    const server = new Server();
    const said = Array.from({ length: 10 }, (_, index) => server.say(`${index}`).body.text);
    const { line, seen } = page(server);
    line.start();
    await settle();
    assert.deepEqual(seen.states, ["live"]);
    assert.deepEqual(seen.texts, said);
  });

  it("fetches what a pushed event shows to be missing", async () => {
    const server = new Server();
    const { line, socket, seen } = page(server);
    line.start();
    await settle();
    server.say("one");
    server.say("two");
    socket.emit("event", server.say("three"));
    await settle();
    assert.deepEqual(seen.texts, ["one", "two", "three"]);
  });

  it("fetches what a beat shows to be missing", async () => {
    const server = new Server();
    const { line, seen } = page(server);
    line.start();
    await settle();
    server.say("never pushed");
    await pass(BEAT_EVERY + 100);
    assert.deepEqual(seen.texts, ["never pushed"]);
  });

  it("passes over what belongs to another visit", async () => {
    const server = new Server();
    const { line, socket, seen } = page(server);
    line.start();
    await settle();
    socket.emit("event", { ...server.say("not ours"), visit: "visit-2" });
    socket.emit("receipt", undefined);
    socket.emit("closed", { visit: "visit-2", message: "not us" });
    assert.deepEqual([seen.texts, seen.receipts, line.state], [[], [], "live"]);
  });

  it("says at once that the line is cut, comes back and has what was missed once", async () => {
    const server = new Server();
    server.say("before");
    const { line, socket, seen } = page(server);
    line.start();
    await settle();
    server.isUp = false;
    socket.drop();
    assert.equal(line.state, "cut");
    server.say("meanwhile");
    await pass(20_000);
    assert.equal(line.state, "cut");
    server.isUp = true;
    await pass(12_000);
    assert.equal(line.state, "live");
    assert.deepEqual(seen.texts, ["before", "meanwhile"]);
  });

  it("notices a line that is open and dead", async () => {
    const server = new Server();
    const { line, seen } = page(server);
    line.start();
    await settle();
    server.hangs = true;
    await pass(BEAT_EVERY + ANSWER_WITHIN + 200);
    assert.equal(line.state, "cut");
    server.hangs = false;
    await pass(12_000);
    assert.equal(seen.states.at(-1), "live");
  });

  it("asks over HTTP where no socket gets through, and goes on trying for one", async () => {
    const server = new Server();
    server.takesSockets = false;
    server.say("one");
    const { line, socket, seen } = page(server);
    line.start();
    await pass(3000);
    assert.equal(line.state, "polling");
    server.say("two");
    await pass(POLL_EVERY + 100);
    assert.deepEqual(seen.texts, ["one", "two"]);
    assert.deepEqual(await line.append({ key: "k", kind: "m", body: { text: "three" } }), {
      ok: true,
      seq: 3,
    });
    await pass(POLL_EVERY + 100);
    assert.deepEqual(seen.texts, ["one", "two", "three"]);
    const tries = socket.tries;
    await pass(60_000);
    assert.ok(socket.tries > tries);
    assert.equal(line.state, "polling");
    server.takesSockets = true;
    await pass(31_000);
    assert.equal(line.state, "live");
    server.asked = [];
    await pass(4000);
    assert.equal(server.asked.filter(([name]) => name === "catch_up").length, 0);
  });

  it("says that nothing gets through when HTTP fails too", async () => {
    const server = new Server();
    server.takesSockets = false;
    const { line } = page(server);
    line.start();
    await pass(3000);
    server.isUp = false;
    await pass(POLL_EVERY + 100);
    assert.equal(line.state, "cut");
    assert.equal((await line.append({ key: "k", kind: "m", body: {} })).code, "offline");
  });

  it("comes back at once when the device says that it is online", async () => {
    const server = new Server();
    server.isUp = false;
    const { line } = page(server);
    line.start();
    await pass(30_000);
    server.isUp = true;
    line.kick();
    await settle();
    assert.equal(line.state, "live");
  });

  it("looks at once when the page is looked at again", async () => {
    const server = new Server();
    const { line } = page(server);
    line.start();
    await settle();
    server.asked = [];
    line.kick();
    assert.deepEqual(server.asked, [["beat", { visit: VISIT, visible: true }]]);
  });

  it("gives up at once a line that slept with its device", async () => {
    const server = new Server();
    const { line, socket, seen } = page(server);
    line.start();
    await settle();
    line.heardAt = Date.now() - 300_000;
    server.say("while asleep");
    line.kick();
    assert.equal(socket.connected, false);
    await pass(1000);
    assert.deepEqual(seen.texts, ["while asleep"]);
  });

  it("gives a line that was silent for a while two seconds to answer, and does not drop it before", async () => {
    const server = new Server();
    const { line, socket } = page(server);
    line.start();
    await settle();
    line.heardAt = Date.now() - 20_000;
    line.kick();
    await settle();
    assert.equal(socket.tries, 1);
    server.hangs = true;
    line.heardAt = Date.now() - 20_000;
    line.kick();
    await pass(2100);
    assert.equal(line.state, "cut");
    server.hangs = false;
    await pass(1000);
    assert.equal(line.state, "live");
  });

  it("gives up a try that began before the device slept", async () => {
    const server = new Server();
    const { line, socket } = page(server);
    socket.connect = () => {
      socket.tries += 1;
    };
    line.start();
    line.kick();
    assert.equal(socket.tries, 1);
    line.tries.since = Date.now() - 300_000;
    line.kick();
    assert.equal(socket.tries, 2);
  });

  it("gives no answer's place a word of its own", async () => {
    const server = new Server();
    const { line } = page(server);
    line.start();
    await settle();
    server.hangs = true;
    const answer = line.append({ key: "k", kind: "m", body: { text: "hello" } });
    await pass(ANSWER_WITHIN + 100);
    assert.deepEqual(await answer, { ok: false, code: "timeout" });
  });

  it("stops when the person may no longer be here, and says why", async () => {
    const server = new Server();
    const { line, socket, seen } = page(server);
    line.start();
    await settle();
    socket.emit("closed", { visit: VISIT, code: "not_found", message: "You are no longer part." });
    const tries = socket.tries;
    await pass(60_000);
    line.kick();
    await settle();
    assert.equal(line.state, "closed");
    assert.equal(seen.messages.at(-1), "You are no longer part.");
    assert.equal(socket.tries, tries);
  });

  it("asks to sign in again when the sign-in ends meanwhile", async () => {
    const server = new Server();
    const { line, socket } = page(server);
    line.start();
    await settle();
    socket.emit("closed", { visit: VISIT, code: "unauthenticated", message: "Please sign in." });
    assert.equal(line.state, "signed_out");
  });

  it("stops when entering is refused", async () => {
    const server = new Server();
    server.refusal = { code: "not_found" };
    const { line } = page(server);
    line.start();
    await settle();
    assert.equal(line.state, "closed");
  });

  it("asks to sign in again, and tries once more when the page is looked at", async () => {
    const server = new Server();
    server.unauthenticated = true;
    const { line, socket } = page(server);
    line.start();
    await settle();
    assert.equal(line.state, "signed_out");
    await pass(60_000);
    assert.equal(socket.tries, 1);
    server.unauthenticated = false;
    line.kick();
    await settle();
    assert.equal(line.state, "live");
  });

  it("tries again when a server that is busy lets nobody in", async () => {
    const server = new Server();
    server.refusal = { code: "busy" };
    const { line } = page(server);
    line.start();
    await pass(1000);
    assert.notEqual(line.state, "closed");
    server.refusal = null;
    await pass(12_000);
    assert.equal(line.state, "live");
  });

  it("gives up a server that takes the connection and says nothing", async () => {
    const server = new Server();
    const { line, socket } = page(server);
    socket.connect = () => {
      socket.tries += 1;
    };
    line.start();
    await pass(25_000);
    assert.ok(socket.tries >= 2);
  });

  it("leaves only when asked to", async () => {
    const server = new Server();
    const { line } = page(server);
    line.start();
    await settle();
    await line.leave();
    assert.equal(server.asked.at(-1)[0], "leave");
    assert.equal(line.state, "closed");
  });

  it("tells only who is there of typing", async () => {
    const server = new Server();
    const { line } = page(server);
    line.tell("typing", { channel: "room", on: true });
    assert.deepEqual(server.asked, []);
    line.start();
    await settle();
    line.tell("typing", { channel: "room", on: true });
    assert.deepEqual(server.asked.at(-1), ["typing", { visit: VISIT, channel: "room", on: true }]);
  });
});
