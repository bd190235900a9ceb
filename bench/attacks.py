"""Clients that mean harm, one kind a run, until the time is over; prints what became of them.

Run by `bench/flood.py`; by hand: `python bench/attacks.py events --url URL --visit V --cookie C`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import resource
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
from wire import dial, frame, upgraded

if TYPE_CHECKING:
    import socket

EVENTS_A_SECOND = 10_000
SILENT_SOCKETS = 1000
LOGINS_AT_ONCE = 50
TICK = 0.01
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_CODE = re.compile(rb'"code":"(\w+)"')

Told = Counter[str]


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--url", required=True)
    parser.add_argument("--visit", default="", help="a visit that the cookie's owner may enter")
    parser.add_argument("--cookie", default="", help="a sign-in")
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args()


def events(asked: argparse.Namespace, told: Told) -> None:
    """Send 10,000 events a second, of every kind, as one signed-in client; count the answers."""
    line = _in_the_namespace(asked)
    threading.Thread(target=_count_answers, args=(line, told), daemon=True).start()
    end, due = time.monotonic() + asked.seconds, time.monotonic()
    size = int(EVENTS_A_SECOND * TICK)
    number = 0
    while time.monotonic() < end:
        batch = b"".join(frame(_event(asked.visit, number + each)) for each in range(size))
        if not _sent(line, batch, end):
            break
        number += size
        told["sent"] = number
        due += TICK
        time.sleep(max(0.0, due - time.monotonic()))
    _part(line)


def frames(asked: argparse.Namespace, told: Told) -> None:
    """Send frames of 100 kB and 900 kB, and now and then one of 2 MB, as one signed-in client."""
    end = time.monotonic() + asked.seconds
    sizes = [100_000] * 8 + [900_000] * 2 + [2_000_000]
    while time.monotonic() < end:
        try:
            line = _in_the_namespace(asked)
        except OSError:
            told["connection refused"] += 1
            time.sleep(0.2)
            continue
        told["connections"] += 1
        threading.Thread(target=_count_answers, args=(line, told), daemon=True).start()
        for size in sizes:
            body = json.dumps(["append", {"visit": asked.visit, "body": "x" * size}])
            if not _sent(line, frame(f"42/room,1{body}"), end):
                break
            told["frames sent"] += 1
        _part(line)


def silent(asked: argparse.Namespace, told: Told) -> None:
    """Hold a thousand lines that never finish: nothing said, half a request, no CONNECT."""
    end = time.monotonic() + asked.seconds
    held: dict[socket.socket, float] = {}
    ages: list[float] = []
    while time.monotonic() < end:
        for line in [each for each in held if _has_ended(each)]:
            ages.append(time.monotonic() - held.pop(line))
            line.close()
        while len(held) < SILENT_SOCKETS and time.monotonic() < end:
            line = _silent_line(asked, told)
            if line is None:
                break
            held[line] = time.monotonic()
        told["held at most"] = max(told["held at most"], len(held))
        time.sleep(0.05)
    told["closed by the server"] = len(ages)
    told["oldest at its end, s"] = round(max(ages, default=0))
    told["held at the end"] = len(held)


def logins(asked: argparse.Namespace, told: Told) -> None:
    """Try passwords without a pause, as fifty browsers."""
    asyncio.run(_logins(asked, told))


KINDS = {"events": events, "frames": frames, "silent": silent, "logins": logins}


async def _logins(asked: argparse.Namespace, told: Told) -> None:
    end = time.monotonic() + asked.seconds
    async with asyncio.TaskGroup() as group:
        for _ in range(LOGINS_AT_ONCE):
            group.create_task(_try_passwords(asked.url, end, told))


async def _try_passwords(url: str, end: float, told: Told) -> None:
    patience = aiohttp.ClientTimeout(total=60)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=patience) as http:
        async with http.get(f"{url}/sign-in") as page:
            found = _TOKEN.search(await page.text())
        while time.monotonic() < end:
            form = {
                "email": f"somebody{random.randrange(10**9)}@example.org",
                "password": "guess-after-guess",
                "csrf_token": found[1] if found else "",
            }
            try:
                async with http.post(f"{url}/sign-in", data=form) as answer:
                    told[str(answer.status)] += 1
            except (aiohttp.ClientError, TimeoutError):
                told["no answer"] += 1


def _event(visit: str, number: int) -> str:
    room = {"visit": visit, "channel": "room"}
    text = {"kind": "message.posted", "body": {"text": "Flood. " * 20}}
    name, payload = (
        ("append", {**room, "key": str(uuid.UUID(int=random.getrandbits(128), version=4)), **text}),
        ("beat", {"visit": visit, "visible": True}),
        ("mark", {**room, "delivered": 1, "read": 1}),
        ("typing", {**room, "on": True}),
        ("catch_up", {**room, "after": 0}),
        ("nothing", {}),
    )[number % 6]
    return f"42/room,{number}{json.dumps([name, payload])}"


def _in_the_namespace(asked: argparse.Namespace) -> socket.socket:
    line = upgraded(asked.url, asked.cookie)
    line.sendall(frame("40/room,"))
    return line


def _sent(line: socket.socket, data: bytes, end: float) -> bool:
    """Send all, or as much as is taken until the end; return whether the line still stands."""
    rest = memoryview(data)
    line.settimeout(0.2)
    while rest and time.monotonic() < end:
        with suppress(TimeoutError):
            try:
                rest = rest[line.send(rest) :]
            except (BrokenPipeError, ConnectionResetError):
                return False
    return True


def _count_answers(line: socket.socket, told: Told) -> None:
    """Read until the end; count acknowledgements, and refusals by their code."""
    kept = b""
    while True:
        try:
            data = line.recv(262_144)
        except TimeoutError:
            continue
        except OSError:
            return
        if not data:
            told["cut by the server"] += 1
            return
        kept += data
        whole, kept = kept[:-40], kept[-40:]
        told["done"] += whole.count(b'"ok":true')
        for code in _CODE.findall(whole):
            told[code.decode()] += 1


def _silent_line(asked: argparse.Namespace, told: Told) -> socket.socket | None:
    told["opened"] += 1
    way = told["opened"] % 4
    try:
        if way == 0:
            return upgraded(asked.url)
        if way == 1:
            return upgraded(asked.url, asked.cookie)
        line = dial(asked.url)
        if way == 2:
            line.sendall(b"GET / HTTP/1.1\r\nHost: somewhere\r\nX-Slow: ")
    except OSError:
        told["refused"] += 1
        return None
    return line


def _has_ended(line: socket.socket) -> bool:
    line.settimeout(0)
    try:
        while data := line.recv(65536):
            if data.startswith(b"HTTP/1.1 4"):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _part(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(2)
    line.close()


def main() -> None:
    """Do harm and tell how it went, as JSON."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asked = options()
    told: Told = Counter()
    print("begun", flush=True)
    KINDS[asked.kind](asked, told)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
