"""Whatever bytes a signed-in client sends: no connection falls, nothing is stored or logged."""

import json
import socket
from contextlib import closing, suppress

import pytest
import websocket

from tests.cast import ADA, MARA

DEEP = "[" * 50_000
NESTED = '{"text":' * 2_000 + "1" + "}" * 2_000
FRAMES = [
    "42/room,",
    "42/room,1",
    '42/room,1["append"',
    "42/room,1[]",
    "42/room,1[5]",
    "42/room,1[null]",
    '42/room,1["append"]',
    '42/room,1["append",null]',
    '42/room,1["append",[]]',
    '42/room,1["append","planted"]',
    '42/room,1["append",{},{}]',
    '42/room,1["append",{"visit":"planted"}]',
    '42/room,1["append",{"visit":{"a":1},"channel":[],"key":{},"kind":null,"body":"planted"}]',
    '42/room,1["nothing",{"visit":"planted"}]',
    '42/room,1["connect",{}]',
    '42/room,1["disconnect"]',
    '42/room,1["__class__",{}]',
    '42/room,1["append",{"__proto__":{"a":1}}]',
    '42/room,1["beat",{"visit":NaN}]',
    '42/room,1["beat",{"visit":-Infinity,"visible":1}]',
    '42/room,1["beat",{"visit":' + "9" * 10_000 + "}]",
    '42/room,1["append",{"body":"\\ud800planted\\u0000"}]',
    f'42/room,1["append",{DEEP}]',
    f'42/room,1["append",{NESTED}]',
    '42/room,99999999999999999999999999["beat",{}]',
    '42/other,1["append",{}]',
    '42["append",{}]',
    "40/other,",
    "40/room,",
    "43/room,7[]",
    "43/room,[]",
    "44/room,",
    '451-/room,1["append",{"_placeholder":true,"num":0}]',
    '459999-/room,1["append",{"_placeholder":true,"num":0}]',
    "46/room,1[]",
    "49/room,",
    "4",
    "4x",
    "42",
    "6",
    "2",
    "3",
    "5",
    "8planted",
    "9",
    "x",
    "",
    "\u0000",
    "42/room,1[\u202e\ufeffplanted]",
]


class Line:
    """A bare WebSocket that speaks Socket.IO by hand."""

    def __init__(self, person, **options) -> None:
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies)
        address = person.url.replace("http:", "ws:")
        self._line = websocket.create_connection(
            f"{address}/socket.io/?EIO=4&transport=websocket",
            cookie=cookies,
            origin=person.url,
            timeout=10,
            **options,
        )
        assert self._line.recv().startswith("0")
        self.send("40/room,")
        assert self._line.recv().startswith("40/room,")

    def send(self, frame):
        if isinstance(frame, bytes):
            self._line.send_binary(frame)
        else:
            self._line.send(frame)

    def answers(self, visit):
        """Say whether the server still acknowledges events."""
        beat = json.dumps(["beat", {"visit": visit, "visible": True}])
        self.send(f"42/room,4711{beat}")
        while True:
            frame = self._line.recv()
            if isinstance(frame, str) and frame.startswith("43/room,4711"):
                answer = json.loads(frame.removeprefix("43/room,4711"))[0]
                assert answer["ok"], answer
                return answer["heads"]["room"]

    def enter(self, visit):
        """Come into the room."""
        self.send(f"42/room,{json.dumps(['enter', {'visit': visit}])}")

    def hears(self, last):
        """Return the messages that are pushed, in their order, up to the one with this number."""
        heard, seq = [], 0
        while seq < last:
            frame = self._line.recv()
            if frame.startswith('42/room,["event",'):
                event = json.loads(frame.removeprefix("42/room,"))[1]
                seq = event["seq"]
                if event["kind"] == "message.posted":
                    heard.append((seq, event["body"]["text"]))
            elif frame == "2":
                self.send("3")
        return heard

    def ends(self, within):
        """Wait for the server to end the connection of the room. Raises WebSocketTimeout…"""
        self._line.settimeout(within)
        while not self._line.recv().startswith("41/room"):
            pass

    def close(self):
        self._line.shutdown()


def test_no_frame_ends_the_connection_or_leaves_a_trace(live, clinic, arrive):
    with closing(Line(arrive(ADA))) as line:
        before = line.answers(clinic.visit.id)
        for frame in [*FRAMES, b"", b"\x00\xff", b"4planted", b"\x04" * 70_000]:
            line.send(frame)
            assert line.answers(clinic.visit.id) == before, frame[:80]
        assert line.answers(clinic.visit.id) == before
    said = live.said()
    assert "planted" not in said
    assert "Traceback" not in said


def test_a_frame_over_a_million_bytes_ends_that_connection_alone(live, clinic, arrive):
    ada = arrive(ADA)
    with closing(Line(ada)) as line, closing(Line(ada)) as other:
        with suppress(OSError):  # the server may hang up before it is all sent
            line.send("42/room,1" + json.dumps(["append", {"body": "x" * 1_000_001}]))
        with pytest.raises((websocket.WebSocketException, OSError)):
            line.answers(clinic.visit.id)
        assert other.answers(clinic.visit.id) == 0
    assert live.is_ready()


def test_who_reads_slowly_gets_everything_whole_and_in_order(clinic, arrive):
    """More than the network takes at once: the rest waits, and nobody else waits with it."""
    small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]
    mara = arrive(MARA).socket()
    mara.enter(clinic.visit.id)
    with closing(Line(arrive(ADA), sockopt=small)) as slow:
        slow.enter(clinic.visit.id)
        texts = [f"{number} " + "\N{WATER WAVE}" * 3990 for number in range(80)]
        told = [mara.append(clinic.visit.id, "message.posted", {"text": text}) for text in texts]
        seqs = [answer["seq"] for answer in told]
        assert slow.hears(seqs[-1]) == list(zip(seqs, texts, strict=True))


def test_a_client_that_says_it_has_gone_is_still_put_out(live, clinic, arrive):
    """The names of coming and going are the library's own; a client must not play with them."""
    ada = arrive(ADA)
    mara = arrive(MARA).socket()
    with closing(Line(ada)) as line:
        line.send("42/room,1" + json.dumps(["enter", {"visit": clinic.visit.id}]))
        head = line.answers(clinic.visit.id)
        for name in ("disconnect", "connect", "*"):
            line.send("42/room,1" + json.dumps([name, "client disconnect"]))
            assert line.answers(clinic.visit.id) == head
        ada.sign_out()
        line.ends(within=1.5)
    assert mara.append(clinic.visit.id, "message.posted", {"text": "Alone."})["ok"]
    assert live.is_ready()
