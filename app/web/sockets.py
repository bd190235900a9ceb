"""The guarded door for socket events: one table, one check, one form of answer.

Handlers are registered on python-socketio itself and not through Flask-SocketIO's decorator:
that one builds a Flask request context for every event, which costs more than storing a message.
What Flask gives a request (sign-in, CSRF, errors) is given here instead, for every event alike.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_socketio import SocketIO
from gevent import monkey
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from app.kernel.db import db
from app.kernel.errors import BadRequest, NotFound, TooLarge, Unauthenticated
from app.kernel.limits import Limit
from app.web import identity
from app.web.bus import bus
from app.web.errors import as_refusal, internal_answer, refusal_answer, report_incident
from app.web.payload import Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from app.kernel.actor import Actor

    Answer = dict[str, Any] | None
    Handler = Callable[["Caller", Payload], Answer]

NAMESPACE = "/room"
LARGEST_EVENT = 64 * 1024
#: How Socket.IO's packets that announce attachments begin.
_BINARY = ("5", "6")

socketio = SocketIO()
#: Every event that a client may send, by name. An event that is not here is refused.
events: dict[str, tuple[Callable[[Actor], bool], Handler]] = {}
#: Told when a socket has gone, whatever the reason.
departures: list[Callable[[Caller], None]] = []
#: Asked to look again at a socket whose person's access may have changed (None: it has ended).
second_looks: list[Callable[[Caller, Actor | None], None]] = []

_per_person = Limit(rate=600, burst=1200)
_frame = threading.local()


@dataclass(slots=True, eq=False)
class Caller:
    """One open socket and the person behind it."""

    sid: str
    token: str
    actor: Actor
    checked: int


class _Callers:
    """The open sockets of this process, and how a token becomes a person."""

    def __init__(self) -> None:
        self.by_sid: dict[str, Caller] = {}
        self.epoch = 0
        self.load_actor: Callable[[str], Actor | None] = lambda _token: None

    def fresh(self, caller: Caller) -> Actor:
        """Return the caller's person. Raises Unauthenticated when the sign-in has ended."""
        if caller.checked != self.epoch:
            epoch = self.epoch
            actor = self.load_actor(caller.token)
            if actor is None:
                raise Unauthenticated
            caller.actor, caller.checked = actor, epoch
        return caller.actor


callers = _Callers()


def on(name: str, policy: Callable[[Actor], bool]) -> Callable[[Handler], Handler]:
    """Open the event `name` to the signed-in people for whom `policy` holds."""

    def register(handler: Handler) -> Handler:
        events[name] = (policy, handler)
        return handler

    return register


def install(app: Flask, load_actor: Callable[[str], Actor | None]) -> None:
    """Attach the socket server to the app, with every event of the table behind the one door."""
    callers.load_actor = load_actor
    callers.by_sid.clear()
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
    server.eio.on("message", _measured(server._handle_eio_message))  # noqa: SLF001  (its only hook)


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
    skipped = but.sid if but else None
    socketio.server.emit(event, payload, to=to, skip_sid=skipped, namespace=NAMESPACE)


def say_goodbye() -> None:
    """End every connection of this process; the pages come back by themselves, spread out."""
    socketio.server.eio.disconnect()


def join(caller: Caller, groups: Sequence[str]) -> None:
    """Add this socket to groups."""
    for group in groups:
        socketio.server.enter_room(caller.sid, group, namespace=NAMESPACE)


def part(caller: Caller, groups: Sequence[str]) -> None:
    """Take this socket out of groups."""
    for group in groups:
        socketio.server.leave_room(caller.sid, group, namespace=NAMESPACE)


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
        finally:
            db.done()
        if token is None or actor is None:
            raise _refused()
        callers.by_sid[sid] = Caller(sid, token, actor, callers.epoch)
        return True

    return _connect


def _comes_from(origins: frozenset[str], header: str) -> bool:
    """Tell whether an Origin is there and ours; one sent twice must be ours both times."""
    named = {origin.strip() for origin in header.split(",")}
    return named <= origins


def _refused() -> SocketRefused:
    return SocketRefused(Unauthenticated.default, {"code": Unauthenticated.code})


def _disconnected(sid: str, *_reason: object) -> None:
    caller = callers.by_sid.pop(sid, None)
    if caller is None:
        return
    for tell in departures:
        tell(caller)


def _dispatch(name: str, sid: str, *arguments: object) -> Answer:
    """Answer one event: measured, known, signed in, not too often, permitted, parsed, handled."""
    try:
        caller = callers.by_sid.get(sid)
        if caller is None:
            raise Unauthenticated  # noqa: TRY301  (one place turns refusals into answers)
        return _handle(name, caller, arguments)
    except Exception as error:  # noqa: BLE001  (nothing may reach the transport, which would log it)
        refusal = as_refusal(error)
        return refusal_answer(refusal) if refusal else internal_answer(report_incident(error))
    finally:
        db.done()


def _handle(name: str, caller: Caller, arguments: Sequence[object]) -> Answer:
    _per_person.spend(caller.actor.person_id)
    actor = callers.fresh(caller)
    if getattr(_frame, "size", 0) > LARGEST_EVENT:
        raise TooLarge
    known = events.get(name)
    if known is None:
        message = "There is no such event."
        raise BadRequest(message, field="event")
    policy, handler = known
    if not policy(actor):
        raise NotFound
    if len(arguments) != 1:
        message = "An event carries one object."
        raise BadRequest(message, field="payload")
    return handler(caller, Payload(arguments[0]))


def _named_by_clients(handle: Callable[..., None]) -> Callable[..., None]:
    """Keep clients from calling the handlers of coming and going, which the library shares.

    A client's event named `disconnect` would have the server forget a socket that still hears.
    """

    def _event(eio_sid: str, namespace: str, ack: int | None, data: list[Any]) -> None:
        reserved = bool(data) and data[0] in {"connect", "disconnect", "*"}
        handle(eio_sid, namespace, ack, ["(reserved)", *data[1:]] if reserved else data)

    return _event


def _measured(handle: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """Note each frame's size for the door, and let no malformed frame end the connection.

    Nothing binary is taken: an event that claims attachments would swallow, and hold in memory,
    as many of the frames after it as it claims.
    """

    def _message(eio_sid: str, data: str | bytes) -> None:
        if isinstance(data, bytes) or data[:1] in _BINARY:
            return
        size = len(data)
        if size > LARGEST_EVENT // 4:
            size = len(data.encode("utf-8", "surrogatepass"))
        _frame.size = size
        try:
            handle(eio_sid, data)
        except Exception as error:  # noqa: BLE001  (the library would log the frame itself)
            report_incident(error)

    return _message
