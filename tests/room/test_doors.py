"""The HTTP doors give the same answers as the socket, and store the same."""

import pytest

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import actions
from app.room.events import parse
from tests.browser import words
from tests.cast import ADA, MARA, NOOR

APPENDS = [
    ("message.posted", {"text": "Hello."}, {}),
    ("message.posted", {"text": " "}, {}),
    ("message.posted", {"text": "x" * 4001}, {}),
    ("message.posted", {"text": "a\x00b"}, {}),
    ("message.posted", {"text": "Hello.", "more": 1}, {}),
    ("message.posted", [], {}),
    ("message.posted", {"text": 5}, {}),
    ("message.withdrawn", {"seq": 0}, {}),
    ("message.withdrawn", {"seq": 999}, {}),
    ("phase.entered", {"phase": "settling"}, {}),
    ("phase.entered", {"phase": "peak"}, {}),
    ("phase.entered", {"phase": "nowhere"}, {}),
    ("signal.sent", {"signal": "help"}, {}),
    ("visit.ended", {}, {}),
    ("dose.recorded", {}, {}),
    (7, {}, {}),
    ("message.posted", {"text": "Hello."}, {"channel": "staff"}),
    ("message.posted", {"text": "Hello."}, {"channel": "nothing"}),
    ("message.posted", {"text": "Hello."}, {"channel": None}),
    ("message.posted", {"text": "Hello."}, {"key": "no-uuid"}),
    ("message.posted", {"text": "Hello."}, {"key": 7}),
]


@pytest.mark.parametrize("figure", [ADA, MARA], ids=lambda figure: figure.name)
@pytest.mark.parametrize("sent", APPENDS, ids=str)
def test_an_append_by_json_is_answered_as_by_socket(room, browser, figure, sent):
    kind, body, envelope = sent
    by_socket = room.appends(figure, kind, body, **envelope)
    data = {"channel": "room", "key": new_id(), "kind": kind, "body": body, **envelope}
    data["visit"] = room.visit
    before = room.state()
    answers = []
    path = f"/visits/{room.visit}/events"
    room.happens(lambda: answers.append(browser(figure).post_json(path, data)))
    by_http = answers[0].json
    if by_socket["ok"] and kind == "phase.entered":
        assert by_http["code"] == "not_now"  # it is in that phase already
        return
    assert set(by_http) == set(by_socket)
    assert {**by_http, "seq": 0, "at": 0} == {**by_socket, "seq": 0, "at": 0}
    if not by_socket["ok"]:
        assert room.state() == before


def test_without_scripts_the_whole_conversation_can_be_read_page_by_page(clinic, browser):
    say(clinic, ADA, *(f"line {number}" for number in range(1, 251)))
    path = f"/visits/{clinic.visit.id}/room"
    mara = browser(MARA)
    page = mara.open(path)
    assert texts(page) == [f"line {number}" for number in range(51, 251)]
    append(clinic, ADA, ("message.withdrawn", {"seq": 40}))
    page = mara.open(f"{path}?before={page.one('#earlier button')['value']}")
    assert texts(page) == [f"line {number}" for number in range(1, 51) if number != 40]
    assert len(page.all("#lines .message__withdrawn:not([hidden])")) == 1
    assert page.one("#earlier").has_attr("hidden")
    for wrong in ("x", "-1", "0", "1", "9" * 10):
        assert mara.open(f"{path}?before={wrong}").status == 400


def test_a_call_that_was_answered_long_ago_is_not_shown_again(clinic, browser):
    append(clinic, ADA, ("signal.sent", {"signal": "help"}))
    say(clinic, ADA, "Please.")
    mara, path = browser(MARA), f"/visits/{clinic.visit.id}/room"
    assert "needs help now" in words(mara.open(path).one("#alarm"))
    say(clinic, MARA, "I am with you.")
    say(clinic, ADA, *(f"line {number}" for number in range(201)))
    assert words(mara.open(path).one("#alarm")) == ""


def say(clinic, figure, *texts):
    append(clinic, figure, *(("message.posted", {"text": text}) for text in texts))


def append(clinic, figure, *said):
    seat = clinic.seat(figure)
    with transaction():
        for kind, body in said:
            actions.append(seat, "room", parse(kind, body), key=new_id())
    db.done()


def texts(page):
    return [words(each) for each in page.all("#lines .message__text:not([hidden])")]


def test_a_repeat_by_the_other_door_is_a_repeat(room, browser):
    key = new_id()
    first = room.appends(ADA, "message.posted", {"text": "Once."}, key=key)
    data = {"channel": "room", "key": key, "kind": "message.posted", "body": {"text": "Once."}}
    again = browser(ADA).post_json(f"/visits/{room.visit}/events", data).json
    assert again == {"ok": True, "seq": first["seq"], "at": first["at"], "repeat": True}


def test_catch_up_over_http_is_catch_up_over_the_socket(room, browser):
    for number in range(5):
        room.appends(ADA, "message.posted", {"text": f"Line {number}"})
    ask = {"visit": room.visit, "channel": "room", "after": 2, "limit": 3}
    by_socket = room.sockets[ADA].send("catch_up", ask)
    path = f"/visits/{room.visit}/events?channel=room&after=2&limit=3"
    by_http = browser(ADA).open(path).json
    for name in ("ok", "events", "head", "more"):
        assert by_http[name] == by_socket[name], name
    assert by_socket["more"] is True
    assert len(by_socket["events"]) == 3
    entrance = room.sockets[ADA].enter(room.visit)
    assert by_http["state"] == entrance["state"]
    names = [{k: one[k] for k in ("participant", "name", "role")} for one in by_http["people"]]
    assert names == [
        {k: one[k] for k in ("participant", "name", "role")} for one in entrance["people"]
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=99999999999", "after"),
        ("limit=0", "limit"),
        ("limit=1.5", "limit"),
        ("limit=²", "limit"),
    ],
)
def test_a_wrong_number_is_refused_by_name(clinic, browser, query, field):
    answer = browser(ADA).open(f"/visits/{clinic.visit.id}/events?{query}")
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert answer.json["field"] == field


def test_the_form_works_without_scripts(room, browser):
    ada = browser(ADA)
    path = f"/visits/{room.visit}/room"
    page = ada.submit(path, to=f"/visits/{room.visit}/events", text="By the form.")
    assert page.status == 200
    assert page.path == path
    assert "By the form." in page.text
    assert "By the form." in browser(MARA).open(path).text
    assert [each["body"] for each in room.sockets[MARA].heard("event")][-1] == {
        "text": "By the form."
    }


def test_a_double_click_on_the_form_posts_once(room, browser):
    ada = browser(ADA)
    page = ada.open(f"/visits/{room.visit}/room")
    for _ in range(2):
        ada.submit(page, to=f"/visits/{room.visit}/events", text="Pressed twice.")
    texts = [e.event.text for e in room.replay()["room"] if e.event.kind == "message.posted"]
    assert texts == ["Pressed twice."]


def test_a_refused_form_keeps_what_was_typed(room, browser):
    ada = browser(ADA)
    long = "very long " * 450
    page = ada.submit(f"/visits/{room.visit}/room", to=f"/visits/{room.visit}/events", text=long)
    assert page.status == 400
    assert "at most 4000 characters" in page.text.replace(",", "")
    typed = [box.get_text().strip() for box in page.all("textarea")]
    assert long.strip() in typed


def test_a_stranger_finds_neither_door(clinic, browser):
    noor = browser(NOOR)
    for visit in (clinic.visit.id, new_id()):
        path = f"/visits/{visit}/events"
        assert noor.open(path).status == 404
        data = {
            "channel": "room",
            "key": new_id(),
            "kind": "message.posted",
            "body": {"text": "Hello?"},
        }
        assert noor.post_json(path, data).status == 404
        assert noor.post_json(path, data).json == noor.open(path).json
