"""What a client begins and never finishes is ended by the server, and others do not notice."""

import time
from contextlib import ExitStack, suppress

import pytest

from app.web.server import WAITING_PER_ADDRESS
from bench.wire import dial, frame, upgraded
from tests.cast import ADA, MARA
from tests.wire import cookies

#: Ten seconds, the second between two looks, and a busy machine.
CLOSED_WITHIN = 14.0
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: hearthside\r\nX-Slow: "


def ends(line, *, by):
    """Whether the server ends this line in time; its pings are answered, as a client would."""
    while time.monotonic() < by:
        line.settimeout(max(0.1, by - time.monotonic()))
        try:
            data = line.recv(65536)
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True
        if not data:
            return True
        if data.endswith(b"2"):
            line.sendall(frame("3"))
    return False


@pytest.fixture
def lines():
    with ExitStack() as kept:
        yield kept.enter_context


def test_who_does_not_finish_is_ended_after_ten_seconds(live, clinic, arrive, lines):
    ada, mara = arrive(ADA), arrive(MARA)
    room = mara.socket()
    room.enter(clinic.visit.id)
    watching = ada.socket()  # joined, never enters a room: a home page
    begun = time.monotonic()
    unfinished = {
        "says nothing": dial(live.url),
        "half a head": dial(live.url, HALF_A_HEAD),
        "never joins": upgraded(live.url),
        "signed in, never joins": upgraded(live.url, cookies(ada)),
        "is refused and stays": upgraded(live.url, said="40/room,"),
        "talks without joining": upgraded(live.url, said='42/room,1["beat",{}]'),
    }
    for line in unfinished.values():
        lines(line)
    open_still = [
        name for name, line in unfinished.items() if not ends(line, by=begun + CLOSED_WITHIN)
    ]
    assert open_still == []
    assert time.monotonic() - begun > 8
    assert watching.is_open
    assert room.append(clinic.visit.id, "message.posted", {"text": "Not disturbed."})["ok"]
    assert "Traceback" not in live.said()


def test_so_many_halves_of_one_address_are_waited_for_and_no_more(live, clinic, arrive, lines):
    mara = arrive(MARA)
    room = mara.socket()
    room.enter(clinic.visit.id)
    for _ in range(WAITING_PER_ADDRESS):
        lines(dial(live.url, HALF_A_HEAD))
    more = lines(dial(live.url, HALF_A_HEAD))
    more.settimeout(5)
    answer = more.recv(4096)
    assert answer.startswith(b"HTTP/1.1 429 ")
    assert b"Retry-After: 10" in answer
    assert room.append(clinic.visit.id, "message.posted", {"text": "Not disturbed."})["ok"]


def test_behind_a_proxy_nobody_is_turned_away_for_the_address_that_all_share(serve, lines):
    server = serve(BEHIND_PROXY="1")
    for _ in range(WAITING_PER_ADDRESS):
        lines(dial(server.url, HALF_A_HEAD))
    assert server.is_ready()


def test_a_line_ends_with_its_websocket(live, lines):
    """Nothing may be smuggled to the server over what was a WebSocket."""
    line = lines(upgraded(live.url))
    line.settimeout(5)
    line.sendall(b"\x88\x80\0\0\0\0" + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    said = b""
    with suppress(ConnectionResetError):
        while data := line.recv(4096):
            said += data
    assert b"\x88" in said
    assert b"HTTP/1.1" not in said
