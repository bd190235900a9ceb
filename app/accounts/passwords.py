"""Passwords: hashed by Argon2id, in the background, and checked in the same time for everyone.

Parameters: 19 MiB, 2 passes, 1 lane, the minimum of OWASP's Password Storage Cheat Sheet, so that
a flood of sign-ins costs the room little.
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.lowly import in_background

LEAST_LENGTH = 10
MOST_LENGTH = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the hash to keep."""
    return in_background(lambda: _hasher.hash(password))


def matches(password: str, kept_hash: str | None) -> bool:
    """Tell whether the password is right. Takes as long when there is no such person."""
    return in_background(lambda: _verify(password, kept_hash or _nobody)) and kept_hash is not None


def make_password() -> str:
    """Return a fresh password that can be read aloud: five groups of four."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


def _verify(password: str, kept_hash: str) -> bool:
    try:
        return _hasher.verify(kept_hash, password)
    except (VerificationError, InvalidHashError):
        return False
