"""One table that turns a named refusal into an answer: page, JSON, or acknowledgement."""

from __future__ import annotations

import logging
import traceback
from math import ceil
from typing import TYPE_CHECKING, Any

from flask import current_app, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.kernel.db import UNAVAILABLE, db
from app.kernel.errors import (
    BadRequest,
    Busy,
    NotFound,
    NotNow,
    Refusal,
    TooLarge,
    TooOften,
    Unauthenticated,
)
from app.kernel.ids import new_id

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

STATUS: dict[type[Refusal], int] = {
    BadRequest: 400,
    Unauthenticated: 401,
    NotFound: 404,
    NotNow: 409,
    TooLarge: 413,
    TooOften: 429,
    Busy: 503,
}
_FROM_STATUS: dict[int, type[Refusal]] = {
    404: NotFound,
    405: NotFound,
    413: TooLarge,
}
_PAGES = {400, 403, 404, 409, 413, 429, 500, 503}

log = logging.getLogger("hearthside.incidents")


def as_refusal(error: BaseException) -> Refusal | None:
    """Return the refusal that this error amounts to, None when it is a fault of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UNAVAILABLE):
        return Busy()
    return None


def refusal_answer(refusal: Refusal) -> dict[str, Any]:
    """Return the protocol's `{"ok": false, …}` for a refusal."""
    answer: dict[str, Any] = {"ok": False, "code": refusal.code, "message": refusal.message}
    if isinstance(refusal, BadRequest):
        answer["field"] = refusal.field
    if isinstance(refusal, TooOften):
        answer["retry_after"] = refusal.retry_after
    return answer


def report_incident(error: BaseException) -> str:
    """Write where an unexpected error happened, without its message or values; return its id.

    An error's message may quote what a patient wrote, so only types and places are logged.
    """
    incident = new_id()
    places = [
        f"{frame.name}:{frame.lineno} ({frame.filename.rsplit('/app/', 1)[-1]})"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error("incident %s: %s at %s", incident, type(error).__name__, " < ".join(places[::-1]))
    return incident


def internal_answer(incident: str) -> dict[str, Any]:
    """Return the protocol's `internal` answer, which carries only the incident's id."""
    message = "Something went wrong on our side. Nothing was stored."
    return {"ok": False, "code": "internal", "message": message, "incident": incident}


def install(app: Flask) -> None:
    """Answer every refusal and every fault of this app from the table above."""
    app.register_error_handler(Refusal, _refuse)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _busy)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def wants_json() -> bool:
    """Tell whether this request is a program's rather than a page's."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "answers_json", False) or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _refuse(refusal: Refusal) -> ResponseReturnValue:
    status = STATUS.get(type(refusal)) or next(
        (code for kind, code in STATUS.items() if isinstance(refusal, kind)), 400
    )
    headers = {}
    if isinstance(refusal, TooOften):
        headers["Retry-After"] = str(ceil(refusal.retry_after))
    if wants_json():
        return refusal_answer(refusal), status, headers
    if isinstance(refusal, Unauthenticated):
        return redirect(url_for("accounts.sign_in", next=_return_path()))
    return _page(status, refusal.message), status, headers


def _return_path() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _busy(error: Exception) -> ResponseReturnValue:
    report_incident(error)
    db.done()
    g.database_is_away = True
    return _refuse(Busy())


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    message = "This page was open for a long time. Please go back, reload it and try again."
    return _refuse(BadRequest(message, field="csrf_token"))


def _too_deep(_error: RecursionError) -> ResponseReturnValue:
    """Refuse a body that is nested beyond what the parser follows."""
    return _refuse(BadRequest(field="request"))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error
    if refusal := _FROM_STATUS.get(status):
        return _refuse(refusal())
    if wants_json():
        return refusal_answer(BadRequest(field="request")), status
    return _page(status, BadRequest.default), status


def _fault(error: Exception) -> ResponseReturnValue:
    incident = report_incident(error)
    if wants_json():
        return internal_answer(incident), 500
    words = f"Something went wrong on our side. Nothing was stored. ({incident})"
    return _page(500, words), 500


def _page(status: int, message: str) -> str:
    name = status if status in _PAGES else 400
    return render_template(f"errors/{name}.html", message=message)
