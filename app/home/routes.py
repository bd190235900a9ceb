"""The home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.accounts.policy import is_signed_in
from app.home import queries
from app.kernel import clock
from app.kernel.actor import Role
from app.web.doors import permits
from app.web.identity import current_actor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

home = Blueprint("home", __name__)


@home.get("/")
@permits(is_signed_in)
def home_page() -> ResponseReturnValue:
    """Show the page that fits the person's role."""
    actor, now = current_actor(), clock.now()
    if actor.role is Role.PATIENT:
        return render_template("home/patient.html", day=queries.patient_day(actor, now))
    if actor.role.is_clinician:
        return render_template("home/clinician.html", day=queries.clinician_day(actor, now))
    return render_template("home/admin.html", clinic=queries.clinic())
