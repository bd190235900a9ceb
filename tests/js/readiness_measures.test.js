/** The device tests' figures come out of raw samples as people would reckon them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixFor } from "../../static/js/lib/readiness_fixes.js";
import {
  brightness,
  connectionAnswer,
  Ear,
  isVisible,
  lossPercent,
  loudness,
  median,
  megabits,
} from "../../static/js/lib/readiness_measures.js";

test("the median is the middle, or between the two middles", () => {
  assert.equal(median([]), 0);
  assert.equal(median([9]), 9);
  assert.equal(median([30, 10, 20]), 20);
  assert.equal(median([40, 10, 20, 30]), 25);
});

test("what never came back is lost", () => {
  assert.equal(lossPercent([]), 100);
  assert.equal(lossPercent([10, null, 12, 14]), 25);
  assert.equal(lossPercent([null, null]), 100);
});

test("a speed is bits in the time they moved, the waiting aside", () => {
  assert.equal(megabits(125_000, 1050, 50), 1);
  assert.equal(megabits(125_000, Number.POSITIVE_INFINITY), 0);
  assert.ok(megabits(125_000, 10, 50) > 0);
});

test("a dead line is an answer too", () => {
  const answer = connectionAnswer({ tries: [null, null], up: 0, down: 0 });
  assert.deepEqual(answer, { round_trip_ms: 60_000, loss_percent: 100, up_mbps: 0, down_mbps: 0 });
});

test("a connection's figures are rounded as people read them", () => {
  const answer = connectionAnswer({ tries: [41.4, null, 44.2], up: 2.71111, down: 1e9 });
  assert.equal(answer.round_trip_ms, 43);
  assert.equal(answer.loss_percent, 33.3);
  assert.equal(answer.up_mbps, 2.71);
  assert.equal(answer.down_mbps, 100_000);
});

test("a black, a covered and an evenly grey picture show nobody", () => {
  const flat = (level) => Array.from({ length: 400 }, (_, at) => (at % 4 === 3 ? 255 : level));
  assert.equal(isVisible(brightness(flat(0))), false);
  assert.equal(isVisible(brightness(flat(12))), false);
  assert.equal(isVisible(brightness(flat(120))), false);
  const lively = flat(120).map((level, at) => (at % 8 < 3 ? level + 60 : level));
  assert.equal(isVisible(brightness(lively)), true);
  assert.deepEqual(brightness([]), { mean: 0, spread: 0 });
});

test("loudness is that of the whole piece", () => {
  assert.equal(loudness([]), 0);
  assert.equal(loudness([0.5, -0.5]), 0.5);
});

test("a knock is no voice", () => {
  const ear = new Ear({ loud: 0.1, enough: 3 });
  assert.equal(ear.hear(0.9), false);
  assert.equal(ear.hear(0.01), false);
  assert.equal(ear.hear(0.2), false);
  assert.equal(ear.hear(0.2), true);
});

test("every failure has a fix in plain words", () => {
  assert.match(fixFor({ name: "NotAllowedError" }, "camera"), /allow the camera/);
  assert.match(fixFor({ name: "NotFoundError" }, "microphone"), /no microphone/);
  assert.match(fixFor({ name: "NotReadableError" }, "camera"), /Another app/);
  assert.match(fixFor({ name: "toString" }, "camera"), /Reload/);
  assert.match(fixFor(null, "camera"), /Reload/);
});
