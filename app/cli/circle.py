"""`flask circle join | leave`: who may be near which patient."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.care import actions
from app.care.models import Patient
from app.cli.doors import command, somebody
from app.kernel.actor import OPERATOR
from app.kernel.db import db

circle = AppGroup("circle", help="Care circles: who may be near which patient.")


@circle.command("join")
@click.argument("patient_email")
@click.argument("member_email")
def join(patient_email: str, member_email: str) -> None:
    """Add a therapist or prescriber to a patient's care circle."""
    with command():
        actions.join_circle(_patient(patient_email), member=somebody(member_email), by=OPERATOR)
    click.echo(f"{member_email} is in the care circle of {patient_email}.")


@circle.command("leave")
@click.argument("patient_email")
@click.argument("member_email")
def leave(patient_email: str, member_email: str) -> None:
    """Take somebody out of a patient's care circle; their open rooms close."""
    with command():
        member = somebody(member_email)
        actions.leave_circle(_patient(patient_email), member_id=member.id, by=OPERATOR)
    click.echo(f"{member_email} is not in the care circle of {patient_email}.")


def _patient(email: str) -> Patient:
    found = db.session.get(Patient, somebody(email).id)
    if found is None:
        message = f"{email} is not a patient."
        raise click.ClickException(message)
    return found
