import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Outbox } from "../../static/js/lib/outbox.js";

/** A device that keeps entries as a browser's database would: by copy. */
class Device {
  constructor(entries = []) {
    this.rows = new Map(entries.map((entry) => [entry.key, structuredClone(entry)]));
  }

  async all() {
    return structuredClone([...this.rows.values()]).sort((one, other) => one.at - other.at);
  }

  async put(entry) {
    this.rows.set(entry.key, structuredClone(entry));
  }

  async remove(key) {
    this.rows.delete(key);
  }
}

function open(device = new Device()) {
  const time = { now: 1_000_000 };
  let count = 0;
  const newKey = () => `key-${++count}-${time.now}`;
  const outbox = new Outbox({ store: device, newKey, now: () => time.now, random: () => 1 });
  const write = async (text) => {
    const { entry, kept } = outbox.add("message.posted", { text });
    await kept;
    return entry;
  };
  return { outbox, device, time, write };
}

const texts = (outbox) => outbox.entries.map((entry) => entry.body.text);

describe("the outbox", () => {
  it("keeps what was said on the device before it is sent", async () => {
    const { device, write } = open();
    await write("hello");
    assert.deepEqual(
      (await device.all()).map((entry) => entry.body.text),
      ["hello"],
    );
  });

  it("sends one after another in the order they were written", async () => {
    const { outbox, write } = open();
    const first = await write("one");
    const second = await write("two");
    assert.equal(outbox.next(), first);
    outbox.sending(first.key);
    assert.equal(outbox.next(), null);
    await outbox.answered(first.key, { ok: true, seq: 7 });
    assert.equal(outbox.next(), second);
  });

  it("keeps the order although the device's clock goes back", async () => {
    const { outbox, time, write } = open();
    await write("one");
    time.now -= 60_000;
    await write("two");
    assert.deepEqual(texts(outbox), ["one", "two"]);
  });

  it("takes a stored entry off the device and shows it until the log does", async () => {
    const { outbox, device, write } = open();
    const { key } = await write("hello");
    outbox.sending(key);
    await outbox.answered(key, { ok: true, seq: 3, repeat: true });
    assert.deepEqual(await device.all(), []);
    assert.equal(outbox.byKey.get(key).state, "stored");
    assert.equal(outbox.byKey.get(key).seq, 3);
    await outbox.forget(key);
    assert.deepEqual(outbox.entries, []);
  });

  for (const code of ["timeout", "offline", "busy", "internal", "unauthenticated"]) {
    it(`tries again with the same key after ${code}`, async () => {
      const { outbox, time, write } = open();
      const { key } = await write("hello");
      outbox.sending(key);
      await outbox.answered(key, { ok: false, code });
      assert.equal(outbox.next(), null);
      assert.ok(outbox.wait > 0);
      time.now += outbox.wait;
      assert.equal(outbox.next().key, key);
    });
  }

  it("says that it is not saved while the server cannot, and tries again within four seconds", async () => {
    const { outbox, time, write } = open();
    const { key } = await write("kept");
    for (let tries = 0; tries < 8; tries += 1) {
      await outbox.answered(key, { ok: false, code: "busy" });
      assert.equal(outbox.byKey.get(key).isUnsaved, true);
      assert.ok(outbox.wait <= 4000);
      time.now += outbox.wait;
    }
    await outbox.answered(key, { ok: false, code: "timeout" });
    assert.equal(outbox.byKey.get(key).isUnsaved, false);
  });

  it("waits longer after each failure, and not longer than the cap", async () => {
    const { outbox, time, write } = open();
    const { key } = await write("hello");
    const waits = [];
    for (let tries = 0; tries < 8; tries += 1) {
      outbox.sending(key);
      await outbox.answered(key, { ok: false, code: "offline" });
      waits.push(outbox.wait);
      time.now += outbox.wait;
    }
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000]);
  });

  it("honours the seconds that the server asks for", async () => {
    const { outbox, write } = open();
    const { key } = await write("hello");
    outbox.sending(key);
    await outbox.answered(key, { ok: false, code: "too_often", retry_after: 12 });
    assert.equal(outbox.wait, 12_000);
  });

  it("sends at once when the line is back", async () => {
    const { outbox, write } = open();
    const { key } = await write("hello");
    outbox.sending(key);
    await outbox.answered(key, { ok: false, code: "timeout" });
    outbox.hurry();
    assert.equal(outbox.next().key, key);
  });

  for (const code of ["bad_request", "not_found", "not_now", "too_large"]) {
    it(`keeps what was refused as ${code}, with the server's words, and goes on`, async () => {
      const { outbox, device, write } = open();
      const { key } = await write("no");
      const next = await write("yes");
      outbox.sending(key);
      await outbox.answered(key, { ok: false, code, message: "It cannot be." });
      assert.equal(outbox.byKey.get(key).state, "failed");
      assert.equal(outbox.byKey.get(key).message, "It cannot be.");
      assert.equal((await device.all())[0].state, "failed");
      assert.equal(outbox.next(), next);
    });
  }

  it("says so after many faults of the server", async () => {
    const { outbox, time, write } = open();
    const { key } = await write("hello");
    for (let tries = 0; tries < 6; tries += 1) {
      outbox.sending(key);
      await outbox.answered(key, { ok: false, code: "internal", message: "Nothing was stored." });
      time.now += 60_000;
    }
    assert.equal(outbox.byKey.get(key).state, "failed");
  });

  it("says a refused thing again under a new key", async () => {
    const { outbox, device, write } = open();
    const { key } = await write("hello");
    outbox.sending(key);
    await outbox.answered(key, { ok: false, code: "not_now", message: "Not now." });
    const again = await outbox.again(key);
    assert.notEqual(again.key, key);
    assert.deepEqual(texts(outbox), ["hello"]);
    assert.deepEqual(
      (await device.all()).map((entry) => entry.key),
      [again.key],
    );
  });

  it("says nothing again that was not refused", async () => {
    const { outbox, write } = open();
    const { key } = await write("hello");
    assert.equal(await outbox.again(key), null);
    assert.equal(await outbox.again("unknown"), null);
    assert.equal(outbox.entries.length, 1);
  });

  it("has after a reload what waited and what was refused, with their keys", async () => {
    const before = open();
    const sent = await before.write("was being sent");
    before.outbox.sending(sent.key);
    const refused = await before.write("refused");
    await before.outbox.refused(refused.key, "It cannot be.");
    const { outbox } = open(before.device);
    await outbox.load();
    assert.deepEqual(
      outbox.entries.map(({ key, state }) => [key, state]),
      [
        [sent.key, "queued"],
        [refused.key, "failed"],
      ],
    );
    assert.equal(outbox.next().key, sent.key);
  });

  it("lets a signal pass before messages that wait", async () => {
    const { outbox, write } = open();
    const message = await write("first");
    outbox.sending(message.key);
    await outbox.answered(message.key, { ok: false, code: "too_often", retry_after: 60 });
    const { entry } = outbox.add("signal.sent", { signal: "help" });
    assert.equal(outbox.next(), entry);
  });

  it("takes in what another tab wrote once", async () => {
    const { outbox, write } = open();
    const entry = await write("hello");
    outbox.adopt(structuredClone(entry));
    outbox.adopt({ ...structuredClone(entry), key: "other", at: entry.at + 1 });
    assert.equal(outbox.entries.length, 2);
  });

  it("leaves a stored entry stored whatever a late answer says", async () => {
    const { outbox, write } = open();
    const { key } = await write("hello");
    await outbox.stored(key, 4);
    await outbox.answered(key, { ok: false, code: "timeout" });
    assert.equal(outbox.byKey.get(key).state, "stored");
    assert.equal(outbox.wait, null);
  });

  it("answers nothing about what it does not hold", async () => {
    const { outbox } = open();
    await outbox.answered("unknown", { ok: true, seq: 1 });
    await outbox.refused("unknown", "no");
    await outbox.forget("unknown");
    assert.deepEqual(outbox.entries, []);
  });

  it("tells when the device cannot keep what was said, and has it in memory", async () => {
    const device = new Device();
    device.put = async () => {
      throw new Error("quota");
    };
    const { outbox } = open(device);
    const { kept } = outbox.add("message.posted", { text: "hello" });
    await assert.rejects(kept, /quota/);
    assert.deepEqual(texts(outbox), ["hello"]);
  });
});
