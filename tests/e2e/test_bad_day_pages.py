"""The room's page on a bad day, as both see it: axe finds nothing to mend.

With SCREENSHOTS=folder each state is also kept as a picture, in all three sets of colours.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import actions
from app.room.events import parse
from tests.cast import ADA, MARA, Clinic, Figure
from tests.e2e.people import LAPTOP, PHONE
from tests.e2e.rooms import Room, press_signal, see_state
from tests.e2e.test_pages import THEMES, findings, keep_picture

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "laptop": LAPTOP}
#: How each reads it, and axe does; a run that keeps pictures looks at all there is.
USUAL = {ADA: ("phone", "calm"), MARA: ("laptop", "light")}


@pytest.fixture
def talked(clinic: Clinic) -> None:
    """More was said than a page begins with."""
    seats = (clinic.seat(ADA), clinic.seat(MARA))
    with transaction():
        for number in range(1, 221):
            event = parse("message.posted", {"text": f"Line {number}, said quietly."})
            actions.append(seats[number % 2], "room", event, key=new_id())
    db.done()


@pytest.mark.usefixtures("talked")
@pytest.mark.parametrize("figure", USUAL, ids=lambda figure: figure.name.split()[0])
def test_axe_finds_nothing_on_a_bad_day(far_room: Room, figure: Figure):
    visitor = far_room.let_in(figure)
    visitor.see_connection("live")
    page, found = visitor.page, []
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.say("The bell \u0007 again")
    see_state(visitor, "The bell", "Not sent")
    picture(page, figure, "refused")
    far_room.lines[figure].cut()
    visitor.see_connection("cut")
    visitor.say("I wait for the line.")
    page.locator("#text").fill("And I am still writing")
    if figure is ADA:
        press_signal(visitor, "help")
    picture(page, figure, "queued")
    page.locator("#earlier button").click()
    expect(page.locator("#earlier")).to_contain_text("Try again")
    # All of it is in the page by now: what was refused, what waits, what can be fetched.
    found += look(page, figure, "earlier")
    page.reload()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("#text")).to_have_value("And I am still writing")
    found += look(page, figure, "offline")
    assert found == []


def picture(page: Page, figure: Figure, state: str) -> None:
    """Keep the page as a picture in every set of colours, where pictures are wanted."""
    if "SCREENSHOTS" in os.environ:
        assert list(look(page, figure, state)) == []


def look(page: Page, figure: Figure, state: str) -> Iterator[str]:
    """Look at the page in every set of colours; yield what axe or a sideways scroll finds."""
    every = [(size, theme) for size in SIZES for theme in THEMES]
    for size, theme in every if "SCREENSHOTS" in os.environ else [USUAL[figure]]:
        page.set_viewport_size({**SIZES[size]})
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        keep_picture(page, f"room-{state}-{figure.name.split()[0]}-{size}-{theme}")
        yield from (f"{state}, {size}, {theme}: {finding}" for finding in findings(page))
