/** Asks a door of this site that answers JSON. */

/** @typedef {{ok: boolean, code?: string} & Record<string, any>} Answer */

const PATIENCE = 8000;

/**
 * @param {string} address
 * @param {RequestInit} [request]
 * @returns {Promise<Answer>} never rejects: no answer is one with the code `offline`
 */
export async function ask(address, request = {}) {
  try {
    const response = await fetch(address, {
      ...request,
      headers: { Accept: "application/json", ...request.headers },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await response.json();
  } catch {
    return { ok: false, code: "offline" };
  }
}

/**
 * Send something to be kept.
 *
 * @param {string} address
 * @param {string} csrf
 * @param {object} body
 * @returns {Promise<Answer>}
 */
export function send(address, csrf, body) {
  return ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
}
