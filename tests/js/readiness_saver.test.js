/** An answer is sent until it is saved or refused, the latest wins, and none is sent as two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Polling } from "../../static/js/lib/readiness_polling.js";
import { post } from "../../static/js/lib/readiness_post.js";
import { Refused, Saver } from "../../static/js/lib/readiness_saver.js";

/** A saver over a line that answers as told, with what it sent and showed. */
function stage(answers) {
  const sent = [];
  const shown = [];
  let keys = 0;
  const saver = new Saver({
    send: async (turn) => {
      sent.push(turn);
      const answer = answers.shift();
      if (answer instanceof Error) {
        throw answer;
      }
      return answer?.then ? await answer : answer;
    },
    show: (state, about) => shown.push([state, about]),
    sleep: async () => {},
    newKey: () => `key-${++keys}`,
  });
  return { saver, sent, shown, states: () => shown.map(([state]) => state) };
}

test("a saved answer is shown as saved", async () => {
  const { saver, shown } = stage([{ ok: true }]);
  await saver.save({ answer: "yes" });
  assert.deepEqual(shown, [
    ["saving", undefined],
    ["saved", { ok: true }],
  ]);
  assert.equal(saver.isUnsaved, false);
});

test("what fails is sent again with the same key", async () => {
  const { saver, sent, states } = stage([new Error("cut"), new Error("cut"), { ok: true }]);
  await saver.save({ answer: "yes" });
  assert.deepEqual(
    sent.map((turn) => turn.key),
    ["key-1", "key-1", "key-1"],
  );
  assert.deepEqual(states(), ["saving", "waiting", "saving", "waiting", "saving", "saved"]);
});

test("a refusal ends it, and says why", async () => {
  const refusal = new Refused({ message: "Choose one.", field: "answer" });
  const { saver, shown } = stage([refusal]);
  await saver.save({ answer: "perhaps" });
  assert.deepEqual(shown.at(-1), ["refused", refusal]);
  assert.equal(saver.isUnsaved, false);
});

test("an answer given while another is on its way is sent after it, and only it shows as saved", async () => {
  let arrive;
  const slow = new Promise((resolve) => {
    arrive = resolve;
  });
  const { saver, sent, shown } = stage([slow, { ok: 2 }]);
  const saving = saver.save({ answer: "yes" });
  saver.save({ answer: "no" });
  arrive({ ok: 1 });
  await saving;
  assert.deepEqual(
    sent.map((turn) => [turn.key, turn.value.answer]),
    [
      ["key-1", "yes"],
      ["key-2", "no"],
    ],
  );
  assert.deepEqual(
    shown.filter(([state]) => state === "saved"),
    [["saved", { ok: 2 }]],
  );
});

const answering = (status, answer) => async () => ({ status, json: async () => answer });
const request = { body: "{}" };

test("an answer of the server that may pass is worth another try, a refusal is not", async () => {
  assert.deepEqual(await post("/x", request, answering(200, { ok: true })), { ok: true });
  const refused = answering(400, { ok: false, code: "bad_request", message: "No.", field: "item" });
  await assert.rejects(post("/x", request, refused), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.field, "item");
    return error.message === "No.";
  });
  for (const code of ["busy", "too_often", "internal"]) {
    const passing = answering(503, { ok: false, code });
    await assert.rejects(post("/x", request, passing), (error) => !(error instanceof Refused));
  }
});

test("one looks often until told of changes, and again when one was not told of", () => {
  const polling = new Polling();
  const quick = polling.wait;
  polling.told();
  polling.looked(true);
  assert.ok(polling.wait > quick);
  polling.looked(false);
  assert.ok(polling.wait > quick);
  polling.looked(true);
  assert.equal(polling.wait, quick);
});
