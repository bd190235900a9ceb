"""Sealing of clinical text: every patient has a data key, wrapped by the clinic's key ring.

A sealed value is bound to its table, column and row, so that it opens nowhere else. Destroying
a patient's data key makes everything about them unreadable for ever.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, db
from app.kernel.keys import KEY_BYTES, KeyRing, KeyRingError, decrypt, encrypt

if TYPE_CHECKING:
    from typing import Self

T = TypeVar("T")

#: Opened data keys that a process holds (some 2 KiB each); the one it has held longest makes room.
MOST_OPEN = 5_000

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class DataKey(Base):
    """One patient's data key, wrapped."""

    __tablename__ = "data_keys"

    patient_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ring_key: Mapped[str] = mapped_column(String(40))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Vault:
    """Opens and seals with the data keys; holds those in use in memory."""

    def __init__(self, most_open: int = MOST_OPEN) -> None:
        """Begin locked; `unlock` gives it the ring. At most `most_open` keys are held open."""
        self._most_open = most_open
        self._ring: KeyRing | None = None
        self._open: dict[str, AESGCM] = {}

    def unlock(self, ring: KeyRing) -> None:
        """Use this ring from now on."""
        self._ring = ring
        self._open.clear()

    def size(self) -> int:
        """Return how many data keys are held open."""
        return len(self._open)

    def make_data_key(self, patient_id: str) -> None:
        """Give a new patient a data key, in the caller's transaction."""
        name, wrapped = self._unlocked().wrap(secrets.token_bytes(KEY_BYTES), patient_id)
        db.session.add(DataKey(patient_id=patient_id, ring_key=name, wrapped=wrapped))
        db.session.flush()  # the same transaction may seal with it at once

    def seal(self, patient_id: str, place: str, value: object) -> bytes:
        """Return a JSON-able value sealed for `place` with the patient's data key."""
        plain = _encode(value).encode()
        return encrypt(self._data_key(patient_id), plain, place)

    def unseal(self, patient_id: str, place: str, sealed: bytes) -> Any:  # noqa: ANN401  (any JSON value)
        """Return the value. Raises KeyRingError when it was sealed elsewhere or by another key."""
        return json.loads(decrypt(self._data_key(patient_id), sealed, place))

    def _unlocked(self) -> KeyRing:
        if self._ring is None:
            message = "The vault is locked: no key ring was given."
            raise KeyRingError(message)
        return self._ring

    def _data_key(self, patient_id: str) -> AESGCM:
        held = self._open.get(patient_id)
        if held is None:
            row = db.session.get(DataKey, patient_id)
            if row is None:
                message = "This patient has no data key."
                raise KeyRingError(message)
            key = self._unlocked().unwrap(row.ring_key, row.wrapped, patient_id)
            held = AESGCM(key)
            if len(self._open) >= self._most_open:
                self._open.pop(next(iter(self._open)))
            self._open[patient_id] = held
        return held


vault = Vault()


class Sealed(Generic[T]):
    """A model attribute that is sealed at rest: `text = Sealed[str]()` beside `text_sealed`.

    The model has `id` and `patient_id`, set before the attribute is.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's name."""
        self._name = name
        self._column = f"{name}_sealed"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> T: ...
    def __get__(self, row: Any, owner: type) -> Self | T:
        """Return the opened value, None where nothing was ever stored."""
        if row is None:
            return self
        sealed = getattr(row, self._column)
        if sealed is None:
            return None  # type: ignore[return-value]  # T is declared optional by such models
        value: T = vault.unseal(row.patient_id, self._place(row), sealed)
        return value

    def __set__(self, row: Any, value: T) -> None:  # noqa: ANN401  (any model)
        """Seal the value into its column."""
        setattr(row, self._column, vault.seal(row.patient_id, self._place(row), value))

    def _place(self, row: Any) -> str:  # noqa: ANN401  (any model)
        return f"{row.__tablename__}:{self._name}:{row.id}"
