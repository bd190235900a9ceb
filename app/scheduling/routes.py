"""Pages that plan and cancel visits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.accounts.policy import gives_or_receives_care, is_therapist
from app.care.queries import patient_of, patients_of
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.errors import BadRequest
from app.scheduling import actions
from app.scheduling.forms import VisitForm
from app.scheduling.models import VisitKind
from app.scheduling.queries import visit_of
from app.web.doors import permits
from app.web.identity import current_actor
from app.web.zones import from_local

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.kernel.actor import Actor
    from app.scheduling.models import Visit

scheduling = Blueprint("scheduling", __name__)


@scheduling.route("/visits/new", methods=["GET", "POST"])
@permits(is_therapist)
def plan() -> ResponseReturnValue:
    """Show the form for a dosing visit, or plan it."""
    actor = current_actor()
    form = VisitForm(patient=request.args.get("patient"))
    patients = patients_of(actor)
    form.offer(patients)
    visit = _planned(form, actor) if form.validate_on_submit() else None
    if visit is not None:
        flash("The visit is planned.", "ok")
        return redirect(url_for("scheduling.show", visit=visit.id))
    status = 400 if form.errors else 200
    page = render_template(
        "scheduling/plan.html", form=form, patients=patients, zone=actor.zone, now=clock.now()
    )
    return page, status


@scheduling.get("/visits/<id:visit>")
@permits(gives_or_receives_care)
def show(visit: str) -> ResponseReturnValue:
    """Show one visit: when, with whom, and the way into its three rooms."""
    actor, now = current_actor(), clock.now()
    found = visit_of(actor, visit)
    is_ahead = found.ends_at > now
    return render_template(
        "scheduling/show.html",
        visit=found,
        now=now,
        may_cancel=is_therapist(actor) and is_ahead and found.cancelled_at is None,
        may_restore=is_therapist(actor) and is_ahead and found.cancelled_at is not None,
    )


@scheduling.post("/visits/<id:visit>/cancel")
@permits(is_therapist)
def cancel(visit: str) -> ResponseReturnValue:
    """Cancel a visit; the page offers to take it back."""
    actor = current_actor()
    with transaction():
        actions.cancel_visit(visit_of(actor, visit), by=actor)
    flash("The visit is cancelled. You can take this back here.", "review")
    return redirect(url_for("scheduling.show", visit=visit))


@scheduling.post("/visits/<id:visit>/restore")
@permits(is_therapist)
def restore(visit: str) -> ResponseReturnValue:
    """Take a cancellation back."""
    actor = current_actor()
    with transaction():
        actions.restore_visit(visit_of(actor, visit), by=actor)
    flash("The visit is on again.", "ok")
    return redirect(url_for("scheduling.show", visit=visit))


def _planned(form: VisitForm, actor: Actor) -> Visit | None:
    """Return the planned visit, None (with the field's message set) when it cannot be."""
    starts_at = _start(form, actor.zone)
    if starts_at is None:
        return None
    try:
        with transaction():
            return actions.plan_visit(
                patient_of(actor, form.patient.data),
                kind=VisitKind.DOSING,
                starts_at=starts_at,
                minutes=form.minutes.data or 0,
                by=actor,
            )
    except BadRequest as wrong:
        form.starts_at.errors = [wrong.message]
        return None


def _start(form: VisitForm, zone: str) -> datetime | None:
    """Return the chosen time, None (with the field's message set) when it cannot be."""
    try:
        starts_at = from_local(cast("datetime", form.starts_at.data), zone)
    except ValueError as impossible:
        form.starts_at.errors = [str(impossible)]
        return None
    if starts_at < clock.now() - timedelta(hours=1):
        form.starts_at.errors = ["This time is already over."]
        return None
    return starts_at
