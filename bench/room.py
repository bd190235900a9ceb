"""Drive pairs of people against a running server and write what was measured as JSON.

Open loop: messages go out on a fixed schedule and every latency counts from the scheduled time,
so a server that stalls cannot hide the wait. Closed loop: the highest rate that is sustained.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from checker import check
from client import Client
from figures import Cost, percentiles, resident_bytes
from load import Traffic, beat_for_ever, closed_loop, now, open_loop
from people import kept_cookies, read_pairs, sign_in_all

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from load import Pair

AT_ONCE = 20


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--url", required=True, help="the server, as http://host:port")
    add("--pairs-file", type=Path, required=True, help="written by `flask demo load`")
    add("--pairs", type=int, help="so many of the file's pairs (default: all)")
    add("--rate", type=float, default=200, help="messages a second in total (open loop)")
    add("--seconds", type=float, default=10, help="length of each phase")
    add("--closed", action="store_true", help="closed loop instead of open")
    add("--both", action="store_true", help="open loop, then closed")
    add("--window", type=int, default=4, help="messages in flight for each pair (closed loop)")
    add("--relay", action="store_true", help="the server is the bare relay: nobody signs in")
    add("--server-pid", type=int, help="measure this process's processor time and memory")
    add("--cookies", type=Path, help="keep sign-ins in this file, and use those in it")
    add("--out", type=Path, required=True)
    return parser.parse_args()


async def connect(url: str, clients: list[Client], http: aiohttp.ClientSession) -> None:
    """Connect and enter, some at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(client: Client) -> None:
        async with turns:
            await client.connect(http, url)
            await client.enter()

    await asyncio.gather(*(one(client) for client in clients))


@dataclass(slots=True)
class Meter:
    """What one phase costs the server and the generator itself."""

    pid: int | None
    seconds: float

    async def measure(self, traffic: Traffic, phase: Coroutine[Any, Any, None]) -> dict[str, Any]:
        """Run a phase and return its figures."""
        server = Cost(self.pid) if self.pid else None
        own, start = Cost(os.getpid()), now()
        await phase
        took = now() - start
        used = server.cpu_seconds if server else None
        return {
            **_outcome(traffic),
            "throughput": _throughput(traffic, start, self.seconds),
            "took_seconds": round(took, 2),
            "server_cpu_share": round(used / took, 3) if used is not None else None,
            "server_cpu_seconds_per_1000": _per_1000(used, traffic),
            "generator_cpu_share": round(own.cpu_seconds / took, 3),
            "generator_late_ms": round(traffic.lateness * 1000, 2),
        }


def _per_1000(used: float | None, traffic: Traffic) -> float | None:
    settled = sum(message.settled for message in traffic.messages.values())
    return round(used / settled * 1000, 4) if used is not None and settled else None


def _outcome(traffic: Traffic) -> dict[str, Any]:
    messages = traffic.messages.values()
    acks = [m.acked_at - m.due for m in messages if m.acked_at is not None]
    deliveries = [m.delivered_at - m.due for m in messages if m.delivered_at is not None]
    return {
        "sent": len(traffic.messages),
        "acked": len(acks),
        "delivered": len(deliveries),
        "not_acked": traffic.refusals(),
        "faults": check(traffic.messages, list(traffic.receivers.values()), traffic.earlier),
        "ack_ms": percentiles(acks),
        "delivery_ms": percentiles(deliveries),
    }


def _throughput(traffic: Traffic, start: float, seconds: float) -> float:
    """Return settled messages a second in the phase, without its first tenth and what came after.

    Counted over time and not over messages: a burst after a stall is no rate.
    """
    begin, end = start + seconds / 10, start + seconds
    settled = (
        max(m.acked_at, m.delivered_at)
        for m in traffic.messages.values()
        if m.acked_at is not None and m.delivered_at is not None
    )
    return round(sum(begin <= at < end for at in settled) / (end - begin), 1)


async def warm(pairs: list[Pair]) -> Traffic:
    """Send what is not measured, so that nothing is first in a measured phase."""
    traffic = Traffic(pairs)
    await closed_loop(traffic, 1, 1.0)
    return traffic


async def phases(asked: argparse.Namespace, pairs: list[Pair]) -> dict[str, Any]:
    """Run the phases asked for and return the figures of each."""
    meter = Meter(asked.server_pid, asked.seconds)
    figures: dict[str, Any] = {}
    traffic = await warm(pairs)
    gc.collect()
    gc.disable()  # a pause of the generator would read as latency of the server
    if not asked.closed:
        traffic = Traffic(pairs, traffic)
        phase = open_loop(traffic, asked.rate, asked.seconds)
        figures["open"] = {"rate": asked.rate, **await meter.measure(traffic, phase)}
        gc.collect()
    if asked.closed or asked.both:
        traffic = Traffic(pairs, traffic)
        phase = closed_loop(traffic, asked.window, asked.seconds)
        figures["closed"] = {"window": asked.window, **await meter.measure(traffic, phase)}
    return figures


async def run(asked: argparse.Namespace, cookies: dict[str, str]) -> dict[str, Any]:
    """Sign in, connect, measure; return everything."""
    people = read_pairs(asked.pairs_file, asked.pairs)
    if not asked.relay:
        people = await sign_in_all(people, asked.url, cookies)
    pairs = [(Client(a.visit, a.cookie), Client(b.visit, b.cookie)) for a, b in people]
    clients = [client for pair in pairs for client in pair]
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        await connect(asked.url, clients[:2], http)  # what loads on first use is not a client's
        before, start = _memory(asked), now()
        await connect(asked.url, clients[2:], http)
        took, after = now() - start, _memory(asked)
        beats = asyncio.create_task(beat_for_ever(clients))
        figures = await phases(asked, pairs)
        beats.cancel()
        await asyncio.gather(*(client.close() for client in clients))
    others = max(1, len(clients) - 2)
    return {
        "system": "relay" if asked.relay else "room",
        "pairs": len(pairs),
        "connects_per_second": round(others / took, 1),
        "rss_kib_per_client": round((after - before) / others / 1024, 1),
        **figures,
    }


def _memory(asked: argparse.Namespace) -> int:
    return resident_bytes(asked.server_pid) if asked.server_pid else 0


def main() -> None:
    """Measure and write the file; exit with 1 when a promise was broken."""
    asked = options()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    cookies = kept_cookies(asked.cookies)
    result = asyncio.run(run(asked, cookies))
    if asked.cookies is not None:
        asked.cookies.write_text(json.dumps(cookies), "utf-8")
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result))
    phases_run = [result[name] for name in ("open", "closed") if name in result]
    raise SystemExit(any(any(phase["faults"].values()) for phase in phases_run))


if __name__ == "__main__":
    main()
