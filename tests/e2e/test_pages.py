"""Every page, as each person sees it, on a phone and on a laptop: axe finds nothing to mend.

With SCREENSHOTS=folder each page is also kept as a picture, in all three sets of colours.
"""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.readiness.actions import answer_item
from app.readiness.demonstration import answer_well
from app.room import actions
from app.room.commits import commits
from app.room.events import parse
from tests.cast import ADA, INES, MARA, THEO, Clinic, Figure
from tests.e2e.people import LAPTOP, PHONE
from tests.e2e.rooms import sign_in
from tests.servers import LiveServer

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "laptop": LAPTOP}
#: Each theme on each size is looked at; axe reads these, the others differ in nothing it reads.
SCANNED = {("phone", "light"), ("phone", "calm"), ("laptop", "light"), ("laptop", "dark")}
THEMES = ("light", "dark", "calm")
VISIT = "/visits/{visit}"
ROOMS = (f"{VISIT}", f"{VISIT}/readiness", f"{VISIT}/room", f"{VISIT}/notes")
PAGES: dict[Figure | None, tuple[str, ...]] = {
    None: ("/sign-in", "/no/such/page", "/room-offline"),
    ADA: ("/", *ROOMS, "/account/zone"),
    MARA: (
        *("/", *ROOMS, f"{VISIT}/notes/private", f"{VISIT}/notes/sign"),
        *("/patients", "/patients/{ada}/card", "/visits/new", "/account/zone"),
    ),
    THEO: ("/", f"{VISIT}/readiness", f"{VISIT}/room"),
    INES: ("/", "/patients/{ada}/circle"),
}


@pytest.fixture
def lived_in(clinic: Clinic) -> Clinic:
    """A clinic where something has happened: answers, a review, a conversation, a call."""
    with transaction():
        answer_well(clinic.visit, patient=clinic.actor(ADA), therapist=clinic.actor(MARA))
        value = {"level": 8}
        answer_item(clinic.visit, item="distress", value=value, by=clinic.actor(ADA))
    for who, kind, body in (
        (MARA, "message.posted", {"text": "Hello Ada. Take all the time you need."}),
        (ADA, "message.posted", {"text": "I am lying down. The blanket is warm."}),
        (MARA, "phase.entered", {"phase": "settling"}),
        (ADA, "signal.sent", {"signal": "check_on_me"}),
    ):
        seat, event = clinic.seat(who), parse(kind, body)
        commits.run(partial(actions.append, seat, "room", event, key=new_id()))
    db.done()
    return clinic


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("figure", PAGES, ids=lambda f: f.name.split()[0] if f else "nobody")
def test_axe_finds_nothing(
    browser: Browser, live: LiveServer, lived_in: Clinic, figure: Figure | None, size: str
):
    context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce")
    page = context.new_page()
    if figure:
        page.goto(f"{live.url}/sign-in")
        sign_in(page, figure)
        page.wait_for_url(f"{live.url}/")
    write_a_note(page, live, lived_in) if figure is MARA else None
    places = {"visit": lived_in.visit.id, "ada": lived_in.id(ADA)}
    paths = [path.format(**places) for path in PAGES[figure]]
    name = f"{figure.name.split()[0] if figure else 'nobody'}-{size}"
    found = list(look_through(context, page, live.url, paths, name))
    context.close()
    assert found == []


def write_a_note(page: Page, live: LiveServer, clinic: Clinic) -> None:
    page.goto(f"{live.url}{VISIT.format(visit=clinic.visit.id)}/notes")
    page.locator("#note-text").fill("A warm, wide place.")
    page.locator("[data-slot=saved][data-state=saved]").wait_for()


def look_through(
    context: BrowserContext, page: Page, base: str, paths: list[str], name: str
) -> Iterator[str]:
    """Open the pages in each theme; yield what axe or a sideways scroll finds."""
    size = name.rpartition("-")[2]
    for theme in THEMES:
        if (size, theme) not in SCANNED and "SCREENSHOTS" not in os.environ:
            continue
        context.add_cookies([{"name": "theme", "value": theme, "url": base}])
        for path in paths:
            page.goto(base + path)
            page.locator("h1").wait_for(state="attached")
            if path.endswith("/room"):
                page.locator("#connection[data-line=live]").wait_for()
            keep_picture(page, f"{name}-{theme}-{path}")
            if (size, theme) in SCANNED:
                where = f"{path} on a {size}, {theme}: "
                yield from (where + finding for finding in findings(page))


def findings(page: Page) -> Iterator[str]:
    for violation in Axe().run(page).response["violations"]:
        nodes = "; ".join(str(node["target"]) for node in violation["nodes"])
        yield f"{violation['id']} ({violation['help']}): {nodes}"
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield "scrolls sideways"


def keep_picture(page: Page, name: str) -> None:
    """Keep the page as a picture, the room as it fills the screen, others whole."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        safe = re.sub(r"[0-9a-f-]{36}", "ID", name).replace("/", "_")
        page.screenshot(path=Path(folder) / f"{safe}.png", full_page="room" not in name)
