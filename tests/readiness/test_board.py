"""The therapist's board: what is seen, what can be cleared, and what can never be."""

import pytest

from tests.cast import ADA, MARA, THEO


def row(check, item: str, figure=MARA) -> str:
    return " ".join(check.page(figure).one(f"#item-{item}").get_text(" ").split())


def test_the_board_shows_who_answered_when_and_what_follows(check, clock):
    check.answer(ADA, "distress", level=8)
    check.answer(ADA, "camera", outcome="works")
    clock.shift(180)
    text = row(check, "distress")
    assert "8 of 10" in text
    assert "Ada Brandt, 13:00 CET , 3 min ago" in text
    assert "Distress is 7 or 8." in text
    assert "Ada Brandt’s device" in row(check, "camera")
    assert check.page(MARA).h1 == "Readiness of Ada Brandt"


def test_needs_me_shows_only_what_waits_for_the_therapist(check):
    check.answer(ADA, "distress", level=8)
    check.answer(ADA, "alcohol", answer="none")
    rows = {each["data-row"] for each in check.page(MARA, "?show=mine").all("[data-row]")}
    assert rows == {"distress", "identity", "said_aloud"}


def test_a_review_is_cleared_with_a_reason(check):
    check.answer(ADA, "distress", level=8)
    page = check.browser(MARA).submit(
        check.path, to=f"{check.path}/clear-item", reason="We breathed together; it is 5 now."
    )
    assert page.status == 200
    text = row(check, "distress")
    assert "Cleared by Mara Ellis, 13:00 CET" in text
    assert "We breathed together" in text


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "a\x00b"])
def test_a_clearance_without_a_proper_reason_is_refused_and_kept_in_the_form(check, reason):
    check.answer(ADA, "distress", level=8)
    refused = check.clear(MARA, "distress", reason).json
    assert (refused["code"], refused["field"]) == ("bad_request", "reason")
    fields = {"item": "distress", "reason": reason}
    page = check.browser(MARA).post(f"{check.path}/clear-item", **fields)
    assert page.status == 400
    assert page.message("clear-distress")


def test_what_is_no_text_is_refused(check):
    for name in ("item", "reason", "answer"):
        data = {"item": "distress", "reason": "We spoke.", name: {"x": 1}}
        refused = check.browser(MARA).post_json(f"{check.path}/clear-item", data)
        assert (refused.status, refused.json["field"]) == (400, name)


def test_a_patient_clears_nothing(check):
    check.answer(ADA, "distress", level=8)
    assert check.clear(ADA, "distress").status == 404
    assert check.clear_whole(ADA, seen=1).status == 404


@pytest.mark.parametrize("figure", [MARA, THEO], ids=lambda each: each.name)
def test_nobody_clears_a_hard_stop(check, figure):
    check.answer(ADA, "fallback", answer="no")
    refused = check.clear(figure, "fallback")
    assert (refused.status, refused.json["code"]) == (409, "not_now")
    assert "cannot be cleared by anyone" in refused.json["message"]
    page = check.page(figure)
    assert not page.all("#item-fallback form.board__clear")
    assert "Cannot be cleared by anyone." in row(check, "fallback", figure)


@pytest.mark.parametrize("figure", [MARA, THEO], ids=lambda each: each.name)
def test_nobody_clears_a_plain_stop_but_another_answer_changes_it(check, figure):
    check.answer(ADA, "distress", level=10)
    assert "Only another answer" in check.clear(figure, "distress").json["message"]
    check.answer(ADA, "distress", level=3)
    assert "Fine" in row(check, "distress")


def test_a_prescribers_stop_is_cleared_by_the_prescriber_alone(check):
    two_hours_ago = "2026-11-22T10:00:00Z"
    check.answer(ADA, "solid_food", at=two_hours_ago)
    assert "Only a prescriber" in check.clear(MARA, "solid_food").json["message"]
    assert check.clear(THEO, "solid_food", "A cracker, at the lowest risk.").status == 200
    assert "Cleared by Theo Okafor" in row(check, "solid_food")


def test_a_clearance_counts_for_exactly_the_answer_that_was_seen(check):
    check.answer(ADA, "distress", level=7)
    seen = check.page(MARA).one("#item-distress")["data-answer"]
    check.answer(ADA, "distress", level=8)
    refused = check.clear(MARA, "distress", answer=seen)
    assert "has changed since you looked" in refused.json["message"]
    assert check.clear(MARA, "distress").status == 200
    check.answer(ADA, "distress", level=7)
    assert "Review" in row(check, "distress")


def test_what_is_cleared_fine_unanswered_or_unknown_is_not_cleared(check):
    assert check.clear(MARA, "distress").json["code"] == "not_now"  # nobody has begun
    check.answer(ADA, "distress", level=8)
    check.answer(ADA, "alcohol", answer="none")
    assert check.clear(MARA, "distress").status == 200
    assert "cleared already" in check.clear(MARA, "distress").json["message"]
    assert "nothing to clear" in check.clear(MARA, "alcohol").json["message"]
    assert "no answer yet" in check.clear(MARA, "vitals").json["message"]
    assert check.clear(MARA, "nothing").json["field"] == "item"
    assert check.clear(MARA, "distress", answer="no-id").json["field"] == "answer"


def test_the_button_for_the_whole_waits_until_it_is_possible(check):
    assert check.page(MARA).one("form[action$='/clear'] button").has_attr("disabled")
    check.answer_all_well()
    page = check.page(MARA)
    assert not page.one("form[action$='/clear'] button").has_attr("disabled")
    assert not check.page(THEO).all("form[action$='/clear']")
    page = check.browser(MARA).submit(page, to=f"{check.path}/clear")
    assert "Cleared by Mara Ellis, 13:00 CET" in page.text
    assert "You are ready" in check.page(ADA).text


def test_the_fragment_is_what_the_page_shows(check):
    check.answer(ADA, "distress", level=8)
    board = check.page(MARA, "/board").json
    assert "Distress is 7 or 8." in board["html"]
    before = board["print"]
    check.answer(ADA, "distress", level=9)
    assert check.page(MARA, "/board").json["print"] != before
    assert "identity" not in check.page(ADA, "/board").json["html"]


def test_urgent_answers_stand_on_top(check):
    check.answer(ADA, "chest_pain", answer="yes")
    page = check.page(MARA)
    assert "Ada Brandt was shown: This needs medical help now" in page.text
