"""What people say on lines that no library opened (bench/wire.py)."""

import json
import time

from bench.wire import frame
from tests.cast import ADA, MARA


def cookies(person):
    """What a browser of this person would send."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies)


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
