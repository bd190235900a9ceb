"""The live room with a dead server, without sockets, without scripts, in two tabs, signed out."""

import os
import signal

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.cast import ADA, MARA
from tests.e2e.people import Visitor
from tests.e2e.rooms import (
    NO_SOCKETS,
    Room,
    press_signal,
    see,
    see_signal,
    see_state,
    sign_in,
    sign_out,
)

pytestmark = pytest.mark.browser


def test_what_is_written_while_the_server_is_dead_is_sent_once_by_the_next_page(
    mara: Visitor, ada: Visitor, room: Room
):
    mara.say("before")
    see(ada, "before")
    room.server.kill()
    ada.see_connection("cut")
    expect(ada.page.locator("#connection")).to_contain_text("Your words are kept.")
    ada.say("first")
    ada.say("second")
    see_state(ada, "first", "Waiting to send")
    ada.page.close()
    room.server.start()
    ada.page = mara.page.context.browser.contexts[-1].new_page()
    ada.open(room.path)
    ada.see_all_sent()
    mara.see_connection("live")
    for person in (mara, ada):
        see(person, "before", "first", "second")


def test_both_come_back_by_themselves_when_the_server_does(mara: Visitor, ada: Visitor, room: Room):
    room.server.kill()
    mara.say("from Mara, meanwhile")
    press_signal(ada, "help")
    see_signal(ada, "help", "Not sent yet. We keep trying. Call out to the person with you.")
    room.server.start()
    for person in (mara, ada):
        person.see_connection("live")
        see(person, "from Mara, meanwhile")
    see_signal(ada, "help", f"Sent. {MARA.name} sees it.")


def test_two_tabs_are_one_person_who_says_everything_once(mara: Visitor, ada: Visitor, room: Room):
    tab = room.second_tab(ada)
    tab.see_connection("live")
    room.server.kill()
    ada.see_connection("cut")
    tab.see_connection("cut")
    ada.say("from the first tab")
    see(tab, "from the first tab")
    tab.say("from the second tab")
    room.server.start()
    for person in (mara, ada, tab):
        see(person, "from the first tab", "from the second tab")
    expect(mara.page.locator("#people .presence")).to_have_count(1)
    ada.page.close()
    tab.say("still here")
    see(mara, "from the first tab", "from the second tab", "still here")
    expect(mara.page.locator("#people")).to_contain_text("connected")


def test_a_tab_that_closes_while_it_sends_hands_over_to_the_other(
    mara: Visitor, ada: Visitor, room: Room
):
    tab = room.second_tab(ada)
    tab.see_connection("live")
    os.kill(room.server.pid, signal.SIGSTOP)
    try:
        ada.say("one")
        ada.say("two")
        see(tab, "one", "two")
        ada.page.close()
    finally:
        os.kill(room.server.pid, signal.SIGCONT)
    tab.see_all_sent()
    tab.say("three")
    for person in (mara, tab):
        see(person, "one", "two", "three")


def test_without_sockets_the_room_works_by_asking(mara: Visitor, room: Room):
    ada = room.let_in(ADA, script=NO_SOCKETS)
    ada.see_connection("polling")
    ada.say("no socket here")
    see(mara, "no socket here")
    mara.say("I read you")
    see(ada, "no socket here", "I read you")
    see_state(mara, "I read you", "Read")
    press_signal(ada, "check_on_me")
    expect(mara.page.locator("#alarm")).to_contain_text("asks you to look in")
    expect(mara.page.locator("#people")).to_contain_text("connected")


def test_a_message_that_waited_while_help_was_called_answers_nothing(
    mara: Visitor, ada: Visitor, room: Room
):
    room.server.kill()
    mara.see_connection("cut")
    expect(mara.page.locator("#people")).to_contain_text("not known right now")
    mara.say("Are you there?")
    press_signal(ada, "help")
    room.server.start()
    expect(mara.page.locator("#alarm")).to_contain_text("needs help now")
    mara.see_all_sent()
    see(ada, "Are you there?")
    expect(mara.page.locator("#alarm")).to_contain_text("needs help now")


def test_an_ended_sign_in_asks_for_a_new_one_and_keeps_the_words(mara: Visitor, room: Room):
    room.second_tab(mara)
    other = mara.page.context.new_page()
    other.goto(f"{mara.base}/patients")
    sign_out(other)
    mara.see_connection("signed_out")
    mara.say("kept")
    see_state(mara, "kept", "Waiting to send")
    mara.page.get_by_role("link", name="Sign in").click()
    sign_in(mara.page, MARA)
    mara.see_connection("live")
    mara.see_all_sent()
    see(mara, "kept")


def test_without_scripts_forms_and_links_do_it(
    without_scripts: BrowserContext, mara: Visitor, room: Room
):
    page = without_scripts.new_page()
    page.goto(f"{room.server.url}/sign-in")
    sign_in(page, ADA)
    page.goto(f"{room.server.url}{room.path}")
    page.locator("#text").fill("by a form alone")
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#lines .message__text")).to_have_text("by a form alone")
    see(mara, "by a form alone")
    mara.say("and I by a socket")
    mara.see_all_sent()
    page.get_by_role("link", name="Show new messages").click()
    expect(page.locator("#lines")).to_contain_text("and I by a socket")
    page.locator("#signals button[value=help]").click()
    expect(mara.page.locator("#alarm")).to_contain_text("needs help now")
