import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backoff } from "../../static/js/lib/backoff.js";
import { elapsed, ServerClock, softly, timeOfDay } from "../../static/js/lib/clock.js";
import { momentWords, presenceWords } from "../../static/js/lib/words.js";

const MINUTE = 60_000;
const ZONE = "Europe/Berlin";

describe("times", () => {
  it("are shown in the reader's zone with its name", () => {
    assert.equal(timeOfDay("2026-11-22T13:03:00Z", ZONE), "14:03 CET");
    assert.equal(timeOfDay("2026-07-22T13:03:00Z", ZONE), "15:03 CEST");
    assert.equal(timeOfDay("2026-11-22T23:30:00Z", ZONE), "00:30 CET");
    assert.match(timeOfDay("2026-11-22T13:03:00Z", "America/New_York"), /^08:03 /);
  });

  it("last to the minute for who counts", () => {
    assert.equal(elapsed(-5), "0 min");
    assert.equal(elapsed(59_999), "0 min");
    assert.equal(elapsed(42 * MINUTE), "42 min");
    assert.equal(elapsed(65 * MINUTE), "1 h 05 min");
  });

  it("last softly for who should not count", () => {
    assert.equal(softly(0), "just begun");
    assert.equal(softly(4 * MINUTE), "about 5 minutes");
    assert.equal(softly(26 * MINUTE), "about 25 minutes");
    assert.equal(softly(58 * MINUTE), "about an hour");
    assert.equal(softly(92 * MINUTE), "about 1½ hours");
    assert.equal(softly(125 * MINUTE), "about 2 hours");
  });

  it("follow the server's clock, not a device's that is wrong", () => {
    let device = Date.parse("2026-11-22T10:00:00Z");
    const clock = new ServerClock(() => device);
    const asked = device;
    device += 200;
    clock.learn("2026-11-22T13:00:00.100Z", asked);
    assert.equal(new Date(clock.now()).toISOString(), "2026-11-22T13:00:00.200Z");
    assert.equal(clock.since("2026-11-22T12:59:00.200Z"), MINUTE);
    assert.equal(clock.since("2026-11-22T14:00:00Z"), 0);
    clock.learn(undefined, asked);
    assert.equal(clock.since("2026-11-22T12:59:00.200Z"), MINUTE);
  });
});

describe("presence in words", () => {
  const at = "2026-11-22T13:03:00.000Z";
  const said = (state, since = at, last_seen = at) =>
    presenceWords({ state, since, last_seen }, ZONE);

  it("says how somebody is there", () => {
    assert.equal(said("here"), "connected");
    assert.equal(said("away"), "connected, screen hidden");
    assert.equal(said("lost"), "last seen 14:03 CET");
    assert.equal(said("left", "2026-11-22T13:10:00Z"), "left 14:10 CET");
  });

  it("says that somebody has not been here", () => {
    assert.equal(said("left", null, null), "not here yet");
    assert.equal(presenceWords(undefined, ZONE), "not here yet");
  });
});

describe("moments in words", () => {
  const who = (id) => (id === "mara" ? "You" : "Jonas");
  const words = (kind, body, participant = "jonas") =>
    momentWords({ kind, body, by: { participant } }, who, { peak: "Peak" })?.text;

  it("say what happened and to whom", () => {
    assert.equal(words("signal.sent", { signal: "help" }), "Jonas: “I need help now”");
    assert.equal(words("phase.entered", { phase: "peak" }), "Peak");
    assert.equal(words("participant.entered", { participant: "mara" }), "You came into the room");
    assert.equal(words("participant.returned", { participant: "mara" }), "You are back");
    assert.equal(words("participant.returned", { participant: "jonas" }), "Jonas is back");
    assert.equal(
      words("participant.lost", { participant: "jonas" }),
      "The connection to Jonas was lost",
    );
    assert.equal(words("participant.left", { participant: "jonas" }), "Jonas left the room");
    assert.equal(words("visit.ended", {}), "The visit has ended");
  });

  it("say nothing of kinds that have no line of their own", () => {
    assert.equal(words("message.withdrawn", { seq: 1 }), undefined);
    assert.equal(words("comet.seen", {}), undefined);
  });
});

describe("the wait before the next try", () => {
  it("doubles up to the cap, and is spread over its half", () => {
    assert.equal(backoff(1, { random: () => 1 }), 500);
    assert.equal(backoff(3, { random: () => 1 }), 2000);
    assert.equal(backoff(3, { random: () => 0 }), 1000);
    assert.equal(backoff(5000, { random: () => 1 }), 4000);
    assert.equal(backoff(0, { random: () => 1 }), 500);
  });
});
