"""A conversation that is longer than what the page begins with: all of it can be read."""

import pytest
from playwright.sync_api import expect

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import actions
from app.room.events import parse
from tests.cast import ADA, MARA, Clinic
from tests.e2e.rooms import Room, see_state

pytestmark = pytest.mark.browser

SAID = 450
TAKEN_BACK = 40


@pytest.fixture
def long_clinic(clinic: Clinic) -> list[str]:
    """Mara and Ada have said 450 things, of which Mara took one back much later."""
    texts = [f"line {number}" for number in range(1, SAID + 1)]
    seats = (clinic.seat(ADA), clinic.seat(MARA))
    with transaction():
        for number, text in enumerate(texts, start=1):
            event = parse("message.posted", {"text": text})
            actions.append(seats[number % 2], "room", event, key=new_id())
        event = parse("message.withdrawn", {"seq": TAKEN_BACK})
        actions.append(seats[TAKEN_BACK % 2], "room", event, key=new_id())
    db.done()
    return texts


def test_the_whole_conversation_can_be_read_with_the_keyboard(long_clinic: list[str], room: Room):
    ada = room.let_in(ADA)
    ada.see_connection("live")
    page, lines = ada.page, ada.page.locator("#lines .message")
    expect(lines).to_have_count(199)  # the 200th line is that one was taken back
    more = page.get_by_role("button", name="Show earlier")
    more.focus()
    first = page.get_by_text("line 252", exact=True)
    for shown in (299, 399):
        where = first.bounding_box()
        page.keyboard.press("Enter")
        expect(lines).to_have_count(shown)
        expect(page.locator("#earlier")).to_contain_text("Earlier messages are above.")
        assert first.bounding_box() == pytest.approx(where, abs=2)
        expect(more).to_be_focused()
    page.keyboard.press("Space")
    expect(lines).to_have_count(SAID)
    expect(page.locator("#earlier [role=status]")).to_have_text("This is the beginning.")
    expect(more).to_be_hidden()
    expect(page.locator("#log")).to_be_focused()
    shown_texts = page.locator("#lines .message__text:visible").all_inner_texts()
    assert shown_texts == [text for text in long_clinic if text != f"line {TAKEN_BACK}"]
    expect(page.locator("#lines .message__withdrawn:visible")).to_have_count(1)
    see_state(ada, "line 448", "Sent")
    ada.say("And now?")
    expect(lines.last).to_contain_text("And now?")


def test_a_page_of_it_that_did_not_come_is_asked_for_again(long_clinic: list[str], room: Room):
    ada = room.let_in(ADA)
    ada.see_connection("live")
    assert long_clinic
    more = ada.page.get_by_role("button", name="Show earlier")
    ada.page.context.set_offline(offline=True)
    more.click()
    expect(ada.page.locator("#earlier")).to_contain_text("This did not work. Try again.")
    ada.page.context.set_offline(offline=False)
    more.click()
    expect(ada.page.get_by_text("line 160", exact=True)).to_be_attached()
