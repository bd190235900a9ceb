"""The live room in real browsers: two people, two tabs, no line, no sockets, no scripts."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.cast import ADA, MARA, Clinic, Figure
from tests.e2e.people import LAPTOP, PHONE, Visitor
from tests.servers import LiveServer

pytestmark = pytest.mark.browser

#: A network whose middle lets no WebSocket through.
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"


@dataclass
class Room:
    """Ada's visit on a running server, and the way into it."""

    browser: Browser
    server: LiveServer
    visit: str

    def let_in(self, figure: Figure, *, script: str = "") -> Visitor:
        """Sign somebody in and open the room."""
        size = PHONE if figure is ADA else LAPTOP
        visitor = Visitor.arrive(self.browser, self.server.url, size)
        if script:
            visitor.page.add_init_script(script)
        visitor.open("/sign-in")
        sign_in(visitor.page, figure)
        visitor.open(self.path)
        return visitor

    @property
    def path(self) -> str:
        return f"/visits/{self.visit}/room"

    def second_tab(self, visitor: Visitor) -> Visitor:
        """Open the room once more in the same browser."""
        tab = Visitor(visitor.page.context.new_page(), visitor.base)
        tab.open(self.path)
        return tab


@pytest.fixture
def room(browser: Browser, live: LiveServer, clinic: Clinic) -> Room:
    return Room(browser, live, clinic.visit.id)


@pytest.fixture
def mara(room: Room) -> Iterator[Visitor]:
    visitor = room.let_in(MARA)
    visitor.see_connection("live")
    yield visitor
    visitor.page.context.close()


@pytest.fixture
def ada(room: Room) -> Iterator[Visitor]:
    visitor = room.let_in(ADA)
    visitor.see_connection("live")
    yield visitor
    visitor.page.context.close()


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


def see(visitor: Visitor, *texts: str) -> None:
    """These are the messages on the screen, each once, in this order."""
    expect(visitor.page.locator("#lines .message__text")).to_have_text(list(texts))


def see_state(visitor: Visitor, text: str, word: str) -> None:
    item = visitor.page.locator("#lines .message", has_text=text)
    expect(item.locator("[data-slot=state]")).to_contain_text(word)


def press_signal(visitor: Visitor, signal: str) -> None:
    visitor.page.locator(f"#signals button[value={signal}]").click()


def see_signal(visitor: Visitor, signal: str, words: str) -> None:
    said = visitor.page.locator(f"#signals button[value={signal}] [data-slot=said]")
    expect(said).to_have_text(words)


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


def test_without_sockets_the_room_works_by_asking(mara: Visitor, room: Room):
    ada = room.let_in(ADA, script=NO_SOCKETS)
    ada.see_connection("polling")
    ada.say("no socket here")
    see(mara, "no socket here")
    mara.say("I read you")
    see(ada, "no socket here", "I read you")
    press_signal(ada, "check_on_me")
    expect(mara.page.locator("#alarm")).to_contain_text("asks you to look in")
    expect(mara.page.locator("#people")).to_contain_text("connected")


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


def test_what_the_server_refuses_stays_and_can_be_mended(mara: Visitor, ada: Visitor):
    mara.say("a bell \u0007 rings")
    see_state(mara, "a bell", "Not sent. This text holds a character that cannot be kept.")
    mara.page.reload()
    see_state(mara, "a bell", "Not sent")
    mara.page.get_by_role("button", name="Edit").click()
    expect(mara.page.locator("#lines .message")).to_have_count(0)
    mara.page.locator("#text").fill("a bell rings")
    mara.page.locator("#text").press("Enter")
    for person in (mara, ada):
        see(person, "a bell rings")


def test_a_refused_text_can_be_thrown_away(mara: Visitor):
    mara.say("\u0007 no")
    mara.page.get_by_role("button", name="Discard").click()
    mara.page.reload()
    mara.see_connection("live")
    expect(mara.page.locator("#lines .message")).to_have_count(0)


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


def sign_in(page: Page, figure: Figure) -> None:
    page.get_by_label("Email address").fill(figure.email)
    page.get_by_label("Password").fill(figure.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_out(page: Page) -> None:
    page.locator("summary", has_text=MARA.name).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")


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
