import assert from "node:assert/strict";
import { test } from "node:test";
import { timeOfDay } from "../../static/js/lib/clock.js";
import { canonical, movedCaret, together, withQuotation } from "../../static/js/lib/note_text.js";

test("two texts are the same when only line ends and outer white space differ", () => {
  assert.equal(canonical("  one\r\ntwo\rthree\n"), "one\ntwo\nthree");
});

test("a quotation into an empty note stands on a line of its own", () => {
  assert.deepEqual(withQuotation("", 0, "> 14:03 CET Jonas: It is quiet."), {
    text: "> 14:03 CET Jonas: It is quiet.\n",
    caret: 32,
  });
});

test("a quotation in the middle of a line begins a new one, and writing goes on after it", () => {
  const { text, caret } = withQuotation("He said: and then", 8, "> x");
  assert.equal(text, "He said:\n> x\n and then");
  assert.equal(text.slice(caret), " and then");
});

test("the caret stays with its words when somebody writes above, below or around it", () => {
  const at = (before, after, caret) => after.slice(0, movedCaret(before, after, caret));
  assert.equal(at("one two", "zero one two", 3), "zero one");
  assert.equal(at("one two", "one two three", 3), "one");
  assert.equal(movedCaret("abc", "", 2), 0);
  assert.equal(movedCaret("same", "same", 4), 4);
});

test("two texts put together hold every word of both", () => {
  assert.equal(together("mine\n", "theirs", "Mara"), "mine\n\n--- Mara:\ntheirs\n");
});

test("a time carries the zone's name as people there write it", () => {
  const winter = "2026-01-10T13:03:00Z";
  assert.equal(timeOfDay(winter, "Europe/Berlin"), "14:03 CET");
  assert.equal(timeOfDay(winter, "America/Los_Angeles"), "05:03 PST");
  assert.equal(timeOfDay("2026-07-10T13:03:00Z", "America/New_York"), "09:03 EDT");
  assert.equal(timeOfDay(winter, "UTC"), "13:03 UTC");
});
