"""The bare relay: what the same stack does when it neither stores, authorises nor encrypts.

It is written as Flask-SocketIO's own documentation would have it, under the same server and the
same WebSocket as the application, and speaks enough of the room's protocol for one load generator
to drive both.
"""

# The patch comes before anything else is imported: what was imported earlier would block the hub.
from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import signal  # noqa: E402
from collections import Counter  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402, TID251  (as a relay does)
from gevent.pywsgi import WSGIServer  # noqa: E402

NAMESPACE = "/room"
ROOT = Path(__file__).resolve().parents[1]

app = Flask(__name__)
app.config["SECRET_KEY"] = "bare"  # noqa: S105  (it keeps nothing)
socketio = SocketIO()
heads: Counter[str] = Counter()


@app.get("/readyz")
def ready() -> str:
    """Say that the relay is up."""
    return "ok"


@socketio.on("enter", namespace=NAMESPACE)
def enter(payload: dict[str, Any]) -> dict[str, Any]:
    """Join the visit's room."""
    join_room(payload["visit"])
    return {"ok": True, "events": []}


@socketio.on("beat", namespace=NAMESPACE)
def beat(payload: dict[str, Any]) -> dict[str, Any]:
    """Answer a sign of life."""
    return {"ok": True, "now": _now(), "heads": {"room": heads[payload["visit"]]}}


@socketio.on("append", namespace=NAMESPACE)
def append(payload: dict[str, Any]) -> dict[str, Any]:
    """Give the event its number, pass it on to the room, acknowledge."""
    visit, at = payload["visit"], _now()
    heads[visit] += 1
    seq = heads[visit]
    event = {
        "visit": visit,
        "channel": payload["channel"],
        "seq": seq,
        "key": payload["key"],
        "kind": payload["kind"],
        "v": 1,
        "by": {"participant": request.sid, "role": "therapist"},  # type: ignore[attr-defined]
        "at": at,
        "body": payload["body"],
    }
    emit("event", event, to=visit)
    return {"ok": True, "seq": seq, "at": at, "repeat": False}


def _now() -> str:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")  # noqa: TID251  (not the application)
    return at.replace("+00:00", "Z")


def _mend_websocket() -> None:
    """Use the application's WebSocket, loaded alone so that nothing else of it is in memory."""
    spec = importlib.util.spec_from_file_location("mended", ROOT / "app" / "web" / "websocket.py")
    if spec is None or spec.loader is None:
        raise ImportError("app/web/websocket.py")
    mended = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mended)
    mended.install()


def main() -> None:
    """Serve until told to stop."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    port = options.parse_args().port
    _mend_websocket()
    socketio.init_app(
        app,
        async_handlers=False,
        transports=["websocket"],
        cors_allowed_origins="*",
        max_http_buffer_size=1_000_000,
    )
    server = WSGIServer(("127.0.0.1", port), app, log=None)
    gevent.signal_handler(signal.SIGTERM, server.stop)
    gevent.signal_handler(signal.SIGINT, server.stop)
    server.serve_forever()


if __name__ == "__main__":
    main()
