import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Reopening } from "../../static/js/lib/reopening.js";
import { bundlesOf, fontsOf, isRoom, pageOrShell } from "../../static/js/lib/shell.js";

const ROOM = "/visits/00000000-0000-4000-8000-000000000001/room";
const page = (status) => new Response("page", { status });
const shell = new Response("shell");

describe("the shell of a room", () => {
  it("stands in for a room's page and for no other", () => {
    assert.equal(isRoom(ROOM), true);
    for (const other of ["/", "/visits/new", `${ROOM}/x`, ROOM.replace("room", "notes")]) {
      assert.equal(isRoom(other), false, other);
    }
  });

  it("loads the bundles that its page names", () => {
    const source =
      '<link href="/static/dist/a.css"><script src="/static/dist/b.js"></script><a href="/">';
    assert.deepEqual(bundlesOf(source), ["/static/dist/a.css", "/static/dist/b.js"]);
  });

  it("keeps the letters that most pages need", () => {
    const styles =
      'src:url("./a-latin-wght-normal-X.woff2"),url(./a-latin-ext-wght-normal-Y.woff2)';
    assert.deepEqual(fontsOf(styles), ["/static/dist/a-latin-wght-normal-X.woff2"]);
  });

  it("gives way to every answer of the server but those that say: not now", async () => {
    for (const status of [200, 302, 401, 404, 500]) {
      assert.equal((await pageOrShell(async () => page(status), shell)).status, status);
    }
    for (const status of [502, 503, 504]) {
      assert.equal(await pageOrShell(async () => page(status), shell), shell);
    }
  });

  it("is shown when nothing gets through, or nothing comes back", async () => {
    const refused = () => Promise.reject(new TypeError("offline"));
    assert.equal(await pageOrShell(refused, shell), shell);
    assert.equal(await pageOrShell(() => new Promise(() => {}), shell, 10), shell);
  });

  it("lets the browser say it where no shell is kept", async () => {
    await assert.rejects(pageOrShell(() => Promise.reject(new TypeError("offline")), undefined));
    assert.equal((await pageOrShell(async () => page(503), undefined)).status, 503);
  });
});

describe("the way back into a room", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it("is tried, with pauses, until the server says anything that will stay so", async () => {
    const answers = [{ ok: false, code: "offline" }, { ok: false, code: "busy" }, { ok: true }];
    let [asked, opened] = [0, 0];
    const ask = async () => answers[asked++];
    const open = async () => {
      opened += 1;
    };
    const reopening = new Reopening({ ask, open });
    reopening.look();
    reopening.look();
    await settle();
    assert.deepEqual([asked, opened], [1, 0]);
    mock.timers.tick(1000);
    await settle();
    mock.timers.tick(2000);
    await settle();
    assert.deepEqual([asked, opened], [3, 1]);
  });

  it("begins with a pause after the page was opened in vain", async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return { ok: true };
    };
    const reopening = new Reopening({ ask, open: async () => {} });
    reopening.begin(3);
    mock.timers.tick(1900);
    await settle();
    assert.equal(asked, 0);
    mock.timers.tick(2200);
    await settle();
    assert.equal(asked, 1);
  });

  it("leads to the page that says why not, too", async () => {
    let opened = 0;
    const ask = async () => ({ ok: false, code: "unauthenticated" });
    const open = async () => {
      opened += 1;
    };
    await new Reopening({ ask, open }).look();
    assert.equal(opened, 1);
  });
});
