"""`flask demo load`: therapist-patient pairs for measuring and trying out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import passwords
from app.accounts.actions import NewPerson, add_person
from app.accounts.queries import own_people_exist
from app.care.actions import begin_care
from app.cli.demonstration import PASSWORD, settle
from app.cli.doors import told_plainly
from app.kernel import clock, schema
from app.kernel.actor import OPERATOR, Role
from app.kernel.db import transaction
from app.kernel.ids import new_id
from app.readiness.demonstration import pass_check
from app.scheduling.actions import plan_visit
from app.scheduling.models import VisitKind

if TYPE_CHECKING:
    from pathlib import Path

    from app.accounts.models import Person

demo = AppGroup("demo", help="Made-up people, never in production.")


@demo.command("load")
@click.option("--pairs", required=True, type=click.IntRange(1, 100_000))
@click.option("--out", required=True, type=click.Path(dir_okay=False, writable=True))
@click.option(
    "--readiness", default="passed", type=click.Choice(["passed", "none"]), show_default=True
)
def load(pairs: int, out: Path, readiness: str) -> None:
    """Make pairs, each with a dosing visit that is open now; write one JSON line a pair.

    Refused unless the database is empty or holds demonstration data only.
    """
    if current_app.config["SETTINGS"].production:
        message = "There is no demonstration data in production."
        raise click.ClickException(message)
    hashed = passwords.hash_password(PASSWORD)
    with told_plainly(), click.open_file(str(out), "w", encoding="utf-8") as file:
        schema.upgrade()
        if own_people_exist():
            message = "The database holds people who are not part of a demonstration."
            raise click.ClickException(message)
        for _ in range(pairs):
            with transaction():
                line = _make_pair(hashed, passed=readiness == "passed")
            file.write(json.dumps(line) + "\n")
    click.echo(f"Made {pairs} pairs.")


def _make_pair(hashed: str, *, passed: bool) -> dict[str, Any]:
    mark = new_id()
    therapist = _add(f"therapist-{mark}", "Pair Therapist", Role.THERAPIST, hashed)
    person = _add(f"patient-{mark}", "Pair Patient", Role.PATIENT, hashed)
    patient = begin_care(person, by=OPERATOR)
    settle(patient, therapist)
    visit = plan_visit(
        patient,
        kind=VisitKind.DOSING,
        starts_at=clock.now() - timedelta(minutes=5),
        minutes=180,
        by=therapist.as_actor(),
    )
    if passed:
        pass_check(visit, patient=person.as_actor(), therapist=therapist.as_actor())
    return {
        "visit": visit.id,
        "therapist": {"email": therapist.email, "password": PASSWORD},
        "patient": {"email": person.email, "password": PASSWORD},
        "sitter_link": None,
    }


def _add(account: str, name: str, role: Role, hashed: str) -> Person:
    email = f"{account}@load.hearthside.example"
    return add_person(NewPerson(email, name, role, hashed, demonstration=True), by=OPERATOR)
