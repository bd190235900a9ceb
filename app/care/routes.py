"""Pages about patients: the list, the card, and the admin's care circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.accounts.policy import is_admin, is_clinician, is_therapist
from app.accounts.queries import everybody, person
from app.audit.actions import record
from app.care import actions, queries
from app.care.card import CARD_FIELDS, NEEDED, missing
from app.care.forms import CONTROLS, CardForm, CircleForm
from app.care.models import Patient
from app.kernel.actor import Role
from app.kernel.db import db, transaction
from app.kernel.errors import NotFound
from app.web.appearance import local_path
from app.web.doors import permits
from app.web.identity import current_actor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

care = Blueprint("care", __name__)


@care.get("/patients")
@permits(is_clinician)
def patients() -> ResponseReturnValue:
    """List the patients whose circle the clinician belongs to."""
    actor = current_actor()
    lines = [(each, missing(each.card)) for each in queries.patients_of(actor)]
    return render_template("care/patients.html", lines=lines, may_plan=is_therapist(actor))


@care.route("/patients/<id:patient>/card", methods=["GET", "POST"])
@permits(is_clinician)
def card(patient: str) -> ResponseReturnValue:
    """Show the emergency contact card, or replace it."""
    actor = current_actor()
    found = queries.patient_of(actor, patient)
    form = CardForm(data=found.card or {})
    following = local_path(request.args.get("next") or url_for("care.patients"))
    if form.validate_on_submit():
        with transaction():
            actions.update_card(found, card=form.as_card(), by=actor)
        flash("The card is saved.", "ok")
        return redirect(following)
    if request.method == "GET":
        with transaction():
            record("card.read", by=actor, about="patient", about_id=found.id)
    status = 400 if form.errors else 200
    page = render_template(
        "care/card.html",
        patient=found,
        form=form,
        fields=list(CARD_FIELDS),
        needed=NEEDED,
        controls=CONTROLS,
        next=following,
    )
    return page, status


@care.route("/patients/<id:patient>/circle", methods=["GET", "POST"])
@permits(is_admin)
def circle(patient: str) -> ResponseReturnValue:
    """Show who is in a patient's care circle, or add somebody."""
    found = _any_patient(patient)
    form = CircleForm()
    present = {member.person_id for member in queries.circle_of(found)}
    form.offer(
        [
            each
            for each in everybody()
            if Role(each.role).is_clinician and each.id not in present and each.disabled_at is None
        ]
    )
    if form.validate_on_submit():
        with transaction():
            actions.join_circle(found, member=person(form.member.data), by=current_actor())
        flash("The care circle is changed.", "ok")
        return redirect(url_for("care.circle", patient=patient))
    members = queries.circle_of(found)
    status = 400 if form.errors else 200
    return render_template("care/circle.html", patient=found, members=members, form=form), status


@care.post("/patients/<id:patient>/circle/<id:member>/leave")
@permits(is_admin)
def leave(patient: str, member: str) -> ResponseReturnValue:
    """Take somebody out of a care circle."""
    with transaction():
        actions.leave_circle(_any_patient(patient), member_id=member, by=current_actor())
    flash("The care circle is changed. Their open rooms are closed.", "ok")
    return redirect(url_for("care.circle", patient=patient))


def _any_patient(patient_id: str) -> Patient:
    found = db.session.get(Patient, patient_id)
    if found is None:
        raise NotFound
    return found
