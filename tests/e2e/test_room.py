"""The live room in real browsers, on a day when everything works."""

import pytest
from playwright.sync_api import expect

from tests.cast import ADA, MARA
from tests.e2e.people import Visitor
from tests.e2e.rooms import Room, press_signal, see, see_signal, see_state

pytestmark = pytest.mark.browser


def test_a_message_says_how_far_it_got(mara: Visitor, room: Room):
    mara.say("Good to see you.")
    see_state(mara, "Good to see you.", "Sent")
    ada = room.let_in(ADA)
    see(ada, "Good to see you.")
    see_state(mara, "Good to see you.", "Read")


def test_markup_in_a_message_is_text(mara: Visitor, ada: Visitor):
    text = "<img src=x onerror=alert(1)><b>hello</b>"
    mara.say(text)
    see(ada, text)
    assert ada.page.locator("#lines img, #lines b").count() == 0


def test_enter_sends_and_shift_enter_makes_a_line(mara: Visitor, ada: Visitor):
    box = mara.page.locator("#text")
    box.fill("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    box.press("Enter")
    expect(ada.page.locator("#lines .message__text")).to_have_text("one\ntwo", use_inner_text=True)
    expect(box).to_have_value("")


def test_the_other_sees_that_somebody_writes(mara: Visitor, ada: Visitor):
    mara.page.locator("#text").press_sequentially("I am")
    expect(ada.page.locator("#typing")).to_have_text(f"{MARA.name} is writing…")
    mara.page.locator("#text").fill("")
    expect(ada.page.locator("#typing")).to_have_text("")


def test_a_call_for_help_stays_until_it_is_answered(mara: Visitor, ada: Visitor):
    press_signal(ada, "help")
    alarm = mara.page.locator("#alarm")
    expect(alarm.get_by_role("alert")).to_contain_text(f"{ADA.name} needs help now")
    see_signal(ada, "help", f"Sent. {MARA.name} sees it.")
    ada.say("please")
    see(mara, "please")
    mara.page.reload()
    expect(alarm).to_contain_text("needs help now")
    alarm.get_by_role("button", name="I am with you").click()
    expect(alarm).to_be_empty()
    see(ada, "please", "I am with you.")


def test_a_message_can_be_taken_back(mara: Visitor, ada: Visitor):
    mara.say("not this")
    see(ada, "not this")
    mara.page.get_by_role("button", name="Withdraw").click()
    mara.page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    see(ada, "not this")
    mara.page.get_by_role("button", name="Withdraw").click()
    mara.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    for person in (mara, ada):
        expect(person.page.locator("#lines .message__withdrawn")).to_be_visible()
        expect(person.page.locator("#lines")).not_to_contain_text("not this")


def test_dosing_is_refused_with_the_reason_until_readiness_is_cleared(mara: Visitor):
    mara.page.get_by_role("button", name="Taking the medicine").click()
    expect(mara.page.locator("#phase [role=alert]")).to_contain_text("readiness", ignore_case=True)
    expect(mara.page.locator("#phase .phase__name")).to_have_text("Arriving")


def test_the_phase_is_seen_by_both(mara: Visitor, ada: Visitor):
    mara.page.get_by_role("button", name="Settling in").click()
    expect(mara.page.locator("#phase .phase__name")).to_have_text("Settling in")
    expect(ada.page.locator("#phase")).to_contain_text("Settling in")
    mara.page.get_by_role("button", name="Closing").click()
    mara.page.get_by_role("dialog").get_by_role("button", name="Closing").click()
    expect(ada.page.locator("#phase")).to_contain_text("Coming to a close")
    mara.page.get_by_role("button", name="Ended").click()
    mara.page.get_by_role("dialog").get_by_role("button", name="Ended").click()
    for person in (mara, ada):
        expect(person.page.locator("#text")).to_be_disabled()
        expect(person.page.locator("#lines")).to_contain_text("The visit has ended")


def test_leaving_is_asked_about_and_told(mara: Visitor, ada: Visitor):
    ada.page.get_by_role("link", name="Leave").click()
    ada.page.get_by_role("button", name="Stay").click()
    expect(mara.page.locator("#people")).to_contain_text("connected")
    ada.page.get_by_role("link", name="Leave").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(mara.page.locator("#people")).to_contain_text("left")


def test_who_reads_above_is_not_moved(mara: Visitor, ada: Visitor):
    for number in range(15):
        mara.say(f"line {number}")
    expect(ada.page.locator("#lines .message")).to_have_count(15)
    log = ada.page.locator("#log")
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(ada.page.locator("#new-below")).to_be_hidden()
    mara.say("the newest")
    expect(ada.page.locator("#new-below")).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 0
    ada.page.locator("#new-below").click()
    expect(ada.page.get_by_text("the newest")).to_be_in_viewport()
    see_state(mara, "the newest", "Read")
