"""Signing in and out, one's own time zone, and closing and opening accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.accounts import actions, queries
from app.accounts.forms import SignInForm, ZoneForm
from app.accounts.policy import is_admin, is_signed_in
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.errors import BadRequest
from app.web import identity
from app.web.appearance import local_path
from app.web.doors import permits, public
from app.web.identity import current_actor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.kernel.actor import Actor

accounts = Blueprint("accounts", __name__)


@accounts.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page, or sign in and go where the person was going."""
    form = SignInForm(next=request.args.get("next"))
    if identity.actor_or_none() and request.method == "GET":
        return redirect(local_path(form.next.data))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), _status(form)
    try:
        person = actions.prove_person(
            form.email.data or "", form.password.data or "", address=request.remote_addr or ""
        )
    except BadRequest as wrong:
        form.password.errors = [wrong.message]
        return render_template("accounts/sign_in.html", form=form), 400
    with transaction():
        token = actions.sign_in(person)
    identity.remember(token)
    return redirect(local_path(form.next.data))


@accounts.post("/sign-out")
@permits(is_signed_in)
def sign_out() -> ResponseReturnValue:
    """End this sign-in everywhere."""
    with transaction():
        actions.sign_out(by=current_actor())
    identity.forget()
    flash("You are signed out.", "ok")
    return redirect(url_for("accounts.sign_in"))


@accounts.route("/account/zone", methods=["GET", "POST"])
@permits(is_signed_in)
def zone() -> ResponseReturnValue:
    """Show in which zone the person reads times, or change it."""
    actor = current_actor()
    form = ZoneForm(zone=actor.zone)
    form.offer(clock.now(), actor.zone)
    if form.validate_on_submit():
        with transaction():
            actions.choose_zone(queries.person(actor.person_id), zone=form.zone.data, by=actor)
        flash(f"Times are now shown for {form.zone.data}.", "ok")
        return redirect(url_for("home.home_page"))
    return render_template("accounts/zone.html", form=form, now=clock.now()), _status(form)


@accounts.post("/people/<id:person>/disable")
@permits(is_admin)
def disable(person: str) -> ResponseReturnValue:
    """Close an account."""
    with transaction():
        closed = actions.disable_person(queries.person(person), by=_not_oneself(person))
    flash(f"The account of {closed.name} is disabled. They are signed out everywhere.", "ok")
    return redirect(url_for("home.home_page"))


@accounts.post("/people/<id:person>/enable")
@permits(is_admin)
def enable(person: str) -> ResponseReturnValue:
    """Open a closed account again."""
    with transaction():
        opened = actions.enable_person(queries.person(person), by=current_actor())
    flash(f"The account of {opened.name} is open again.", "ok")
    return redirect(url_for("home.home_page"))


def _not_oneself(person: str) -> Actor:
    actor = current_actor()
    if actor.person_id == person:
        message = "You cannot disable your own account."
        raise BadRequest(message, field="person")
    return actor


def _status(form: SignInForm | ZoneForm) -> int:
    return 400 if form.errors else 200
