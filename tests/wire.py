"""Lines to a real server as no library would open them: half said, or faster than allowed."""

import json
import socket
import struct
import time
from urllib.parse import urlsplit

from tests.cast import ADA, MARA

_OPENING = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: {cookie}\r\n\r\n"
)


def dial(url, said=b""):
    """Open a line to the server and say something that is not all."""
    parts = urlsplit(url)
    line = socket.create_connection((parts.hostname, parts.port), timeout=30)
    line.sendall(said)
    return line


def upgraded(url, cookie="", *, said=""):
    """Open a WebSocket that has not joined the room's namespace."""
    opening = _OPENING.format(host=urlsplit(url).netloc, url=url, cookie=cookie)
    line = dial(url, opening.encode())
    answer = line.recv(4096)
    assert b" 101 " in answer, answer
    if said:
        line.sendall(frame(said))
    return line


def cookies(person):
    """What a browser of this person would send."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies)


def frame(text):
    """A text frame, masked with zeroes, which leave it as it is."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x81, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
    return head + b"\0\0\0\0" + payload


def event(number, name, payload):
    """An event that wants to be acknowledged under this number."""
    return frame(f"42/room,{number}{json.dumps([name, payload])}")


def into_their_room(clinic, arrive):
    """Let Ada and Mara into Ada's visit; return their sockets."""
    people = arrive(ADA).socket(), arrive(MARA).socket()
    for each in people:
        assert each.enter(clinic.visit.id)["ok"]
    return people


def call_for_help(ada, mara, visit):
    """Have Ada press the button; return how long it took until Mara's page has it."""
    begun = time.monotonic()
    done = ada.append(visit, "signal.sent", {"signal": "help"})
    mara.hears("event", seq=done["seq"], within=10)
    return time.monotonic() - begun
