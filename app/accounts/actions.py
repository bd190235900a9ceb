"""What happens to accounts and sign-ins."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.accounts import passwords
from app.accounts.access import access_changed
from app.accounts.models import Person, SignIn
from app.accounts.queries import hash_token, person_by_email
from app.audit.actions import record
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import BadRequest
from app.kernel.ids import new_id
from app.kernel.limits import Limit
from app.web.gate import before_sign_in

if TYPE_CHECKING:
    from app.kernel.actor import Actor, Role

#: A sign-in lasts this long; a visit with everything around it is shorter.
SIGN_IN_LASTS = timedelta(hours=12)

#: Failed tries only, in 5 minutes: 10 for an account from one address, so that whoever guesses does
#: not lock the account's owner out elsewhere; 100 for an account in all; 100 for an address (a
#: clinic shares one).
_failures_from_there = Limit(rate=10 / 300, burst=10)
_failures_of_account = Limit(rate=100 / 300, burst=100)
_failures_of_address = Limit(rate=100 / 300, burst=100)
before_sign_in.append(_failures_of_address.check)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of somebody who gets an account."""

    email: str
    name: str
    role: Role
    password_hash: str
    zone: str = "UTC"
    demonstration: bool = False


def add_person(new: NewPerson, *, by: Actor) -> Person:
    """Give somebody an account. Raises BadRequest when the address is taken."""
    email = new.email.strip().lower()
    if person_by_email(email) is not None:
        message = "There is already an account with this address."
        raise BadRequest(message, field="email")
    person = Person(
        id=new_id(),
        email=email,
        name=new.name,
        role=new.role.value,
        zone=new.zone,
        password_hash=new.password_hash,
        created_at=clock.now(),
        demonstration=new.demonstration,
    )
    db.session.add(person)
    db.session.flush()  # what belongs to the person refers to the row in the same transaction
    record("person.added", by=by, about="person", about_id=person.id, role=person.role)
    return person


def reset_password(person: Person, *, password_hash: str, by: Actor) -> Person:
    """Replace the password and end every sign-in of the person."""
    person.password_hash = password_hash
    _end_sign_ins(person)
    record("person.password_reset", by=by, about="person", about_id=person.id)
    return person


def disable_person(person: Person, *, by: Actor) -> Person:
    """Close the account and end every sign-in of the person. Doing it again changes nothing."""
    if person.disabled_at is None:
        person.disabled_at = clock.now()
        _end_sign_ins(person)
        record("person.disabled", by=by, about="person", about_id=person.id)
    return person


def enable_person(person: Person, *, by: Actor) -> Person:
    """Open a disabled account again."""
    if person.disabled_at is not None:
        person.disabled_at = None
        record("person.enabled", by=by, about="person", about_id=person.id)
    return person


def choose_zone(person: Person, *, zone: str, by: Actor) -> Person:
    """Show the person times in another zone of the time zone database from now on."""
    person.zone = zone
    record("person.zone_chosen", by=by, about="person", about_id=person.id, zone=zone)
    return person


def prove_person(email: str, password: str, *, address: str) -> Person:
    """Return the person whose password this is. Runs outside a transaction: it takes its time.

    Raises BadRequest, the same for a wrong password, an unknown and a disabled account; TooOften
    after too many failures for the account or the address.
    """
    account = email.strip().lower()
    there = f"{account} {address}"
    _failures_from_there.check(there)
    _failures_of_account.check(account)
    _failures_of_address.check(address)
    person = person_by_email(account)
    right = passwords.matches(password, person.password_hash if person else None)
    if person is None or not right or person.disabled_at is not None:
        for limit, whose in (
            (_failures_from_there, there),
            (_failures_of_account, account),
            (_failures_of_address, address),
        ):
            limit.spend(whose)
        message = "This address and password do not go together. Please try again."
        raise BadRequest(message, field="password")
    _failures_from_there.forget(there)
    return person


def sign_in(person: Person) -> str:
    """Begin a sign-in of a proven person; return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    begun = SignIn(
        id=new_id(),
        token_hash=hash_token(token),
        person_id=person.id,
        created_at=now,
        expires_at=now + SIGN_IN_LASTS,
    )
    db.session.add(begun)
    record("person.signed_in", by=person.as_actor(), about="sign_in", about_id=begun.id)
    return token


def sign_out(*, by: Actor) -> None:
    """End the sign-in through which `by` acts, on every page and socket that uses it."""
    ended = update(SignIn).where(SignIn.id == by.sign_in_id, SignIn.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=clock.now()))
    access_changed()
    record("person.signed_out", by=by, about="sign_in", about_id=by.sign_in_id)


def _end_sign_ins(person: Person) -> None:
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=clock.now()))
    access_changed()
