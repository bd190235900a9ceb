"""A room that is opened without a network, and what a device keeps for that."""

import re
from time import monotonic

import pytest
from playwright.sync_api import Error, expect

from app.cli.demonstration import CARD
from tests.cast import ADA, MARA
from tests.e2e.device import everything_on, see_kept
from tests.e2e.people import PATIENCE_MS, Visitor
from tests.e2e.rooms import Room, press_signal, see, see_signal, see_state, sign_in, sign_out
from tests.proxy import Line

pytestmark = pytest.mark.browser


def lose_the_network(visitor: Visitor, line: Line, path: str, text: str) -> None:
    """Say something into a dead line, close the page, and open the room without a network."""
    visitor.see_connection("live")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line.cut()
    visitor.see_connection("cut")
    visitor.say(text)
    see_kept(visitor.page, 1)
    visitor.page.close()
    visitor.page = visitor.page.context.new_page()
    visitor.open(path)
    expect(visitor.page.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_room_opened_without_a_network_keeps_what_is_said_and_opens_when_it_can(far_room: Room):
    mara, ada = far_room.let_in(MARA), far_room.let_in(ADA)
    mara.say("The kettle is on.")
    see(ada, "The kettle is on.")
    lose_the_network(ada, far_room.lines[ADA], far_room.path, "a wren sings")
    expect(ada.page.locator("main")).to_contain_text("Call out to the person with you")
    number = ada.page.get_by_role("link", name=CARD["sitter_phone"])
    expect(number).to_have_attribute("href", f"tel:{CARD['sitter_phone'].replace(' ', '')}")
    see(ada, "a wren sings")
    ada.say("two blankets")
    see_state(ada, "two blankets", "Waiting to send")
    press_signal(ada, "help")
    see_signal(ada, "help", "Not sent yet. We keep trying. Call out to the person with you.")
    ada.page.locator("#text").fill("and half a")
    kept = see_kept(ada.page, 4)
    # The shell is there; nobody's name or word is.
    assert "it is not kept on this device" in kept
    private = ("kettle", "wren", "blankets", "half a", ADA.name, MARA.name, CARD["sitter_phone"])
    assert [word for word in private if word in kept] == []
    far_room.lines[ADA].mend()
    ada.see_connection("live")
    for person in (mara, ada):
        see(person, "The kettle is on.", "a wren sings", "two blankets")
    expect(ada.page.locator("#text")).to_have_value("and half a")
    expect(mara.page.locator("#alarm")).to_contain_text("needs help now")


def test_signing_out_takes_from_the_device_what_opened_the_room(far_room: Room):
    mara, line = far_room.let_in(MARA), far_room.lines[MARA]
    lose_the_network(mara, line, far_room.path, "for tomorrow")
    expect(mara.page.locator("main")).to_contain_text("call the person who is with your patient")
    see(mara, "for tomorrow")
    mara.page.goto("about:blank")
    line.mend()
    mara.open("/patients")
    sign_out(mara.page)
    see_nothing_that_opens(mara)
    line.cut()
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        mara.page.context.new_page().goto(f"{line.url}{far_room.path}")
    line.mend()
    mara.open(far_room.path)
    sign_in(mara.page, MARA)
    mara.see_connection("live")
    mara.see_all_sent()
    see(mara, "for tomorrow")


def see_nothing_that_opens(visitor: Visitor) -> None:
    """No shell, no worker and no key is left; the sealed words are."""
    deadline = monotonic() + PATIENCE_MS / 1000
    while not re.search(r'"outbox",\[\{.*"seats",\[\]', kept := everything_on(visitor.page)):
        assert monotonic() < deadline, kept
    assert "room-offline" not in kept
    workers = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert visitor.page.evaluate(workers) == 0
