"""What a browser keeps of the room for a start without a network: a page and a script.

Both are the same for everybody and hold nothing of any visit; see docs/decisions/0011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, send_file

from app.web.assets import bundle
from app.web.doors import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

shell = Blueprint("shell", __name__)


@shell.get("/room-worker.js")
@public
def worker() -> ResponseReturnValue:
    """Return the worker, at an address from which it may serve the rooms."""
    return send_file(bundle("worker.js"), mimetype="text/javascript", etag=False)


@shell.get("/room-offline")
@public
def offline() -> ResponseReturnValue:
    """Show what a room without a network looks like."""
    return render_template("room/offline.html")
