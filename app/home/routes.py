"""The home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.accounts.policy import is_signed_in, is_therapist
from app.home import queries, words
from app.kernel import clock
from app.kernel.actor import Role
from app.web.doors import permits
from app.web.identity import current_actor
from app.web.zones import local

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.kernel.actor import Actor

home = Blueprint("home", __name__)


@home.get("/")
@permits(is_signed_in)
def home_page() -> ResponseReturnValue:
    """Show the page that fits the person's role."""
    actor, now = current_actor(), clock.now()
    if actor.role is Role.PATIENT:
        day = queries.patient_day(actor, now)
        return render_template("home/patient.html", day=day, now=now, greeting=_greeting(now))
    if actor.role.is_clinician:
        return _clinician(actor, now)
    return render_template("home/admin.html", clinic=queries.clinic())


def _clinician(actor: Actor, now: datetime) -> str:
    return render_template(
        "home/clinician.html",
        day=queries.clinician_day(actor, now),
        now=now,
        greeting=_greeting(now),
        readiness_words=words.readiness_words,
        unsigned_words=words.unsigned_words,
        may_plan=is_therapist(actor),
    )


def _greeting(now: datetime) -> str:
    return words.greeting(local(now))
