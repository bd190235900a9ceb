import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { clearPrivateOfOthers, NoteDrafts } from "../../static/js/lib/note_drafts.js";
import { sealedBox } from "../../static/js/lib/sealed_box.js";

const KEY = Buffer.alloc(32, 7).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 8).toString("base64");
const MARA = { reader: "mara", visit: "v1", layer: "private", page: "p1" };

class MemoryStorage {
  constructor() {
    this.items = new Map();
  }
  get length() {
    return this.items.size;
  }
  key(index) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, value) {
    this.items.set(key, value);
  }
  removeItem(key) {
    this.items.delete(key);
  }
}

async function draftsOf(storage, place, key = KEY) {
  return new NoteDrafts(storage, await sealedBox(key, webcrypto), place);
}

test("a text that was not saved is there when the page is opened again", async () => {
  const storage = new MemoryStorage();
  await (await draftsOf(storage, MARA)).keep({ text: "the sea", version: 3, at: 5 });
  const left = await (await draftsOf(storage, { ...MARA, page: "p2" })).left();
  assert.deepEqual(
    left.map(({ text, version, at }) => ({ text, version, at })),
    [{ text: "the sea", version: 3, at: 5 }],
  );
});

test("nothing on the device shows the words", async () => {
  const storage = new MemoryStorage();
  await (await draftsOf(storage, MARA)).keep({ text: "the quiet sea", version: 3, at: 5 });
  const held = [...storage.items].flat().join();
  assert.ok(held.includes("mara"));
  assert.ok(!held.includes("quiet"));
  assert.ok(!Buffer.from([...storage.items.values()][0], "base64").includes("quiet"));
});

test("another person's page neither lists nor opens the copy", async () => {
  const storage = new MemoryStorage();
  await (await draftsOf(storage, MARA)).keep({ text: "the sea", version: 3, at: 5 });
  const otto = await draftsOf(storage, { ...MARA, reader: "otto", page: "p2" }, OTHER_KEY);
  assert.deepEqual(await otto.left(), []);
  const thief = await draftsOf(storage, { ...MARA, page: "p2" }, OTHER_KEY);
  assert.deepEqual(await thief.left(), []);
});

test("two pages keep their own texts, the latest is offered first", async () => {
  const storage = new MemoryStorage();
  await (await draftsOf(storage, MARA)).keep({ text: "first", version: 1, at: 5 });
  await (await draftsOf(storage, { ...MARA, page: "p2" })).keep({
    text: "second",
    version: 1,
    at: 6,
  });
  const left = await (await draftsOf(storage, { ...MARA, page: "p3" })).left();
  assert.deepEqual(
    left.map(({ text }) => text),
    ["second", "first"],
  );
});

test("a copy whose text is saved meanwhile does not come back", async () => {
  const storage = new MemoryStorage();
  const drafts = await draftsOf(storage, MARA);
  const keeping = drafts.keep({ text: "the sea", version: 3, at: 5 });
  drafts.drop();
  await keeping;
  assert.equal(storage.length, 0);
});

test("private texts of others are cleared, shared ones and one's own stay", async () => {
  const storage = new MemoryStorage();
  const places = [
    MARA,
    { ...MARA, layer: "shared" },
    { ...MARA, reader: "otto" },
    { ...MARA, reader: "otto", layer: "shared" },
  ];
  for (const place of places) {
    await (await draftsOf(storage, place)).keep({ text: "x", version: 1, at: 1 });
  }
  storage.setItem("theme", "dark");
  clearPrivateOfOthers(storage, "otto");
  assert.deepEqual([...storage.items.keys()].sort(), [
    "hearthside.note.mara.shared.v1.p1",
    "hearthside.note.otto.private.v1.p1",
    "hearthside.note.otto.shared.v1.p1",
    "theme",
  ]);
});

test("a browser without cryptography keeps nothing and says so", async () => {
  const storage = new MemoryStorage();
  const drafts = new NoteDrafts(storage, await sealedBox(KEY, {}), MARA);
  assert.equal(await drafts.keep({ text: "x", version: 1, at: 1 }), false);
  assert.equal(storage.length, 0);
});

test("a full device is not a crash", async () => {
  const storage = new MemoryStorage();
  storage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  const drafts = await draftsOf(storage, MARA);
  assert.equal(await drafts.keep({ text: "x", version: 1, at: 1 }), false);
});
