"""A phone that slept in the middle of a visit: the page heals by itself, at once, without a reload.

Chromium without a screen never hides a page, so its clock is stopped here, and the event of waking
is the test's own.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import ADA, MARA
from tests.e2e.people import Visitor
from tests.e2e.rooms import Room, see, see_state
from tests.proxy import Line

pytestmark = pytest.mark.browser

NIGHT_SECONDS = 300
#: From waking to having what was missed: less than any time-out of the line.
AT_ONCE_MS = 4000
DEATHS: dict[str, Callable[[Line], None]] = {"cut": Line.cut, "open and dead": Line.go_deaf}


def sleep(page: Page) -> None:
    """Stop the page's clock and with it every timer, as a phone in a pocket does."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 0.1)


def wake(page: Page) -> None:
    """Look at the page, five minutes later; timers go on from where they stood."""
    page.clock.set_system_time(page.evaluate("Date.now() / 1000") + NIGHT_SECONDS)
    page.clock.resume()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("death", DEATHS)
def test_a_phone_that_slept_for_five_minutes_is_back_at_once(far_room: Room, death: str):
    mara, ada = far_room.let_in(MARA), far_room.arrive(ADA)
    ada.page.clock.install()
    ada.enter_room(far_room.visit)
    ada.say("before")
    see(mara, "before")
    ada.page.evaluate("window.isTheSamePage = true")
    sleep(ada.page)
    DEATHS[death](far_room.lines[ADA])
    for text in ("Are you there?", "I stay here.", "Take your time."):
        mara.say(text)
    mara.see_all_sent()
    see_state(mara, "Take your time.", "Sent")
    if death == "cut":
        expect(mara.page.locator("#people")).to_contain_text("last seen")
        far_room.lines[ADA].mend()
    wake(ada.page)
    expect(ada.page.get_by_text("Take your time.")).to_be_attached(timeout=AT_ONCE_MS)
    said = ("before", "Are you there?", "I stay here.", "Take your time.")
    see(ada, *said)
    ada.see_connection("live")
    expect(ada.page.locator(".room-header .presence")).to_contain_text("connected")
    expect(mara.page.locator("#people")).to_contain_text("connected")
    see_state(mara, "Take your time.", "Read")
    ada.say("I slept.")
    for person in (mara, ada):
        see(person, *said, "I slept.")
    assert ada.page.evaluate("window.isTheSamePage")


def test_a_network_that_fails_before_the_first_connection_is_waited_for(far_room: Room):
    mara, ada = far_room.let_in(MARA), far_room.arrive(ADA)
    line = far_room.lines[ADA]

    def cut_after_the_script(route: Route) -> None:
        response = route.fetch()
        line.cut()
        route.fulfill(response=response)

    ada.page.route("**/room-*.js", cut_after_the_script)
    ada.open(far_room.path)
    ada.see_connection("cut")
    ada.say("I hear nothing.")
    see_state(ada, "I hear nothing.", "Waiting to send")
    line.mend()
    ada.see_connection("live")
    see_all(mara, ada, "I hear nothing.")


def see_all(mara: Visitor, ada: Visitor, *texts: str) -> None:
    ada.see_all_sent()
    for person in (mara, ada):
        see(person, *texts)
