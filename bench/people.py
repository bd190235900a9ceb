"""The people of a load: read from `flask demo load`'s file and signed in over HTTP."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
#: Argon2 fills the server's threads long before this many.
AT_ONCE = 4


class SignInError(Exception):
    """Somebody could not sign in."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of a pair, with the cookie of their sign-in (empty at the relay, which asks nobody)."""

    visit: str
    email: str
    password: str
    cookie: str = ""


Pair = tuple[Person, Person]


def read_pairs(file: Path, most: int | None = None) -> list[Pair]:
    """Return the file's pairs, therapist first."""
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
    return [
        (Person(line["visit"], **line["therapist"]), Person(line["visit"], **line["patient"]))
        for line in lines[:most]
    ]


def kept_cookies(file: Path | None) -> dict[str, str]:
    """Return the sign-ins that an earlier run kept, by e-mail address."""
    if file is None or not file.exists():
        return {}
    cookies: dict[str, str] = json.loads(file.read_text("utf-8"))
    return cookies


async def sign_in_all(pairs: list[Pair], url: str, cookies: dict[str, str]) -> list[Pair]:
    """Return the pairs signed in, adding to `cookies` those that were not in it."""
    people = await sign_in([one for pair in pairs for one in pair], url, cookies)
    return list(zip(people[::2], people[1::2], strict=True))


async def sign_in(people: list[Person], url: str, cookies: dict[str, str]) -> list[Person]:
    """Return these people signed in, adding to `cookies` those that were not in it."""
    turns = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:

        async def settle(person: Person) -> Person:
            if person.email not in cookies:
                async with turns:
                    cookies[person.email] = await _sign_in(http, url, person)
            return replace(person, cookie=cookies[person.email])

        return await asyncio.gather(*(settle(one) for one in people))


async def _sign_in(http: aiohttp.ClientSession, url: str, person: Person) -> str:
    async with http.get(f"{url}/sign-in") as page:
        found = _TOKEN.search(await page.text())
        cookie = _cookies(page)
    form = {
        "email": person.email,
        "password": person.password,
        "csrf_token": found[1] if found else "",
    }
    headers = {"Cookie": cookie, "Origin": url, "Referer": f"{url}/sign-in"}
    async with http.post(
        f"{url}/sign-in", data=form, headers=headers, allow_redirects=False
    ) as answer:
        if answer.status not in {302, 303}:
            raise SignInError(f"{person.email}: {answer.status}")
        return _cookies(answer)


def _cookies(answer: aiohttp.ClientResponse) -> str:
    return "; ".join(f"{name}={cookie.value}" for name, cookie in answer.cookies.items())
