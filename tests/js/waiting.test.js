/** Somebody who waits is told of once, and stands in the title as long as they wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals, titleWith } from "../../static/js/lib/waiting.js";

const ada = { id: "a", words: "Ada Brandt is waiting in the room." };
const ben = { id: "b", words: "Ben Castillo is waiting in the room." };

test("whoever has just come is told of", () => {
  assert.equal(arrivals([], [ada]), ada.words);
});

test("whoever was told of already is not told of again", () => {
  assert.equal(arrivals(["a"], [ada]), "");
});

test("two who come at once are told of in one breath", () => {
  assert.equal(arrivals([], [ada, ben]), `${ada.words} ${ben.words}`);
});

test("the title counts those who wait, and is plain when nobody does", () => {
  assert.equal(titleWith("Good morning, Mara", 2), "(2) waiting · Good morning, Mara");
  assert.equal(titleWith("Good morning, Mara", 0), "Good morning, Mara");
});
