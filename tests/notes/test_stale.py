"""Two people at one note: nothing is overwritten unseen, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.kernel.db import db
from tests.cast import ADA, MARA
from tests.notes.conftest import autosave, write


def test_a_late_form_gets_both_texts_and_can_save_what_was_made_of_them(browser, notes):
    mara, ada = browser(MARA), browser(ADA)
    open_at_mara = mara.open(notes)
    write(ada, notes, "Ada was here first.")
    late = mara.submit(open_at_mara, to=notes, text="Mara came second.")
    assert late.status == 409
    assert late.h1 == "Two texts of this note"
    assert "Ada was here first." in late.text
    assert late.value("text") == "Mara came second."
    merged = mara.submit(late, to=notes, text="Ada was first, Mara second.")
    assert merged.status == 200
    assert ada.open(notes).value("text") == "Ada was first, Mara second."


def test_a_late_script_gets_the_other_text_and_the_version(browser, notes):
    mara, ada = browser(MARA), browser(ADA)
    autosave(ada, notes, "Ada’s")
    late = autosave(mara, notes, "Mara’s", 0)
    assert late.status == 409
    assert (late.json["ok"], late.json["code"]) == (False, "not_now")
    assert (late.json["theirs"], late.json["version"]) == ("Ada’s", 1)
    assert (late.json["who"], late.json["signed"]) == ("Ada Brandt", False)
    assert ada.open(notes).value("text") == "Ada’s"


def test_a_version_that_was_never_given_out_is_refused(mara, notes):
    late = autosave(mara, notes, "one", 5)
    assert (late.status, late.json["theirs"], late.json["version"]) == (409, "", 0)


def test_of_two_first_saves_at_once_one_is_kept_and_the_other_is_told(browser, notes):
    """The empty note is made by the first save, so both try to make it."""
    start = Barrier(2)

    def save(figure):
        who = browser(figure)
        who.open(notes)
        start.wait()
        answer = autosave(who, notes, f"by {figure.name}")
        db.done()
        return answer.status, answer.json

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(save, (MARA, ADA))]
    assert sorted(status for status, _ in answers) == [200, 409]
    kept = browser(MARA).open(notes).value("text")
    refused = next(answer for status, answer in answers if status == 409)
    assert refused["theirs"] == kept


def test_six_saves_at_once_over_one_version_keep_exactly_one(browser, notes):
    mara = browser(MARA)
    autosave(mara, notes, "begin")
    browsers = [browser(MARA) for _ in range(6)]
    start = Barrier(6)

    def save(pair):
        number, who = pair
        who.open(notes)
        start.wait()
        status = autosave(who, notes, f"text {number}", 1).status
        db.done()
        return status

    with ThreadPoolExecutor(6) as pool:
        statuses = [*pool.map(save, enumerate(browsers))]
    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
    assert mara.open(f"{notes}/latest").json["version"] == 2
