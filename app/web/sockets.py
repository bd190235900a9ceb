"""The socket server: who may connect, how events come to the door, and how pushes go out.

Handlers are registered on python-socketio itself and not through Flask-SocketIO's decorator:
that one builds a Flask request context for every event, which costs more than storing a message.
Events in their usual form come and go by a short way (`web.packets`), past the library's queues.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_socketio import SocketIO
from gevent import monkey
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from app.kernel.db import UNAVAILABLE, db
from app.kernel.errors import Busy, Refusal, Unauthenticated
from app.web import flood, identity, packets
from app.web.bus import bus
from app.web.callers import Caller, callers
from app.web.errors import refusal_answer, report_incident
from app.web.event_door import answer, size_of
from app.web.packets import NAMESPACE
from app.web.websocket import LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.kernel.actor import Actor
    from app.web.websocket import Line

    Answer = dict[str, Any] | None

#: So many events of one socket may wait for their answers before no more is read from it.
MOST_PENDING = 64
#: How Socket.IO's packets that announce attachments begin.
_BINARY = ("5", "6")

socketio = SocketIO()
#: Told when a socket has gone, whatever the reason.
departures: list[Callable[[Caller], None]] = []
#: Asked to look again at a socket whose person's access may have changed (None: it has ended).
second_looks: list[Callable[[Caller, Actor | None], None]] = []

_frame = threading.local()


def install(app: Flask, load_actor: Callable[[str], Actor | None]) -> None:
    """Attach the socket server to the app, with every event of the table behind the one door."""
    callers.load_actor = load_actor
    callers.forget()
    bus.hear("push", push_here)
    socketio.server_options.clear()
    socketio.init_app(
        app,
        async_mode="gevent" if monkey.is_module_patched("threading") else "threading",
        async_handlers=False,
        transports=["websocket"],
        namespaces=[NAMESPACE],
        cors_allowed_origins=[],  # the Origin is checked in _connect, which can say why
        always_connect=False,
        max_http_buffer_size=1_000_000,
        # A hidden page's own timers are held back by its browser; it beats on each of these.
        ping_interval=10,
        ping_timeout=20,
    )
    server = socketio.server
    server.on("connect", _connecting(app), namespace=NAMESPACE)
    server.on("disconnect", _disconnected, namespace=NAMESPACE)
    server.on("*", _dispatch, namespace=NAMESPACE)
    server._handle_event = _named_by_clients(server._handle_event)  # noqa: SLF001  (its only hook)
    server.eio.on("message", _measured(server, server._handle_eio_message))  # noqa: SLF001  (its only hook)


def look_again() -> None:
    """Check every open socket anew, and end those whose sign-in has ended."""
    callers.epoch += 1
    for caller in list(callers.by_sid.values()):
        actor = callers.load_actor(caller.token)
        for look in second_looks:
            look(caller, actor)
        if actor is None:
            close(caller)


def push(event: str, payload: dict[str, Any], *, to: str, but: Caller | None = None) -> None:
    """Send an event to every socket in the named group, `but` one, in every process.

    Other processes get it while Redis is there; what must not be missed is in the log.
    """
    push_here(event, payload, to=to, but=but)
    bus.tell("push", event, payload, to)


def push_here(event: str, payload: dict[str, Any], to: str, but: Caller | None = None) -> None:
    """Send an event to this process's sockets in the named group, `but` one."""
    frame = b""
    for caller in callers.members(to):
        if caller is but:
            continue
        if caller.line is None:
            socketio.server.emit(event, payload, to=caller.sid, namespace=NAMESPACE)
            continue
        frame = frame or packets.event(event, payload)
        caller.line.write(frame)


def close(caller: Caller) -> None:
    """End this socket."""
    socketio.server.disconnect(caller.sid, namespace=NAMESPACE)


def _connecting(app: Flask) -> Callable[[str, dict[str, Any], object], bool]:
    origins = frozenset(app.config["ORIGINS"])

    def _connect(sid: str, environ: dict[str, Any], _auth: object = None) -> bool:
        if not _comes_from(origins, environ.get("HTTP_ORIGIN", "")):
            raise _refused()
        with app.request_context(environ):
            token = identity.token()
        try:
            actor = callers.load_actor(token) if token else None
        except UNAVAILABLE:
            raise _refused(Busy) from None
        finally:
            db.done()
        if token is None or actor is None:
            raise _refused()
        line: Line | None = environ.get(LINE)
        caller = Caller(sid, token, actor, callers.epoch, line)
        callers.add(caller)
        if line is not None:
            line.taker = partial(_take, caller)
        return True

    return _connect


def _comes_from(origins: frozenset[str], header: str) -> bool:
    """Tell whether an Origin is there and ours; one sent twice must be ours both times."""
    named = {origin.strip() for origin in header.split(",")}
    return named <= origins


def _refused(why: type[Refusal] = Unauthenticated) -> SocketRefused:
    return SocketRefused(why.default, {"code": why.code})


def _disconnected(sid: str, *_reason: object) -> None:
    caller = callers.drop(sid)
    if caller is None:
        return
    if caller.line is not None:
        caller.line.taker = None
    for tell in departures:
        tell(caller)


def _take(caller: Caller, text: str) -> bool:
    """Answer an event in its usual form, straight from the line; return whether it was one."""
    if not text.startswith(packets.EVENT):
        return False
    size = size_of(text)
    try:
        is_heavy = flood.admit(caller, size)
    except Refusal as refusal:
        _refuse_unread(caller, text, refusal)
        return True
    packet = packets.read(text)
    if packet is None:
        return False
    caller.pending += 1
    answer(caller, packet.name, packet.arguments, size, partial(_reply, caller, packet.ack))
    if caller.pending >= (1 if is_heavy else MOST_PENDING):
        caller.relief = threading.Event()
        caller.relief.wait()
    return True


def _refuse_unread(caller: Caller, text: str, refusal: Refusal) -> None:
    number = flood.number_of(text)
    if number is not None and caller.line is not None:
        caller.line.write(packets.answer(number, refusal_answer(refusal)))


def _reply(caller: Caller, ack: str, payload: Answer) -> None:
    caller.pending -= 1
    if ack and caller.line is not None:
        caller.line.write(packets.answer(ack, payload))
    if caller.relief is not None and caller.pending < MOST_PENDING // 2:
        caller.relief.set()
        caller.relief = None


def _dispatch(name: str, sid: str, *arguments: object) -> Answer:
    """Answer an event that came through python-socketio, which wants the answer returned."""
    caller = callers.by_sid.get(sid)
    if caller is None:
        return refusal_answer(Unauthenticated())
    ready = threading.Event()
    answers: list[Answer] = []

    def reply(payload: Answer) -> None:
        answers.append(payload)
        ready.set()

    answer(caller, name, arguments, getattr(_frame, "size", 0), reply)
    ready.wait()
    return answers[0]


def _named_by_clients(handle: Callable[..., None]) -> Callable[..., None]:
    """Keep clients from calling the handlers of coming and going, which the library shares.

    A client's event named `disconnect` would have the server forget a socket that still hears.
    """

    def _event(eio_sid: str, namespace: str, ack: int | None, data: list[Any]) -> None:
        reserved = bool(data) and data[0] in {"connect", "disconnect", "*"}
        handle(eio_sid, namespace, ack, ["(reserved)", *data[1:]] if reserved else data)

    return _event


def _measured(server: Any, handle: Callable[[str, Any], None]) -> Callable[[str, Any], None]:  # noqa: ANN401  (ships no types)
    """Refuse what is too much, and let no malformed frame end the connection.

    Each frame's size is noted for the door. Nothing binary is taken: an event that claims
    attachments would swallow, and hold in memory, as many of the frames after it as it claims.
    """

    def _message(eio_sid: str, data: str | bytes) -> None:
        if isinstance(data, bytes) or data[:1] in _BINARY:
            return
        _frame.size = size_of(data)
        try:
            sid = server.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
            flood.admit_other(callers.by_sid.get(sid), eio_sid, data)
            handle(eio_sid, data)
        except Refusal as refusal:
            number = flood.number_of(data)
            if number is not None:
                server.eio.send(eio_sid, packets.refusal(number, refusal_answer(refusal)))
        except Exception as error:  # noqa: BLE001  (the library would log the frame itself)
            report_incident(error)

    return _message
