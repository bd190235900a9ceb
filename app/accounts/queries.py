"""Finding people and their sign-ins."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person, SignIn
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.kernel.actor import Actor

# Made once: every connection and every request asks.
_SIGN_IN = (
    select(SignIn).where(SignIn.token_hash == bindparam("token")).options(joinedload(SignIn.person))
)


def hash_token(token: str) -> str:
    """Return what is kept of a sign-in token."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_actor(token: str) -> Actor | None:
    """Return the person behind a sign-in token; None when it has ended or they are disabled."""
    sign_in = db.session.scalar(_SIGN_IN, {"token": hash_token(token)})
    if sign_in is None or sign_in.ended_at or sign_in.expires_at <= clock.now():
        return None
    if sign_in.person.disabled_at:
        return None
    return sign_in.person.as_actor(sign_in.id)


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, whatever its case."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person(person_id: str) -> Person:
    """Return a person by id. Raises NotFound."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def everybody() -> Sequence[Person]:
    """Return all persons, by role and name."""
    return db.session.scalars(select(Person).order_by(Person.role, Person.name)).all()


def demonstration_exists() -> bool:
    """Tell whether there is an account of the demonstration clinic."""
    query = select(Person.id).where(Person.demonstration).limit(1)
    return db.session.scalar(query) is not None


def own_people_exist() -> bool:
    """Tell whether there is an account that does not belong to the demonstration clinic."""
    query = select(Person.id).where(Person.demonstration.is_(False)).limit(1)
    return db.session.scalar(query) is not None
