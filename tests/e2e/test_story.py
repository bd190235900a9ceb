"""The main job, played by two people in two real browsers, from sign-in to a signed note.

In the middle the patient's network is cut for ten seconds and the server is killed and started
again. Nothing may be lost, doubled or out of order: not on either screen, not in the database.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from app.cli.demonstration import ADA, MARA, PASSWORD
from app.readiness.demonstration import good_answers
from app.readiness.items import template
from tests.e2e.people import LAPTOP, PHONE, Visitor, answer
from tests.e2e.record import messages_in_the_record, sentence_is_readable_in
from tests.proxy import Line, a_line
from tests.servers import LiveServer

pytestmark = pytest.mark.browser

CUT_SECONDS = 10
#: What a machine that stores in plain text would leave behind.
SECRET = "the lighthouse keeper hummed in violet"
#: Answered by the device itself, by pressing the test's button.
PROBES = ("camera", "microphone", "speaker", "connection")


class Story:
    """The stage: a server, two lines to it, and the two people."""

    def __init__(self, server: LiveServer, lines: dict[str, Line], browser: Browser) -> None:
        self.server = server
        self.lines = lines
        self.mara = Visitor.arrive(browser, lines["mara"].url, LAPTOP)
        self.ada = Visitor.arrive(browser, lines["ada"].url, PHONE)
        self.visit = ""
        self.said: dict[str, list[str]] = {"Mara": [], "Ada": []}

    def say(self, name: str, text: str) -> None:
        """Have somebody write a message, and remember that they did."""
        {"Mara": self.mara, "Ada": self.ada}[name].say(text)
        self.said[name].append(text)


@pytest.fixture
def story(serve: Callable[..., LiveServer], browser: Browser) -> Iterator[Story]:
    with ExitStack() as stack:
        lines = {name: stack.enter_context(a_line()) for name in ("mara", "ada")}
        server = serve(ORIGINS=",".join(line.url for line in lines.values()))
        for line in lines.values():
            line.lead_to(server.port)
        yield Story(server, lines, browser)


def test_a_visit_from_sign_in_to_a_signed_note(story: Story):
    sign_in_and_plan(story)
    stop_and_mend_readiness(story)
    clear_readiness(story)
    talk_through_faults(story)
    compare_screens_and_record(story)
    write_sign_and_add(story)
    assert not sentence_is_readable_in(story.server, SECRET)


def sign_in_and_plan(story: Story) -> None:
    story.mara.sign_in(MARA.email, PASSWORD)
    story.ada.sign_in(ADA.email, PASSWORD)
    page = story.mara.page
    page.get_by_role("link", name="Plan a visit").first.click()
    page.get_by_label("Patient").select_option(label=ADA.name)
    soon = datetime.now(ZoneInfo("America/Los_Angeles")) + timedelta(minutes=3)  # noqa: TID251
    page.get_by_label("Date and time").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Plan").click()
    page.wait_for_url("**/visits/*-*")
    story.visit = page.url.rsplit("/", 1)[-1]
    expect(page.locator("main")).to_contain_text("PST" if soon.dst() == timedelta(0) else "PDT")
    story.ada.open("/")
    expect(story.ada.page.locator("main")).to_contain_text(MARA.name)


def stop_and_mend_readiness(story: Story) -> None:
    """Ada answers everything; one answer is a hard stop that Mara cannot clear."""
    ada, mara = story.ada.page, story.mara.page
    mara.goto(f"{story.mara.base}/visits/{story.visit}/readiness")
    ada.goto(f"{story.ada.base}/visits/{story.visit}/readiness")
    wanted = {**good_answers(), "distress": {"level": 8}, "fallback": {"answer": "no"}}
    for item in template().items.values():
        question = ada.locator(f"[data-item='{item.id}']").first
        if item.id in PROBES:
            question.locator("[data-slot=start] , button[data-slot=start]").first.click()
            if item.id == "speaker":
                question.locator("[data-heard=heard]").click()
        elif "patient" in item.by:
            answer(question.locator("form"), _typed(wanted[item.id]))
        else:
            continue
        expect(question.locator(".outcome__saved")).to_be_visible(timeout=60_000)
    # Mara's board follows by itself.
    row = mara.locator("[data-row=fallback]")
    expect(row).to_contain_text("Stop")
    expect(row.get_by_role("button", name="Clear")).to_have_count(0)
    expect(mara.get_by_role("button", name="Clear for dosing")).to_be_disabled()
    assert refused_over_the_door(story)
    answer(ada.locator("[data-item=fallback] form").first, {"answer": "yes"})


def refused_over_the_door(story: Story) -> bool:
    """Ask for dosing straight, past the page; the server says no."""
    script = """async ([url, token]) => {
        const body = {channel: "room", key: crypto.randomUUID(), kind: "phase.entered",
                      body: {phase: "dosing"}};
        const answer = await fetch(url, {method: "POST", body: JSON.stringify(body),
            headers: {"Content-Type": "application/json", "X-CSRFToken": token}});
        return await answer.json();
    }"""
    page = story.mara.page
    token = page.locator("input[name=csrf_token]").first.input_value()
    refusal = page.evaluate(script, [f"/visits/{story.visit}/events", token])
    return refusal["ok"] is False and refusal["code"] == "not_now"


def clear_readiness(story: Story) -> None:
    """Mara answers what is hers, clears each review with a reason, then the whole check."""
    mara = story.mara.page
    good = good_answers()
    for item in template().items.values():
        if "patient" not in item.by and item.id not in PROBES and "device" not in item.by:
            row = mara.locator(f"[data-row={item.id}]")
            answer(row.locator("form.question__form"), _typed(good[item.id]))
            expect(row.locator(".board__answer")).to_be_visible()
    reviews = mara.locator("form.board__clear")
    expect(mara.locator("[data-row=distress] form.board__clear")).to_be_visible()
    while reviews.count():
        before = reviews.count()
        reviews.first.locator("[name=reason]").fill("We spoke about it; it is settled.")
        reviews.first.get_by_role("button", name="Clear").click()
        expect(reviews).to_have_count(before - 1)
    expect(mara.get_by_role("button", name="Clear for dosing")).to_be_enabled()
    mara.get_by_role("button", name="Clear for dosing").click()
    expect(mara.locator(".verdict")).to_contain_text("Cleared by")


def talk_through_faults(story: Story) -> None:
    """Twenty messages each way, with the patient's network cut and the server killed."""
    for person in (story.mara, story.ada):
        person.enter_room(story.visit)
    expect(story.mara.page.locator("#people")).to_contain_text("connected")
    story.mara.page.get_by_role("button", name="Taking the medicine").click()
    expect(story.mara.page.locator("#phase")).to_contain_text("Taking the medicine")
    story.say("Ada", f"Ada 1: {SECRET}")
    both(story, range(2, 6))
    cut_adas_network(story)
    both(story, range(11, 13))
    kill_the_server(story)
    both(story, range(15, 21), also={"Mara": range(13, 15), "Ada": ()})
    for name in ("Mara", "Ada"):
        assert len(story.said[name]) == 20, name


def both(story: Story, numbers: range, also: dict[str, range] | None = None) -> None:
    for name in ("Mara", "Ada"):
        first = [1] if name == "Mara" and numbers.start == 2 else []
        for number in [*first, *(also or {}).get(name, ()), *numbers]:
            story.say(name, f"{name} {number}")


def cut_adas_network(story: Story) -> None:
    """Ten seconds without a line; both write meanwhile; Mara sees that Ada is lost."""
    story.lines["ada"].cut()
    story.ada.see_connection("cut")
    for number in range(6, 11):
        story.say("Ada", f"Ada {number}")
        story.say("Mara", f"Mara {number}")
    expect(story.mara.page.locator("#people")).to_contain_text("last seen")
    story.ada.page.wait_for_timeout(CUT_SECONDS * 1000)  # the fault itself, not a wait for anything
    story.lines["ada"].mend()
    story.ada.see_connection("live")
    story.ada.see_all_sent()
    expect(story.mara.page.locator("#people")).not_to_contain_text("last seen")


def kill_the_server(story: Story) -> None:
    """The process dies in the middle of the conversation; both go on writing."""
    pid = story.server.pid
    story.server.kill()
    story.say("Ada", "Ada 13")
    story.say("Ada", "Ada 14")
    story.server.start()
    assert story.server.pid != pid
    for person in (story.mara, story.ada):
        person.see_connection("live")


def compare_screens_and_record(story: Story) -> None:
    for person in (story.mara, story.ada):
        person.see_all_sent()
        expect(person.page.locator("#lines .message__text")).to_have_count(40)
    record = messages_in_the_record(story.server, story.visit, MARA.email)
    assert [seq for seq, _, _ in record] == sorted({seq for seq, _, _ in record})
    texts = [text for _, _, text in record]
    assert story.mara.conversation() == texts
    assert story.ada.conversation() == texts
    for name, person in (("Mara", MARA), ("Ada", ADA)):
        assert [text for _, who, text in record if who == person.name] == story.said[name]


def write_sign_and_add(story: Story) -> None:
    """Ada begins the note, Mara goes on in the same text, signs; after that only addenda."""
    ada, mara = story.ada.page, story.mara.page
    for person in (story.ada, story.mara):
        person.open(f"/visits/{story.visit}/notes")
    ada.locator("#note-text").fill("I was in a warm, wide place.")
    expect(ada.locator("[data-slot=saved]")).to_have_attribute("data-state", "saved")
    expect(mara.locator("#note-text")).to_have_value("I was in a warm, wide place.")
    mara.locator("#note-text").press("Control+End")
    mara.locator("#note-text").press_sequentially("\nOne step: the park, on Tuesday.\n")
    mara.get_by_role("tab", name="Transcript").or_(mara.locator("#transcript")).first.wait_for()
    mara.locator("#transcript").get_by_role(
        "button", name="Quote Ada Brandt: Ada 2", exact=True
    ).click()
    expect(mara.locator("#note-text")).to_have_value(_containing("Ada Brandt: Ada 2"))
    expect(ada.locator("#note-text")).to_have_value(_containing("the park, on Tuesday"))
    mara.get_by_role("button", name="Read and sign").click()
    mara.get_by_role("button", name="Sign this note").click()
    expect(mara.locator("#signed-text")).to_contain_text("warm, wide place")
    expect(mara.locator(".seal")).to_contain_text(f"Signed by {MARA.name}")
    # Ada's page follows by itself.
    expect(ada.locator(".seal")).to_contain_text(f"Signed by {MARA.name}")
    expect(ada.locator("#note-text")).to_have_count(0)
    ada.locator("form[data-module=note-addendum] textarea").fill("The park was good.")
    ada.get_by_role("button", name="Add to the note").click()
    expect(ada.locator(".addendum")).to_contain_text("The park was good.")


def _typed(value: dict[str, object]) -> dict[str, object]:
    """Times as a field for date and time takes them."""
    return {
        part: _wall(content) if part == "at" else content
        for part, content in value.items()
        if content is not None
    }


def _wall(moment: object) -> str:
    there = datetime.fromisoformat(str(moment)).astimezone(ZoneInfo("America/Los_Angeles"))
    return f"{there:%Y-%m-%dT%H:%M}"


def _containing(text: str):
    return re.compile(re.escape(text))
