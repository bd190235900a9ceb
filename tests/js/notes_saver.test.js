import assert from "node:assert/strict";
import { test } from "node:test";
import { NoteSaver } from "../../static/js/lib/note_saver.js";

/** A server that keeps one note, and a clock that is moved by hand. */
class Desk {
  constructor({ version = 1, text = "" } = {}) {
    this.note = { version, text };
    this.sent = [];
    this.told = [];
    this.timers = [];
    this.now = 0;
    this.answer = null;
    this.saver = new NoteSaver({
      version,
      text,
      send: async (save) => this.receive(save),
      tell: (state) => this.told.push(state),
      later: (work, ms) => this.timers.push({ work, at: this.now + ms }) - 1,
      cancel: (id) => delete this.timers[id],
    });
  }

  receive({ text, base_version }) {
    this.sent.push(text);
    if (this.answer) {
      return this.answer;
    }
    return this.store(text, base_version);
  }

  store(text, base) {
    if (this.note.text !== text) {
      if (this.note.version !== base) {
        return { ok: false, code: "not_now", theirs: this.note.text, version: this.note.version };
      }
      this.note = { version: base + 1, text };
    }
    return { ok: true, version: this.note.version };
  }

  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = Object.entries(this.timers)
        .filter(([, timer]) => timer && timer.at <= end)
        .sort(([, one], [, other]) => one.at - other.at)[0];
      if (!due) {
        break;
      }
      delete this.timers[due[0]];
      this.now = due[1].at;
      due[1].work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.now = end;
  }
}

test("it saves a second and a half after typing stops", async () => {
  const desk = new Desk();
  desk.saver.typed("the sea");
  await desk.pass(1400);
  assert.deepEqual(desk.sent, []);
  await desk.pass(200);
  assert.deepEqual(desk.sent, ["the sea"]);
  assert.deepEqual(desk.told, ["saving", "saved"]);
});

test("it saves every five seconds while typing goes on", async () => {
  const desk = new Desk();
  let text = "";
  for (let second = 0; second < 12; second += 1) {
    text += "a";
    desk.saver.typed(text);
    await desk.pass(1000);
  }
  assert.equal(desk.sent.length, 2);
});

test("text that is saved already is not sent", async () => {
  const desk = new Desk({ text: "the sea" });
  desk.saver.typed("the sea \n");
  await desk.pass(10_000);
  assert.deepEqual(desk.sent, []);
});

test("words typed during a save follow in the next one", async () => {
  const desk = new Desk();
  desk.saver.typed("one");
  const saving = desk.saver.flush();
  desk.saver.typed("one two");
  await saving;
  assert.equal(desk.saver.unsaved, true);
  await desk.pass(2000);
  assert.equal(desk.note.text, "one two");
});

test("without a network it says so and tries again until it is saved", async () => {
  const desk = new Desk();
  desk.answer = { ok: false, code: "offline" };
  desk.saver.typed("the sea");
  await desk.pass(20_000);
  assert.ok(desk.sent.length > 2);
  assert.equal(desk.told.at(-1), "local");
  desk.answer = null;
  await desk.pass(20_000);
  assert.equal(desk.note.text, "the sea");
  assert.equal(desk.told.at(-1), "saved");
});

test("a save whose answer was lost is not taken for somebody else's", async () => {
  const desk = new Desk();
  desk.saver.send = async ({ text, base_version }) => {
    desk.store(text, base_version);
    return { ok: false, code: "offline" };
  };
  desk.saver.typed("one");
  await desk.saver.flush();
  desk.saver.send = async (save) => desk.receive(save);
  desk.saver.typed("one two");
  await desk.pass(20_000);
  assert.equal(desk.note.text, "one two");
  assert.ok(!desk.told.includes("conflict"));
});

test("a late save stops everything until the person has chosen", async () => {
  const desk = new Desk({ text: "first" });
  desk.note = { version: 2, text: "theirs" };
  desk.saver.typed("mine");
  await desk.pass(2000);
  assert.equal(desk.told.at(-1), "conflict");
  desk.saver.typed("mine and more");
  await desk.pass(60_000);
  assert.equal(desk.sent.length, 1);
  assert.equal(desk.note.text, "theirs");
  assert.equal(await desk.saver.resolve("mine, theirs"), true);
  assert.deepEqual(desk.note, { version: 3, text: "mine, theirs" });
});

test("choosing the other text saves nothing again", async () => {
  const desk = new Desk({ text: "first" });
  desk.note = { version: 2, text: "theirs" };
  desk.saver.typed("mine");
  await desk.saver.flush();
  assert.equal(await desk.saver.resolve("theirs"), true);
  assert.equal(desk.note.version, 2);
  assert.equal(desk.told.at(-1), "saved");
});

test("what another saved is taken over only while nothing here is unsaved", () => {
  const desk = new Desk({ text: "first" });
  assert.equal(desk.saver.take({ version: 1, text: "first" }), false);
  assert.equal(desk.saver.take({ version: 2, text: "theirs" }), true);
  desk.saver.typed("theirs and mine");
  assert.equal(desk.saver.take({ version: 3, text: "other" }), false);
  assert.equal(desk.saver.text, "theirs and mine");
});

test("a signed note takes nothing more", async () => {
  const desk = new Desk();
  desk.answer = { ok: false, code: "not_now", signed: true, theirs: "", version: 1 };
  desk.saver.typed("too late");
  await desk.pass(2000);
  desk.saver.typed("still too late");
  await desk.pass(60_000);
  assert.equal(desk.sent.length, 1);
  assert.equal(desk.told.at(-1), "signed");
  assert.equal(desk.saver.unsaved, true);
});

test("what cannot be mended by trying again is not tried again", async () => {
  const desk = new Desk();
  desk.answer = { ok: false, code: "bad_request", field: "text" };
  desk.saver.typed("bad");
  await desk.pass(60_000);
  assert.equal(desk.sent.length, 1);
  assert.equal(desk.told.at(-1), "failed");
});
