"""The pages of a room whose server cannot save: what they say, how soon, and that all is kept."""

import pytest
from playwright.sync_api import expect

from app.cli.demonstration import CARD
from tests.cast import ADA, MARA
from tests.disk import serve_from, small_disk
from tests.e2e.people import Visitor
from tests.e2e.rooms import Room, press_signal, see_signal

pytestmark = pytest.mark.browser

SAID_WITHIN_MS = 5_000
BACK_WITHIN_MS = 10_000
NOT_SAVED = "Not saved yet. We keep trying"


def says_not_saved(visitor: Visitor, text: str) -> None:
    item = visitor.page.locator("#lines .message", has_text=text)
    expect(item.locator("[data-slot=state]")).to_contain_text(NOT_SAVED, timeout=SAID_WITHIN_MS)


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 8) as small:
        yield small


@pytest.fixture
def both(disk, browser, serve, database_url, clinic):
    """Mara and Ada in Ada's room, on a server whose database is on the small disk."""
    server, _ = serve_from(disk.folder, serve=serve, database_url=database_url)
    room = Room(browser, server, clinic.visit.id)
    visitors = room.let_in(MARA), room.let_in(ADA)
    for each in visitors:
        each.see_connection("live")
    yield visitors
    for each in visitors:
        each.page.context.close()


def test_the_pages_say_not_saved_and_whom_to_call_and_then_all_of_it_is_there(disk, both):
    mara, ada = both
    otherwise = ada.page.locator("#call-otherwise")
    expect(otherwise).to_be_hidden()
    disk.fill()
    mara.say("Are you well?")
    says_not_saved(mara, "Are you well?")
    press_signal(ada, "help")
    expect(otherwise).to_be_visible(timeout=SAID_WITHIN_MS)
    for kept in ("sitter_name", "sitter_phone"):
        expect(otherwise).to_contain_text(CARD[kept])
    expect(otherwise.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")
    see_signal(ada, "help", "Not sent yet. We keep trying. Call out to the person with you.")
    ada.say("I feel strange.")
    says_not_saved(ada, "I feel strange.")
    expect(mara.page.locator("#lines .message", has_text="strange")).to_have_count(0)
    disk.empty()
    expect(ada.page.locator("#lines")).to_contain_text("Are you well?", timeout=BACK_WITHIN_MS)
    alarm = mara.page.locator("#alarm")
    expect(alarm).to_contain_text("needs help now", timeout=BACK_WITHIN_MS)
    ada.see_all_sent()
    see_signal(ada, "help", f"Sent. {MARA.name} sees it.")
    expect(otherwise).to_be_hidden()
    for each in both:
        expect(each.page.locator("#lines .message__text")).to_have_count(2)
        assert sorted(each.conversation()) == ["Are you well?", "I feel strange."]


def test_a_room_opened_while_nothing_can_be_saved_takes_words_and_says_whom_to_call(disk, both):
    mara, ada = both
    ada.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    disk.fill()
    mara.say("Are you well?")
    says_not_saved(mara, "Are you well?")
    ada.page.reload()
    expect(ada.page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(ada.page.get_by_role("link", name="911")).to_be_visible()
    ada.say("I feel strange.")
    disk.empty()
    ada.see_connection("live")
    ada.see_all_sent()
    for each in both:
        expect(each.page.locator("#lines .message__text")).to_have_count(2)
