"""A process that is told to stop: nothing acknowledged is lost, and its people are sent back."""

import threading

from socketio.exceptions import SocketIOError

from tests.cast import MARA
from tests.programs import wait_until


def test_what_was_acknowledged_while_stopping_is_kept_and_the_line_is_closed(live, clinic, arrive):
    mara = arrive(MARA)
    socket = mara.socket()
    visit = clinic.visit.id
    assert socket.enter(visit)["ok"]
    acknowledged: list[str] = []

    writing = threading.Thread(target=write_until_cut, args=(socket, visit, acknowledged))
    writing.start()
    wait_until(lambda: len(acknowledged) >= 20, what="a conversation in full swing")
    live.stop()
    writing.join(timeout=15)
    assert not writing.is_alive()
    # It ended by itself, before anybody lost patience and killed it.
    assert live.exit_code == 0
    assert not socket.is_open
    live.start()
    stored = everything_stored(arrive(MARA).socket(), visit)
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    # The last one may have been stored without its sender learning of it.
    assert len(stored) - len(acknowledged) <= 1


def everything_stored(socket, visit: str) -> list[str]:
    """Read the texts of the whole log, page by page."""
    texts, after, more = [], 0, True
    while more:
        page = socket.send("catch_up", {"visit": visit, "channel": "room", "after": after})
        more, after = page["more"], page["events"][-1]["seq"]
        texts += [e["body"]["text"] for e in page["events"] if e["kind"] == "message.posted"]
    return texts


def write_until_cut(socket, visit: str, acknowledged: list[str]) -> None:
    """Write until the line is gone; only what the server acknowledged counts."""
    for number in range(100_000):
        text = f"while stopping {number}"
        try:
            answer = socket.append(visit, "message.posted", {"text": text}, timeout=2)
        except SocketIOError:
            return
        if answer["ok"]:
            acknowledged.append(text)
