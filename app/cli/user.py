"""`flask user add | reset | disable | enable`."""

from __future__ import annotations

import re

import click
from flask.cli import AppGroup

from app.accounts import actions, passwords
from app.accounts.actions import NewPerson
from app.care.actions import begin_care
from app.cli.doors import command, somebody
from app.kernel.actor import ACCOUNT_ROLES, OPERATOR, Role
from app.web.zones import ZONES

user = AppGroup("user", help="Accounts: add, reset a password, disable, enable.")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--role", required=True, type=click.Choice([role.value for role in ACCOUNT_ROLES]))
@click.option("--zone", default="UTC", help="Time zone, e.g. Europe/Berlin.")
@click.option("--password", help="Left out, a password is made and printed.")
def add(email: str, name: str, role: str, zone: str, password: str | None) -> None:
    """Give somebody an account; a patient's record head is made with it."""
    if not _EMAIL.match(email) or len(email) > 254:
        raise click.BadParameter("this is no email address", param_hint="EMAIL")
    if zone not in ZONES:
        raise click.BadParameter(f"{zone} is no time zone", param_hint="--zone")
    chosen = _checked(password) or passwords.make_password()
    new = NewPerson(email, name, Role(role), passwords.hash_password(chosen), zone)
    with command():
        person = actions.add_person(new, by=OPERATOR)
        if person.role == Role.PATIENT:
            begin_care(person, by=OPERATOR)
    click.echo(f"Added {email} as {role}.")
    _tell(password, chosen)


@user.command("reset")
@click.argument("email")
@click.option("--password", help="Left out, a password is made and printed.")
def reset(email: str, password: str | None) -> None:
    """Replace a password; every sign-in of the person ends."""
    chosen = _checked(password) or passwords.make_password()
    hashed = passwords.hash_password(chosen)
    with command():
        actions.reset_password(somebody(email), password_hash=hashed, by=OPERATOR)
    click.echo(f"The password of {email} is replaced. They are signed out everywhere.")
    _tell(password, chosen)


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close an account; every sign-in of the person ends, open rooms included."""
    with command():
        actions.disable_person(somebody(email), by=OPERATOR)
    click.echo(f"The account {email} is disabled.")


@user.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Open a disabled account again."""
    with command():
        actions.enable_person(somebody(email), by=OPERATOR)
    click.echo(f"The account {email} is open.")


def _checked(password: str | None) -> str | None:
    if password is not None and not len(password) >= passwords.LEAST_LENGTH:
        least = passwords.LEAST_LENGTH
        raise click.BadParameter(f"at least {least} characters", param_hint="--password")
    return password


def _tell(given: str | None, chosen: str) -> None:
    if given is None:
        click.echo(f"Password: {chosen}")
