import { Refused } from "./readiness_saver.js";

const ANSWER_WITHIN = 10_000;
const TRY_AGAIN = new Set(["busy", "too_often", "internal"]);

/**
 * Post to one of our addresses and return its answer.
 *
 * @param {string} address
 * @param {{body: BodyInit, headers?: Record<string, string>}} request
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<any>} rejects with Refused when asking again would not help
 */
export async function post(address, { body, headers = {} }, fetcher = fetch) {
  const response = await fetcher(address, {
    method: "POST",
    body,
    headers: { ...headers, Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const answer = await response.json();
  if (answer.ok) {
    return answer;
  }
  if (TRY_AGAIN.has(answer.code) || response.status >= 500) {
    throw new Error("try again");
  }
  throw new Refused(answer);
}
