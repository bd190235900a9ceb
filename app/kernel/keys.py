"""The clinic's key ring, kept outside the database: it wraps each patient's data key."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyRingError(Exception):
    """The key ring is malformed, or does not hold the key that is asked for."""


def encrypt(cipher: AESGCM, plain: bytes, place: str) -> bytes:
    """Return nonce and AES-256-GCM ciphertext of `plain`, bound to `place`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, place.encode())


def decrypt(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    """Return what was encrypted for `place`. Raises KeyRingError for another key or place."""
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        message = "A sealed value does not open with this key at this place."
        raise KeyRingError(message) from error


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Wrapping keys by name; the first is used to wrap, all may unwrap."""

    active: str
    keys: dict[str, AESGCM]

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read a ring: entries `name:key` (key in URL-safe base64, 32 bytes), the active one first.

        A single bare key is named "1". Raises KeyRingError without quoting the text.
        """
        keys: dict[str, AESGCM] = {}
        for number, entry in enumerate(text.replace(",", " ").split(), start=1):
            name, _, encoded = entry.rpartition(":")
            keys[name or str(number)] = AESGCM(_decode(encoded))
        if not keys:
            message = "The key ring is empty."
            raise KeyRingError(message)
        return cls(active=next(iter(keys)), keys=keys)

    def wrap(self, data_key: bytes, patient_id: str) -> tuple[str, bytes]:
        """Return the active key's name and the data key wrapped with it for this patient."""
        return self.active, encrypt(self.keys[self.active], data_key, f"data_keys:{patient_id}")

    def unwrap(self, name: str, wrapped: bytes, patient_id: str) -> bytes:
        """Return the data key. Raises KeyRingError when the ring cannot open it."""
        if name not in self.keys:
            message = f"The key ring has no key named {name!r}."
            raise KeyRingError(message)
        return decrypt(self.keys[name], wrapped, f"data_keys:{patient_id}")


def _decode(encoded: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (ValueError, binascii.Error) as error:
        message = "A key of the key ring is not base64."
        raise KeyRingError(message) from error
    if len(key) != KEY_BYTES:
        message = f"A key of the key ring has {len(key)} bytes instead of {KEY_BYTES}."
        raise KeyRingError(message)
    return key
