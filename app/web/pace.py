"""How fast one connection is read, so that nobody can keep the process to themselves.

What is not read waits in the client's own machine (TCP holds it back there), and costs us nothing.
"""

from __future__ import annotations

import fcntl
import struct
import termios
import threading
import time
from typing import TYPE_CHECKING

import gevent
from gevent import monkey

if TYPE_CHECKING:
    import socket

#: Bytes a second that are read of one connection, and how many at once. A person's own words are
#: a thousandth of it.
BYTES_A_SECOND = 512 * 1024
BYTES_AT_ONCE = 256 * 1024
#: So many frames, or reads of one large frame, may follow each other before others get a turn.
TURN = 8
#: The longest that somebody who yields waits for as long as they were served.
LONGEST_YIELD = 0.05
#: A refused client is not read for so long, twice as long after each further refusal.
FIRST_REST = 0.02
LONGEST_REST = 1.0
#: After so long without a refusal it begins anew.
FORGIVEN_SECONDS = 10.0


class _Here(threading.local):
    """What the connection that this greenlet serves does before its next frame."""

    rest = 0.0
    yields = False
    refusals = 0
    refused_at = 0.0
    line: socket.socket | None = None


_here = _Here()


def refused() -> None:
    """Have the connection that this greenlet serves wait, the longer the more often refused."""
    now = time.monotonic()
    if now - _here.refused_at > FORGIVEN_SECONDS:
        _here.refusals = 0
    _here.rest = min(LONGEST_REST, FIRST_REST * 2.0**_here.refusals)
    _here.refusals = min(_here.refusals + 1, 20)
    _here.refused_at = now


def yield_to_others() -> None:
    """Have this connection wait until nobody else's work is ready, and as long as it was served."""
    _here.yields = True


def unread_bytes() -> int:
    """Return how much lies there, not read yet, of the connection that this greenlet serves."""
    if _here.line is None:
        return 0
    try:
        told = fcntl.ioctl(_here.line.fileno(), termios.FIONREAD, bytes(4))
    except OSError:
        return 0
    count: int = struct.unpack("i", told)[0]
    return count


class Pace:
    """One connection's pace. Each method may wait; the waiting is what holds the client back."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._left = float(BYTES_AT_ONCE)
        self._at = time.monotonic()
        self._in_a_row = 0
        self._begun = 0.0

    def before_a_frame(self) -> None:
        """Wait as the last frame's handler has said, if it has."""
        self._give_turns()
        if _here.rest:
            seconds, _here.rest = _here.rest, 0.0
            time.sleep(seconds)
        if _here.yields:
            _here.yields = False
            time.sleep(min(LONGEST_YIELD, time.monotonic() - self._begun))
            if monkey.is_module_patched("threading"):
                gevent.idle()

    def frame_begins(self, line: socket.socket) -> None:
        """Note that a frame of this line is there and is going to be served."""
        self._begun = time.monotonic()
        _here.line = line

    def after_bytes(self, count: int) -> None:
        """Count what was read, and wait while it was too much."""
        self._give_turns()
        now = time.monotonic()
        self._left = min(BYTES_AT_ONCE, self._left + (now - self._at) * BYTES_A_SECOND) - count
        self._at = now
        if self._left < 0:
            time.sleep(-self._left / BYTES_A_SECOND)

    def _give_turns(self) -> None:
        self._in_a_row += 1
        if self._in_a_row >= TURN:
            self._in_a_row = 0
            time.sleep(0)
