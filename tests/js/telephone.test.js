import assert from "node:assert/strict";
import { it } from "node:test";
import { telephone } from "../../static/js/lib/telephone.js";

it("dials a number as it was meant, however it was written", () => {
  assert.deepEqual(telephone("+1 (503) 555-0147"), [
    { text: "+1 (503) 555-0147", number: "+15035550147" },
  ]);
});

it("never makes one number of two", () => {
  const numbers = telephone("911 (dispatch line 503-555-0111)").map(({ number }) => number);
  assert.deepEqual(numbers, ["911", "", "", "5035550111"]);
});

it("leaves words alone", () => {
  assert.deepEqual(
    telephone("your local emergency number").filter(({ number }) => number),
    [],
  );
});
