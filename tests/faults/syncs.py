"""`python -m tests.faults.syncs`: whether a sync to the disk stands before each acknowledgement.

Killing a process loses nothing that the kernel has already, so it cannot show what a power cut
would. This watches the calls instead: strace writes down when each fsync or fdatasync of the
database ended, while somebody says one thing after the other, and then while all talk at once.
Ends with 1 when an acknowledgement came without a sync.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil

from app.kernel.ids import new_id
from bench.client import Client
from bench.people import sign_in
from tests.faults.people import ORIGIN
from tests.faults.stage import VARIANTS, Stage
from tests.programs import find_program, lacking

ONE_BY_ONE, AT_ONCE_EACH = 200, 20
#: How a sync ends in strace's file: begun at, and took; or gone on with at, when interrupted.
_WHOLE = re.compile(r"^\d+ +(\d+\.\d+) f(?:data)?sync\(.*<(\d+\.\d+)>$", re.MULTILINE)
_RESUMED = re.compile(r"^\d+ +(\d+\.\d+) <\.\.\. f(?:data)?sync resumed", re.MULTILINE)

Span = tuple[float, float]


@contextmanager
def watched(stage: Stage, log: Path) -> Iterator[None]:
    """Write down the syncs of whoever writes the record."""
    tool = find_program("strace") or lacking("strace")
    parents = [stage.database.pid] if stage.database else [each.pid for each in stage.servers]
    tops = [psutil.Process(pid) for pid in parents]
    family = [each.pid for top in tops for each in (top, *top.children(recursive=True))]
    asked = ["-f", "-ttt", "-T", "-e", "trace=fsync,fdatasync", "-o", str(log)]
    command = [str(tool), *asked, *(word for pid in family for word in ("-p", str(pid)))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        for _ in family:
            program.stderr.readline()  # one says for each that it is attached
        yield
        program.terminate()


def ends(log: Path) -> list[float]:
    """When each sync ended."""
    text = log.read_text("utf-8")
    whole = [float(at) + float(took) for at, took in _WHOLE.findall(text)]
    return sorted(whole + [float(at) for at in _RESUMED.findall(text)])


def within(syncs: list[float], span: Span) -> bool:
    """Tell whether one of them ended in this span of time."""
    place = bisect_left(syncs, span[0])
    return place < len(syncs) and syncs[place] <= span[1]


async def talk(stage: Stage) -> tuple[list[Span], list[Span]]:
    """Say things one after the other, then all at once; return from when to when each took."""
    accounts = [member.account for member in stage.members]
    people = await sign_in(accounts, stage.servers[0].url, {})
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        clients = [Client(person.visit, person.cookie, ORIGIN) for person in people]
        for client in clients:
            await client.connect(http, stage.servers[0].url)
            await client.ask("enter")
        single = [await _say(clients[0]) for _ in range(ONE_BY_ONE)]
        many = await asyncio.gather(*(_say_often(client) for client in clients))
        await asyncio.gather(*(client.close() for client in clients))
    return single, [span for spans in many for span in spans]


async def _say_often(client: Client) -> list[Span]:
    return [await _say(client) for _ in range(AT_ONCE_EACH)]


async def _say(client: Client) -> Span:
    begun = _wall()
    body = {"text": "One more."}
    key = new_id()
    await client.ask("append", channel="room", key=key, kind="message.posted", body=body)
    return begun, _wall()


def _wall() -> float:
    """The clock that strace writes down."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def figures(syncs: list[float], single: list[Span], many: list[Span]) -> dict[str, int]:
    """Count acknowledgements and syncs of both parts."""
    begun = min(span[0] for span in many)
    return {
        "one after the other: acknowledged": len(single),
        "with a sync between sending and acknowledgement": sum(within(syncs, s) for s in single),
        "all at once: acknowledged": len(many),
        "with a sync in between": sum(within(syncs, span) for span in many),
        "syncs that they shared": sum(at >= begun for at in syncs),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.faults.syncs")
    parser.add_argument("--variant", choices=list(VARIANTS), default="sqlite")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="hearthside-faults-") as folder,
        VARIANTS[asked.variant](Path(folder), 10) as stage,
    ):
        log = Path(folder) / "syncs"
        with watched(stage, log):
            single, many = asyncio.run(talk(stage))
        found = figures(ends(log), single, many)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    counts = list(found.values())
    return int(counts[0] != counts[1] or counts[2] != counts[3])


if __name__ == "__main__":
    raise SystemExit(main())
