"""A WebSocket by hand, for clients that behave as no library would."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

OPENING = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: {cookie}\r\n\r\n"
)


def dial(url: str, said: bytes = b"") -> socket.socket:
    """Return an open line to the server on which nothing was said, or something that is not all."""
    parts = urlsplit(url)
    line = socket.create_connection((parts.hostname, parts.port), timeout=30)
    line.sendall(said)
    return line


def upgraded(url: str, cookie: str = "", *, said: str = "") -> socket.socket:
    """Return a WebSocket on which nothing but `said` was said. Raises OSError when refused."""
    opening = OPENING.format(host=urlsplit(url).netloc, url=url, cookie=cookie)
    line = dial(url, opening.encode())
    answer = line.recv(4096)
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        line.close()
        raise ConnectionRefusedError(answer[:40].decode("ascii", "replace"))
    if said:
        line.sendall(frame(said))
    return line


def frame(text: str) -> bytes:
    """Return a text frame, masked with zeroes, which leave it as it is."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x81, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
    return head + b"\0\0\0\0" + payload
