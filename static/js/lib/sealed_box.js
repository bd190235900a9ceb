/** Text sealed with a key that came from the server, so that this device alone cannot read it. */

/**
 * @typedef {object} SealedBox
 * @property {(text: string) => Promise<string>} seal
 * @property {(sealed: string) => Promise<string>} open rejects for another key
 */

const NONCE = 12;

/**
 * Make a box of a key.
 *
 * @param {string} key 32 bytes in base64
 * @param {Crypto | undefined} [crypto]
 * @returns {Promise<SealedBox | null>} null where the browser offers no cryptography (no TLS)
 */
export async function sealedBox(key, crypto = globalThis.crypto) {
  const secret = await secretOf(key, crypto);
  return secret && boxOf(secret, crypto);
}

/**
 * The key as the browser keeps it: to be used, and never to be read again.
 *
 * @param {string} key 32 bytes in base64
 * @param {Crypto | undefined} [crypto]
 * @returns {Promise<CryptoKey | null>} null where the browser offers no cryptography (no TLS)
 */
export async function secretOf(key, crypto = globalThis.crypto) {
  const uses = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);
  return crypto?.subtle
    ? await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, uses)
    : null;
}

/**
 * @param {CryptoKey} secret
 * @param {Crypto} [crypto]
 * @returns {SealedBox}
 */
export function boxOf(secret, crypto = globalThis.crypto) {
  return {
    async seal(text) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE));
      const plain = new TextEncoder().encode(text);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, plain);
      return base64(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
    },
    async open(sealed) {
      const all = bytes(sealed);
      const algorithm = { name: "AES-GCM", iv: all.slice(0, NONCE) };
      const plain = await crypto.subtle.decrypt(algorithm, secret, all.slice(NONCE));
      return new TextDecoder().decode(plain);
    },
  };
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} all */
function base64(all) {
  let text = "";
  for (const byte of all) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}
