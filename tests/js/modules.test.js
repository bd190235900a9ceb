/** Elements get the classes they name, once each, and one that fails leaves the others served. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { moduleOf, start } from "../../static/js/lib/modules.js";

/** An element of which only the attribute is asked. */
const element = (names) => ({ getAttribute: () => names });
const root = (...elements) => ({ querySelectorAll: () => elements });

class Lamp {
  constructor(served) {
    this.element = served;
  }
}

class Bell extends Lamp {}

class Broken {
  constructor() {
    throw new Error("no bulb");
  }
}

test("an element is served by each class it names", () => {
  const both = element("lamp  bell");
  start({ lamp: Lamp, bell: Bell }, root(both));
  assert.equal(moduleOf(both, "lamp").element, both);
  assert.ok(moduleOf(both, "bell") instanceof Bell);
});

test("starting again makes nothing twice", () => {
  const one = element("lamp");
  start({ lamp: Lamp }, root(one));
  const first = moduleOf(one, "lamp");
  start({ lamp: Lamp }, root(one));
  assert.equal(moduleOf(one, "lamp"), first);
});

test("a name nobody registered, or one every object has, is left alone", () => {
  const odd = element("constructor window");
  start({ lamp: Lamp }, root(odd));
  assert.equal(moduleOf(odd, "constructor"), undefined);
});

test("one that fails is reported and does not stop its neighbours", () => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  const [bad, good] = [element("broken"), element("lamp")];
  start({ broken: Broken, lamp: Lamp }, root(bad, good));
  delete globalThis.reportError;
  assert.deepEqual(reported, ["no bulb"]);
  assert.ok(moduleOf(good, "lamp"));
});
