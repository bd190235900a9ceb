import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it, mock } from "node:test";
import { watch } from "../../static/js/lib/live.js";

class Socket extends EventEmitter {
  constructor() {
    super();
    this.connected = false;
    this.asked = [];
    this.answer = { ok: true };
  }

  connect() {
    this.connected = true;
    this.emit("connect");
  }

  disconnect() {
    this.connected = false;
  }

  timeout() {
    return {
      emitWithAck: async (...asked) => {
        this.asked.push(asked);
        return this.answer;
      },
    };
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("watching a visit", () => {
  it("asks to be told, and passes on what changed", async () => {
    const socket = new Socket();
    const changes = [];
    const stop = watch({ visit: "v" }, (change) => changes.push(change), socket);
    await turn();
    socket.emit("changed", { visit: "v", what: "readiness" });
    assert.deepEqual(socket.asked, [["watch", { visit: "v" }]]);
    assert.deepEqual(changes, [{ visit: "v", what: "readiness" }]);
    stop();
    assert.equal(socket.connected, false);
  });

  it("comes back after a cut and says that anything may have changed", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const socket = new Socket();
    const changes = [];
    const stop = watch({ visit: "v" }, (change) => changes.push(change), socket);
    await turn();
    socket.connected = false;
    socket.emit("disconnect");
    mock.timers.tick(1000);
    await turn();
    assert.equal(socket.connected, true);
    assert.deepEqual(changes, [{ visit: "v", what: "*" }]);
    stop();
    socket.emit("disconnect");
    mock.timers.tick(60_000);
    assert.equal(socket.connected, false);
    mock.timers.reset();
  });
});
