"""The bare relay: what the same stack does when it neither stores, authorises nor encrypts.

It is written as Flask-SocketIO's own documentation would have it, under the same server and with
the stack's own WebSocket (only that Nagle's delay is off), and speaks enough of the room's protocol
for one load generator to drive both.
"""

# The patch comes before anything else is imported: what was imported earlier would block the hub.
from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
from collections import Counter  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from types import SimpleNamespace  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import simple_websocket  # noqa: E402
from engineio.async_drivers import _websocket_wsgi  # noqa: E402
from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402, TID251  (as a relay does)
from gevent.pywsgi import WSGIServer  # noqa: E402

NAMESPACE = "/room"

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


class PromptServer(simple_websocket.Server):  # type: ignore[misc]  # ships no types
    """The stack's own WebSocket, which would else hold small frames back (Nagle)."""

    def handshake(self) -> None:
        """Have every frame sent at once."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handshake()


def _be_prompt() -> None:
    _websocket_wsgi.simple_websocket = SimpleNamespace(
        Server=PromptServer, ConnectionClosed=simple_websocket.ConnectionClosed
    )


def main() -> None:
    """Serve until told to stop."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    port = options.parse_args().port
    _be_prompt()
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
