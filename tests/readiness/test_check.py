"""The patient's way through the check, by forms and as the page's script does."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kernel.db import db
from app.kernel.ids import new_id
from app.readiness.models import ReadinessAnswer
from tests.cast import ADA, BEN, CLEO, INES, MARA, NOOR, THEO

PLANTED = "a purple heron on the stairwell"


def test_the_patient_sees_her_questions_and_none_of_the_therapists(check):
    page = check.page(ADA)
    assert page.h1 == "Readiness check"
    assert page.one(".verdict")["data-result"] == "unfinished"
    assert "26 questions to go" in page.text
    assert page.all("#item-camera")
    assert not page.all("#item-identity")
    assert "Turn it on in your browser" in page.text  # for those without a script


def test_a_press_answers_a_question_without_a_script(check):
    page = check.browser(ADA).submit(check.path, to=f"{check.path}/answers")
    assert page.status == 400  # the first form is the camera's: only the device can answer it
    page = check.browser(ADA).post(
        f"{check.path}/answers", item="fallback", **{"value-answer": "yes"}
    )
    assert page.status == 200
    assert "Saved 07:00 EST" in page.text
    pressed = page.one("#item-fallback .press[aria-pressed=true]")
    assert pressed["value"] == "yes"


def test_a_form_that_does_not_fit_keeps_what_was_typed_and_says_what_is_wrong(check):
    fields = {"systolic": "80", "diastolic": "90", "heart_rate": "70", "spo2": "98"}
    sent = {f"value-{name}": text for name, text in fields.items()}
    page = check.browser(ADA).post(f"{check.path}/answers", item="vitals", **sent)
    assert page.status == 400
    assert "must be above the lower number" in page.message("item-vitals-systolic")
    assert page.one("#item-vitals-systolic")["value"] == "80"
    assert page.one("#item-vitals-diastolic")["value"] == "90"


def test_times_are_meant_on_the_patients_own_clock(check):
    fields = {"item": "solid_food", "value-at": "2026-11-21T22:30"}
    page = check.browser(ADA).post(f"{check.path}/answers", **fields)
    assert page.one("#item-solid_food-at")["value"] == "2026-11-21T22:30"
    row = check.page(MARA).one("#item-solid_food")
    assert "Sun 22 Nov 2026, 04:30 CET" in " ".join(row.get_text(" ").split())


def test_a_script_learns_what_follows_from_an_answer(check):
    answer = check.answer(ADA, "distress", level=8).json
    assert answer["ok"] is True
    assert answer["saved_at"] == "2026-11-22T12:00:00.000Z"
    assert answer["saved"] == "Saved 07:00 EST"
    assert answer["item"] == {"id": "distress", "tone": "review"}
    assert answer["result"] == "unfinished"
    assert "We will look at this" in answer["pieces"]["outcome-distress"]
    assert "25 questions to go" in answer["pieces"]["verdict"]


def test_chest_pain_shows_the_way_to_help_at_once(check):
    check.answer(ADA, "emergency_care", number="+49 112", hospital="Charité", minutes=9)
    answer = check.answer(ADA, "chest_pain", answer="yes").json
    assert answer["result"] == "stop"
    for piece in ("verdict", "outcome-chest_pain"):
        assert "This needs medical help now" in answer["pieces"][piece]
        assert 'href="tel:+49112"' in answer["pieces"][piece]
    assert "Today is not the day" in answer["pieces"]["verdict"]


@pytest.mark.parametrize("part", ["wished_dead", "better_off", "thoughts", "tried", "now"])
def test_any_yes_of_the_suicide_screen_shows_words_of_help(check, part):
    no = dict.fromkeys(("wished_dead", "better_off", "thoughts", "tried", "now"), "no")
    answer = check.answer(ADA, "asq", **{**no, part: "yes"}).json
    assert "You do not have to be alone with this" in answer["pieces"]["outcome-asq"]
    assert 'href="tel:911"' in answer["pieces"]["outcome-asq"]  # from her card


def test_what_can_be_put_right_is_told_without_alarm(check):
    answer = check.answer(ADA, "camera", outcome="none").json
    assert answer["result"] == "stop"
    assert "Something needs fixing first" in answer["pieces"]["verdict"]


def test_the_latest_answer_counts_and_earlier_ones_stay(check):
    check.answer(ADA, "sitter_here", answer="no")
    check.answer(ADA, "sitter_here", answer="yes")
    row = check.page(MARA).one("#item-sitter_here").get_text(" ")
    assert "Review" in row
    assert "An earlier answer was a stop" in row
    assert "1 earlier" in row


def test_a_retry_with_the_same_key_is_kept_once(check):
    data = {"item": "alcohol", "value": {"answer": "none"}, "key": new_id()}
    first, again = (
        check.browser(ADA).post_json(f"{check.path}/answers", data).json for _ in range(2)
    )
    assert first["saved_at"] == again["saved_at"]
    assert len(db.session.scalars(select(ReadinessAnswer)).all()) == 1
    other = {**data, "item": "no_driving", "value": {"answer": "yes"}}
    refused = check.browser(ADA).post_json(f"{check.path}/answers", other).json
    assert (refused["code"], refused["field"]) == ("bad_request", "key")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "payload"),
        ({}, "item"),
        ({"item": "nothing"}, "item"),
        ({"item": 5}, "item"),
        ({"item": ["fallback"]}, "item"),
        ({"item": "fallback", "value": "yes"}, "value"),
        ({"item": "fallback", "value": {"answer": "perhaps"}}, "answer"),
        ({"item": "fallback", "value": {"answer": "yes"}, "key": "x"}, "key"),
        ({"item": "solid_food", "value": {"at": "2026-11-22T99:00"}}, "at"),
        ({"item": "solid_food", "value": {"at": "2026-03-08T02:30"}}, "at"),
        ({"item": "solid_food", "value": {"at": "0001-01-01T00:00"}}, "at"),
        ({"item": "sitter", "value": {"name": "a\x00"}}, "name"),
    ],
)
def test_wrong_input_is_refused_by_its_field_and_nothing_is_kept(check, data, field):
    answer = check.browser(ADA).post_json(f"{check.path}/answers", data)
    assert (answer.status, answer.json["code"], answer.json["field"]) == (400, "bad_request", field)
    assert db.session.scalars(select(ReadinessAnswer)).all() == []


@pytest.mark.parametrize("figure", [BEN, CLEO, NOOR, INES], ids=lambda each: each.name)
def test_for_a_stranger_the_check_does_not_exist(check, figure):
    assert check.page(figure).status == 404
    assert check.page(figure, "/board").status == 404
    assert check.answer(figure, "fallback", answer="yes").status == 404
    assert check.clear(figure, "fallback").status == 404
    assert check.clear_whole(figure, seen=0).status == 404
    assert check.browser(figure).open(f"{check.path}/round-trip").status == 404


def test_the_patient_answers_hers_and_the_therapist_his(check):
    assert check.answer(ADA, "identity", answer="yes").status == 404
    assert check.answer(MARA, "safe_with_sitter", answer="yes").status == 404
    assert check.answer(THEO, "identity", answer="yes").status == 404
    assert check.answer(MARA, "identity", answer="yes").status == 200


def test_a_cancelled_visit_takes_no_answers(check):
    check.browser(MARA).post(f"/visits/{check.clinic.visit.id}/cancel")
    assert check.answer(ADA, "fallback", answer="yes").json["code"] == "not_now"


def test_the_round_trip_counts_and_gives_bytes(check):
    path = f"{check.path}/round-trip"
    ada = check.browser(ADA)
    assert ada.open(path).json["ok"] is True
    assert len(ada.open(f"{path}?bytes=5000").response.data) == 5000
    assert ada.open(f"{path}?bytes=9999999").json["field"] == "bytes"
    assert ada.open(f"{path}?bytes=-1").json["field"] == "bytes"
    assert ada.post_json(path, {"x": "y" * 100}).json["bytes"] > 100


def test_an_answer_is_unreadable_in_the_database(check, tmp_path: Path):
    check.answer(ADA, "address", address=f"12 Orchard Lane, {PLANTED}", on_file="yes")
    assert PLANTED in check.page(MARA).text
    db.done()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    if db.engine.dialect.name == "sqlite":
        assert any(b"readiness_answers" in path.read_bytes() for path in files)
    assert not any(PLANTED.encode() in path.read_bytes() for path in files)
    sealed = db.session.scalars(select(ReadinessAnswer.value_sealed)).all()
    assert sealed
    assert not any(PLANTED.encode() in value for value in sealed)


def test_answers_and_clearances_cannot_be_changed_or_deleted(check):
    check.answer(ADA, "fallback", answer="yes")
    for statement in ("UPDATE readiness_answers SET item = 'x'", "DELETE FROM readiness_answers"):
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_reading_and_answering_leave_audit_lines_without_a_word_of_the_patient(check):
    check.page(ADA)
    check.answer(ADA, "willing", answer="yes", level=7, intention=PLANTED)
    entries = db.session.scalars(select(AuditEntry)).all()
    acts = [each.action for each in entries if each.action.startswith("readiness.")]
    assert acts == ["readiness.read", "readiness.answered"]
    assert PLANTED not in str([each.facts for each in entries])
