"""`/healthz`: the process lives. `/readyz`: every part it needs answers, or which one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from app.kernel.db import db
from app.web.doors import answers_json, public
from app.web.errors import report_incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

health = Blueprint("health", __name__)
#: Named checks; each raises when its part does not answer. `factory` lists them.
checks: dict[str, Callable[[], None]] = {}


@health.get("/healthz")
@public
@answers_json
def alive() -> ResponseReturnValue:
    """Answer as long as the process does."""
    return {"ok": True}


@health.get("/readyz")
@public
@answers_json
def ready() -> ResponseReturnValue:
    """Answer 200 when every part is fine, else 503 with the failing parts' names."""
    parts = {name: _fine(check) for name, check in checks.items()}
    failing = [name for name, fine in parts.items() if not fine]
    if failing:
        return {"ok": False, "failing": failing, "parts": parts}, 503
    return {"ok": True, "parts": parts}


def _fine(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001  (any failure of a part is the answer, not a fault)
        report_incident(error)
        return False
    finally:
        db.done()
    return True
