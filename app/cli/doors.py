"""What every command shares: one transaction, and one clear line instead of a traceback."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.accounts.queries import person_by_email
from app.kernel import schema
from app.kernel.db import UNAVAILABLE, db, transaction
from app.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.accounts.models import Person


@contextmanager
def command() -> Iterator[None]:
    """Run a command's work in one transaction. Raises ClickException with one line on failure."""
    with told_plainly():
        schema.require_current()
        with transaction():
            yield


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what goes wrong into one line."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    except UNAVAILABLE as error:
        message = "The database does not answer."
        raise click.ClickException(message) from error
    except OSError as error:
        message = f"{error.filename}: {error.strerror}"
        raise click.ClickException(message) from error
    except RuntimeError as error:
        message = f"{error} Run: flask db upgrade"
        raise click.ClickException(message) from error
    finally:
        db.done()


def somebody(email: str) -> Person:
    """Return the person with this address. Raises ClickException."""
    person = person_by_email(email)
    if person is None:
        message = f"There is no account with the address {email}."
        raise click.ClickException(message)
    return person
