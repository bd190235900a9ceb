"""The two frames of WebSocket (RFC 6455, section 5.2) that a room lives on: plain texts, whole.

Everything else (pings, closing, pieces of a message, whatever is malformed) is left to wsproto.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

#: The last piece of a message, which is a text: the first byte of a text in one frame.
_WHOLE_TEXT = 0x81
_MASKED = 0x80
_TWO_MORE, _EIGHT_MORE = 126, 127
_SHORT, _LONG = struct.Struct(">BBH"), struct.Struct(">BBQ")
_DATA = frozenset((0x0, 0x1, 0x2))


class Head(NamedTuple):
    """Where one frame of a buffer lies, and what its first byte says."""

    first: int
    is_masked: bool
    body: int
    end: int

    @property
    def is_whole_text(self) -> bool:
        """Tell whether the frame is a text message from a client, complete in itself."""
        return self.first == _WHOLE_TEXT and self.is_masked

    @property
    def leaves_open(self) -> bool | None:
        """Tell whether a message goes on after this frame; None for one that says nothing of it."""
        return self.first < _MASKED if self.first & 0x0F in _DATA else None


def text_frame(text: str) -> bytes:
    """Return the frame in which a server sends a text."""
    body = text.encode()
    length = len(body)
    if length < _TWO_MORE:
        return bytes((_WHOLE_TEXT, length)) + body
    if length < 1 << 16:
        return _SHORT.pack(_WHOLE_TEXT, _TWO_MORE, length) + body
    return _LONG.pack(_WHOLE_TEXT, _EIGHT_MORE, length) + body


def head(buffer: bytes, start: int) -> Head | None:
    """Return where the frame that begins at `start` lies; None when too little of it is there.

    `end` may be past the end of the buffer.
    """
    there = len(buffer) - start
    if there < 2:
        return None
    first, second = buffer[start], buffer[start + 1]
    length, body = second & 0x7F, start + 2
    if length == _TWO_MORE:
        body += 2
    elif length == _EIGHT_MORE:
        body += 8
    is_masked = second >= _MASKED
    if body + 4 * is_masked > len(buffer):
        return None
    if length >= _TWO_MORE:
        length = int.from_bytes(buffer[start + 2 : body], "big")
    body += 4 * is_masked
    return Head(first, is_masked, body, body + length)


def text_of(buffer: bytes, frame: Head) -> str:
    """Return what a whole text says. Raises UnicodeDecodeError where it is no UTF-8."""
    length = frame.end - frame.body
    mask = buffer[frame.body - 4 : frame.body] * (length // 4 + 1)
    bare = int.from_bytes(buffer[frame.body : frame.end], "big") ^ int.from_bytes(
        mask[:length], "big"
    )
    return bare.to_bytes(length, "big").decode()
