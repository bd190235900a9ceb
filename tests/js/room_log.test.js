import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RoomView } from "../../static/js/lib/folds.js";
import { ChannelLog } from "../../static/js/lib/log.js";
import { Receipts } from "../../static/js/lib/receipts.js";

const event = (seq, kind = "message.posted", body = { text: `${seq}` }, by = {}) => ({
  seq,
  kind,
  body,
  key: `key-${seq}`,
  at: `2026-11-22T14:${String(seq).padStart(2, "0")}:00.000Z`,
  by: { participant: "jonas", role: "patient", ...by },
});
const seqs = (events) => events.map(({ seq }) => seq);

describe("the log of a channel", () => {
  it("lets events through in their order", () => {
    const log = new ChannelLog();
    assert.deepEqual(seqs(log.receive([event(2), event(1), event(3)])), [1, 2, 3]);
    assert.equal(log.hasGap, false);
  });

  it("holds back what comes before its turn, and lets it through once the gap is filled", () => {
    const log = new ChannelLog();
    assert.deepEqual(seqs(log.receive([event(1), event(4)])), [1]);
    assert.equal(log.hasGap, true);
    assert.deepEqual(seqs(log.receive([event(3)])), []);
    assert.deepEqual(seqs(log.receive([event(2)])), [2, 3, 4]);
    assert.equal(log.hasGap, false);
  });

  it("lets nothing through twice", () => {
    const log = new ChannelLog();
    log.receive([event(1), event(2)]);
    assert.deepEqual(log.receive([event(1), event(2), event(2)]), []);
    assert.equal(log.ahead.size, 0);
  });

  it("knows from a head alone that something is missing", () => {
    const log = new ChannelLog();
    log.receive([event(1)]);
    log.saw(3);
    assert.equal(log.hasGap, true);
    log.saw(2);
    log.saw(undefined);
    assert.equal(log.head, 3);
  });

  it("gives the same whatever order a hundred events arrive in", () => {
    const all = Array.from({ length: 100 }, (_, index) => event(index + 1));
    for (let round = 0; round < 50; round += 1) {
      const log = new ChannelLog();
      const shuffled = [...all, ...all.slice(40, 60)].sort(() => Math.random() - 0.5);
      const through = shuffled.flatMap((each) => log.receive([each]));
      assert.deepEqual(seqs(through), seqs(all));
    }
  });
});

describe("what a room shows", () => {
  const phase = (seq, name) => event(seq, "phase.entered", { phase: name }, { role: "therapist" });
  const signal = (seq, name) => event(seq, "signal.sent", { signal: name });
  const mara = { participant: "mara", role: "therapist" };

  it("follows the phases", () => {
    const view = new RoomView({ arrival: ["settling"], settling: ["dosing", "closing"] });
    assert.deepEqual(view.next, ["settling"]);
    view.apply(phase(1, "settling"));
    view.apply(phase(5, "settling"));
    assert.equal(view.phase, "settling");
    assert.equal(view.begun, event(1).at);
    assert.equal(view.since, event(5).at);
    assert.deepEqual(view.next, ["dosing", "closing"]);
  });

  it("leads nowhere once the visit has ended", () => {
    const view = new RoomView({ arrival: ["settling"] });
    view.apply(event(1, "visit.ended", {}));
    assert.equal(view.ended, true);
    assert.deepEqual(view.next, []);
  });

  it("raises a call until somebody who gives care writes", () => {
    const view = new RoomView();
    view.apply(signal(1, "check_on_me"));
    assert.equal(view.alarm.signal, "check_on_me");
    view.apply(event(2));
    assert.equal(view.alarm.seq, 1);
    view.apply(event(3, "message.posted", { text: "I am with you." }, mara));
    assert.equal(view.alarm, null);
  });

  it("keeps a call that a message passed unseen", () => {
    const view = new RoomView();
    view.apply(signal(1, "help"));
    view.apply(event(2, "message.posted", { text: "Are you there?" }, mara), { isBlind: true });
    assert.equal(view.alarm.signal, "help");
    view.apply(event(3, "message.posted", { text: "I am with you." }, mara));
    assert.equal(view.alarm, null);
  });

  it("puts help before every other call, whichever came first", () => {
    const view = new RoomView();
    view.apply(signal(1, "help"));
    view.apply(signal(2, "check_on_me"));
    view.apply(signal(3, "ok"));
    assert.equal(view.alarm.signal, "help");
  });

  it("raises no call for the other signals", () => {
    const view = new RoomView();
    view.apply(signal(1, "ok"));
    view.apply(signal(2, "stop_music"));
    assert.equal(view.alarm, null);
  });

  it("begins from where the server drew the page", () => {
    const view = new RoomView({ peak: ["softening"] });
    const help = { signal: "help", participant: "jonas", seq: 8, at: event(8).at };
    view.begin({ phase: "peak", since: "a", begun: "b", signal: help, ended: false }, 6);
    assert.deepEqual(view.next, ["softening"]);
    assert.equal(view.alarm.seq, 8);
  });

  it("knows what was withdrawn, and passes over kinds it does not know", () => {
    const view = new RoomView();
    view.apply(event(1, "message.withdrawn", { seq: 4 }));
    view.apply(event(2, "comet.seen", {}));
    assert.ok(view.withdrawn.has(4));
  });
});

describe("receipts", () => {
  it("make an own message delivered and read when one other person has it", () => {
    const receipts = new Receipts("mara");
    assert.equal(receipts.stateOf(3), "sent");
    receipts.receive({ participant: "jonas", delivered: 3, read: 1 });
    assert.equal(receipts.stateOf(3), "delivered");
    assert.equal(receipts.stateOf(4), "sent");
    receipts.receive({ participant: "adaeze", delivered: 9, read: 3 });
    assert.equal(receipts.stateOf(3), "read");
  });

  it("only move forward", () => {
    const receipts = new Receipts("mara");
    assert.equal(receipts.receive({ participant: "jonas", delivered: 5, read: 5 }), true);
    assert.equal(receipts.receive({ participant: "jonas", delivered: 2, read: 2 }), false);
    assert.equal(receipts.stateOf(5), "read");
  });

  it("take what is read for delivered, and one's own marks for nothing", () => {
    const receipts = new Receipts("mara");
    receipts.receive({ participant: "mara", delivered: 9, read: 9 });
    assert.equal(receipts.stateOf(1), "sent");
    receipts.receive({ participant: "jonas", read: 4 });
    assert.equal(receipts.others.get("jonas").delivered, 4);
  });
});
