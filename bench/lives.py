"""Clients that come, do what people do in a room, and go in every way there is, again and again."""

from __future__ import annotations

import asyncio
import random
import uuid
from typing import TYPE_CHECKING

import aiohttp
from client import Client, RefusedError

if TYPE_CHECKING:
    from collections import Counter

    from people import Person

#: How long somebody stays, in seconds.
SHORTEST, LONGEST = 1.0, 20.0
BEAT_SECONDS = 5.0
#: What a moment in the room is spent on.
DOINGS = ("message", "message", "mark", "typing", "catch_up", "page", "poll")
ENDS = ("leave", "leave", "close", "close", "cut", "cut at the door")


async def live_for_ever(
    http: aiohttp.ClientSession, url: str, person: Person, done: Counter[str]
) -> None:
    """Come and go until cancelled; count what was done."""
    client = Client(person.visit, person.cookie)
    try:
        while True:
            await asyncio.sleep(random.uniform(0.0, 2.0))
            client = Client(person.visit, person.cookie)
            try:
                await client.connect(http, url)
            except (RefusedError, aiohttp.ClientError, aiohttp.WSMessageTypeError) as error:
                # A server without processor time for ten seconds ends what is not begun by then.
                done[f"not let in: {error}"] += 1
                continue
            done["connected"] += 1
            await _live(client, http, url, done)
    finally:
        client.cut()


async def _live(client: Client, http: aiohttp.ClientSession, url: str, done: Counter[str]) -> None:
    end = random.choice(ENDS)
    done[end] += 1
    if end == "cut at the door":
        await client.tell("enter", after={})
        client.cut()
        return
    await client.enter()
    left = random.uniform(SHORTEST, LONGEST)
    while left > 0:
        await _do(random.choice(DOINGS), client, http, url, done)
        pause = random.uniform(0.5, BEAT_SECONDS)
        await asyncio.sleep(pause)
        await client.ask("beat", visible=random.random() < 0.8)
        left -= pause
    if end == "leave":
        await client.ask("leave")
    if end == "cut":
        client.cut()
    else:
        await client.close()


async def _do(
    doing: str, client: Client, http: aiohttp.ClientSession, url: str, done: Counter[str]
) -> None:
    done[doing] += 1
    if doing == "message":
        key, text = (
            str(uuid.UUID(int=random.getrandbits(128), version=4)),
            {"text": "x" * random.randint(1, 400)},
        )
        await client.ask("append", channel="room", key=key, kind="message.posted", body=text)
    elif doing == "mark":
        await client.ask("mark", channel="room", delivered=client.head, read=client.head)
    elif doing == "typing":
        await client.tell("typing", channel="room", on=True)
    elif doing == "catch_up":
        await client.ask("catch_up", channel="room", after=max(0, client.head - 100))
    else:
        await _look_in(doing, client, http, url)


async def _look_in(doing: str, client: Client, http: aiohttp.ClientSession, url: str) -> None:
    """Open the room's page, or poll as a browser without sockets does."""
    query = f"/events?after={client.head}&visible=true" if doing == "poll" else "/room"
    address = f"{url}/visits/{client.visit}{query}"
    async with http.get(address, headers={"Cookie": client.cookie}) as answer:
        if answer.status != 200:
            raise RefusedError(f"{doing}: {answer.status}")
        await answer.read()
