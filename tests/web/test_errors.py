"""What goes wrong is told plainly, and written down without a word of what was said."""

import logging

import pytest

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.kernel.keys import KeyRing
from app.kernel.vault import DataKey, vault
from tests.cast import ADA, MARA
from tests.conftest import KEY_RING

PLANTED = "A planted sentence."


def damage(clinic):
    """Damage Ada's data key as a bad disk would."""
    with transaction() as session:
        session.get_one(DataKey, clinic.id(ADA)).wrapped = b"\0" * 60
    db.done()
    vault.unlock(KeyRing.parse(KEY_RING))


def message(**fields):
    body = {"text": PLANTED}
    return {"channel": "room", "key": new_id(), "kind": "message.posted", "body": body, **fields}


def test_a_fault_is_told_by_its_incident_alone(clinic, browser, caplog):
    caplog.set_level(logging.DEBUG)
    mara = browser(MARA)
    mara.token()
    damage(clinic)
    answer = mara.post_json(f"/visits/{clinic.visit.id}/events", message())
    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert answer.json["incident"] in caplog.text
    page = mara.open(f"/visits/{clinic.visit.id}/room")
    assert page.status == 500
    assert "planted" not in caplog.text
    assert "KeyRingError" not in page.source


def test_nothing_that_was_said_is_logged_on_the_good_way_either(clinic, browser, socket, caplog):
    caplog.set_level(logging.DEBUG)
    mara = browser(MARA)
    mara.post_json(f"/visits/{clinic.visit.id}/events", message())
    mara.post_json(f"/visits/{clinic.visit.id}/events", message(kind="nothing"))
    mara.post(f"/visits/{clinic.visit.id}/notes", text=PLANTED, base_version="0")
    room = socket(mara)
    room.enter(clinic.visit.id)
    for body in ({"text": PLANTED}, {"text": PLANTED * 400}, {"nothing": PLANTED}, PLANTED):
        room.append(clinic.visit.id, "message.posted", body)
    assert "planted" not in caplog.text
    assert MARA.password not in caplog.text


def test_the_address_of_nothing_is_a_page_that_helps(browser, clinic):
    assert clinic
    for each in (browser(), browser(MARA)):
        page = each.open("/nothing/here")
        assert (page.status, page.h1) == (404, "There is nothing here")
        assert page.all('a[href="/"]')


def test_a_body_that_is_too_large_is_refused(clinic, browser):
    mara = browser(MARA)
    path = f"/visits/{clinic.visit.id}/events"
    answer = mara.post_json(path, message(body={"text": "x" * (2 * 1024 * 1024)}))
    assert (answer.status, answer.json["code"]) == (413, "too_large")
    long = "x" * (2 * 1024 * 1024 + 1)
    page = mara.post(f"/visits/{clinic.visit.id}/notes", text=long, base_version="0")
    assert page.status == 413


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", '"x"', "[" * 30_000, "\x00"])
def test_json_that_is_none_is_a_bad_request(clinic, browser, body):
    mara = browser(MARA)
    headers = {"X-CSRFToken": mara.token(), "Content-Type": "application/json"}
    for path in ("events", "notes", "readiness/answers"):
        answer = mara.http.post(f"/visits/{clinic.visit.id}/{path}", data=body, headers=headers)
        assert answer.status_code == 400, path
        assert answer.json["code"] == "bad_request"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\x7f", "a\x85b"])
def test_text_that_cannot_be_kept_is_refused_at_every_door(clinic, browser, text):
    mara = browser(MARA)
    answer = mara.post_json(f"/visits/{clinic.visit.id}/events", message(body={"text": text}))
    assert (answer.status, answer.json["field"]) == (400, "text")
    card = mara.submit(f"/patients/{clinic.id(ADA)}/card", sitter_name=text)
    assert (card.status, card.value("sitter_name") != "") == (400, True)
    note = mara.post(f"/visits/{clinic.visit.id}/notes", text=text, base_version="0")
    assert note.status == 400


def test_a_theme_is_remembered_and_leads_back(browser, clinic):
    assert clinic
    mara = browser(MARA)
    page = mara.submit("/patients", to="/appearance", theme="dark")
    assert page.path == "/patients"
    assert page.one("html")["data-theme"] == "dark"
    assert mara.post("/appearance", theme="pink").status == 400
    away = mara.post("/appearance", follow=False, theme="calm", next="//evil.example")
    assert away.response.headers["Location"] == "/"
