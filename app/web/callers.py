"""The open sockets of this process: who is behind each, and in which groups it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

    from app.kernel.actor import Actor
    from app.web.websocket import Line


@dataclass(slots=True, eq=False)
class Caller:
    """One open socket and the person behind it; `line` is its short way, where it has one."""

    sid: str
    token: str
    actor: Actor
    checked: int
    line: Line | None = None
    groups: set[str] = field(default_factory=set)
    #: How many of its events are not answered yet, and what it waits for when they are too many.
    pending: int = 0
    relief: threading.Event | None = None


class Callers:
    """All of them, and how a token becomes a person."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.by_sid: dict[str, Caller] = {}
        self.epoch = 0
        self.load_actor: Callable[[str], Actor | None] = lambda _token: None
        self._groups: dict[str, dict[Caller, None]] = {}

    def forget(self) -> None:
        """Know nobody, as when the process starts."""
        self.by_sid.clear()
        self._groups.clear()

    def add(self, caller: Caller) -> None:
        """Take in a socket, in a group of its own by its id."""
        self.by_sid[caller.sid] = caller
        self.join(caller, (caller.sid,))

    def drop(self, sid: str) -> Caller | None:
        """Let go of a socket and return it, None when there was none."""
        caller = self.by_sid.pop(sid, None)
        if caller is not None:
            self.part(caller, tuple(caller.groups))
        return caller

    def has(self, caller: Caller) -> bool:
        """Tell whether the socket is still there."""
        return caller.sid in self.by_sid

    def require_open(self, caller: Caller) -> None:
        """Raise Unauthenticated when the socket has gone while its event waited for something."""
        if not self.has(caller):
            raise Unauthenticated

    def join(self, caller: Caller, groups: Iterable[str]) -> None:
        """Add a socket to groups, unless it has gone meanwhile."""
        if not self.has(caller):
            return
        for group in groups:
            caller.groups.add(group)
            self._groups.setdefault(group, {})[caller] = None

    def part(self, caller: Caller, groups: Iterable[str]) -> None:
        """Take a socket out of groups."""
        for group in groups:
            caller.groups.discard(group)
            members = self._groups.get(group, {})
            members.pop(caller, None)
            if not members:
                self._groups.pop(group, None)

    def members(self, group: str) -> list[Caller]:
        """Return the sockets in a group, in the order of joining."""
        return list(self._groups.get(group, ()))

    def size(self) -> dict[str, int]:
        """Return how many sockets and groups there are."""
        return {"sockets": len(self.by_sid), "groups": len(self._groups)}

    def fresh(self, caller: Caller) -> Actor:
        """Return the caller's person. Raises Unauthenticated when the sign-in has ended."""
        if caller.checked != self.epoch:
            epoch = self.epoch
            actor = self.load_actor(caller.token)
            if actor is None:
                raise Unauthenticated
            caller.actor, caller.checked = actor, epoch
        return caller.actor


callers = Callers()
