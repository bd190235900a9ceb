"""Words that are not sent: kept on the device, sealed, and given back to who wrote them."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from app.kernel.db import transaction
from app.kernel.ids import new_id
from app.room import actions
from app.room.events import parse
from tests.cast import ADA, MARA, Clinic, Figure
from tests.chromium import chromium_launch_args
from tests.e2e.device import see_kept
from tests.e2e.people import PHONE, Visitor
from tests.e2e.rooms import Room, see, see_state, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("figure", [ADA, MARA], ids=lambda figure: figure.name)
def test_what_the_server_refuses_is_copied_mended_or_thrown_away_by_keyboard(
    room: Room, figure: Figure
):
    visitor = room.let_in(figure)
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, item = visitor.page, visitor.page.locator("#lines .message")
    visitor.see_connection("live")
    visitor.say("a bell \u0007 rings")
    see_state(visitor, "a bell", "Not sent. This text holds a character that cannot be kept.")
    page.reload()
    see_state(visitor, "a bell", "Not sent. This text holds a character that cannot be kept.")
    item.get_by_role("button", name="Copy").press("Enter")
    expect(item.get_by_role("button", name="Copied")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == "a bell \u0007 rings"
    item.get_by_role("button", name="Edit").press("Enter")
    expect(item).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()
    page.reload()
    expect(page.locator("#text")).to_have_value("a bell \u0007 rings")
    page.locator("#text").fill("a bell rings")
    page.locator("#text").press("Enter")
    see_state(visitor, "a bell rings", "Sent")


def test_what_was_refused_is_thrown_away_only_on_purpose(mara: Visitor):
    page, item = mara.page, mara.page.locator("#lines .message")
    mara.say("\u0007 no")
    see_state(mara, "no", "Not sent")
    item.get_by_role("button", name="Delete").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Keep it").press("Enter")
    see(mara, "\u0007 no")
    item.get_by_role("button", name="Delete").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(item).to_have_count(0)
    expect(page.locator("#log")).to_be_focused()
    page.reload()
    mara.see_connection("live")
    expect(item).to_have_count(0)


def test_after_the_end_what_was_refused_can_be_copied_but_not_said_again(
    far_room: Room, clinic: Clinic
):
    ada = far_room.let_in(ADA)
    ada.see_connection("live")
    far_room.lines[ADA].cut()
    ada.see_connection("cut")
    ada.say("One thing more.")
    seat = clinic.seat(MARA)
    with transaction():
        for phase in ("settling", "closing", "ended"):
            actions.append(seat, "room", parse("phase.entered", {"phase": phase}), key=new_id())
    far_room.lines[ADA].mend()
    see_state(ada, "One thing more.", "Not sent. This visit has ended")
    offered = ada.page.locator("#lines .message button:visible")
    expect(offered).to_have_text(["Copy", "Delete"])


def test_words_on_the_device_are_sealed_and_come_back_to_one_page(
    mara: Visitor, ada: Visitor, room: Room
):
    room.server.kill()
    ada.see_connection("cut")
    ada.say("a heron by the water")
    ada.page.locator("#text").fill("and a kingfisher")
    kept = see_kept(ada.page, 2)
    assert "heron" not in kept
    assert "kingfisher" not in kept
    room.server.start()
    twin = room.second_tab(ada)
    see(twin, "a heron by the water")
    expect(twin.page.locator("#text")).to_have_value("")
    ada.page.close()
    twin.page.reload()
    expect(twin.page.locator("#text")).to_have_value("and a kingfisher")
    twin.page.locator("#text").press("Enter")
    see(mara, "a heron by the water", "and a kingfisher")
    see_kept(twin.page, 0)


def test_a_browser_that_crashed_comes_back_with_what_was_written_and_read(
    browser: Browser, mara: Visitor, room: Room, tmp_path: Path
):
    mara.say("Good morning.")
    ada, context = arrive_with_a_profile(browser, room, tmp_path)
    see_state(mara, "Good morning.", "Read")
    ada.say("Good morning, Mara.")
    see_state(ada, "Good morning, Mara.", "Read")
    room.server.kill()
    ada.see_connection("cut")
    ada.say("I dropped the phone")
    ada.page.locator("#text").fill("and it")
    see_kept(ada.page, 2)
    with suppress(Error):
        context.new_cdp_session(ada.page).send("Browser.crash")
    room.server.start()
    ada, context = arrive_with_a_profile(browser, room, tmp_path)
    for person in (mara, ada):
        see(person, "Good morning.", "Good morning, Mara.", "I dropped the phone")
    see_state(ada, "Good morning, Mara.", "Read")
    see_state(mara, "Good morning.", "Read")
    expect(ada.page.locator("#text")).to_have_value("and it")
    context.close()


def arrive_with_a_profile(
    browser: Browser, room: Room, folder: Path
) -> tuple[Visitor, BrowserContext]:
    """Open the room in a browser that keeps its profile; sign in where one has to."""
    context = browser.browser_type.launch_persistent_context(
        folder, viewport=PHONE, **chromium_launch_args()
    )
    ada = Visitor(context.pages[0], room.server.url)
    ada.open(room.path)
    if "/sign-in" in ada.page.url:
        sign_in(ada.page, ADA)
    ada.see_connection("live")
    return ada, context
