"""Who did and who read what: one line for each, in ids and words of our own lists."""

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kernel.db import db
from tests.cast import ADA, INES, MARA, NOOR, THEO


def lines(actor_id, *actions):
    query = select(AuditEntry).where(AuditEntry.actor_id == actor_id).order_by(AuditEntry.id)
    found = [each for each in db.session.scalars(query) if not actions or each.action in actions]
    db.done()
    return [(each.action, each.about_id, each.facts) for each in found]


def test_reading_a_card_and_changing_it_are_written_down(clinic, browser):
    theo, path = browser(THEO), f"/patients/{clinic.id(ADA)}/card"
    theo.submit(path, sitter_name="A planted name")
    told = lines(clinic.id(THEO), "card.read", "card.updated")
    assert told == [("card.read", clinic.id(ADA), {}), ("card.updated", clinic.id(ADA), {})]


def test_who_opened_a_room_is_written_down(clinic, browser):
    browser(MARA).open(f"/visits/{clinic.visit.id}/room")
    assert ("room.opened", clinic.visit.id, {}) in lines(clinic.id(MARA))


def test_a_stranger_who_tries_writes_nothing(clinic, browser):
    noor = browser(NOOR)
    before = lines(clinic.id(NOOR))
    for path in ("room", "notes", "readiness", "events"):
        assert noor.open(f"/visits/{clinic.visit.id}/{path}").status == 404
    assert noor.open(f"/patients/{clinic.id(ADA)}/card").status == 404
    assert lines(clinic.id(NOOR)) == before


def test_a_circle_that_changes_is_written_down_with_the_member(clinic, browser):
    ines = browser(INES)
    circle = f"/patients/{clinic.id(ADA)}/circle"
    ines.submit(circle, member=clinic.id(NOOR))
    for _ in range(2):  # the second time nobody is there
        ines.post(f"{circle}/{clinic.id(NOOR)}/leave")
    told = lines(clinic.id(INES), "circle.joined", "circle.left")
    facts = {"member": clinic.id(NOOR)}
    assert told == [
        ("circle.joined", clinic.id(ADA), facts),
        ("circle.left", clinic.id(ADA), facts),
    ]


def test_signing_in_and_out_are_written_down(clinic, browser):
    browser(MARA).sign_out()
    told = [action for action, _, _ in lines(clinic.id(MARA))]
    assert told.index("person.signed_in") < told.index("person.signed_out")


def test_no_line_holds_what_a_person_wrote(clinic, browser, socket):
    ada = browser(ADA)
    socket(ada).append(clinic.visit.id, "message.posted", {"text": "A planted sentence."})
    ada.post(f"/visits/{clinic.visit.id}/notes", text="A planted sentence.", base_version="0")
    everything = db.session.scalars(select(AuditEntry)).all()
    assert everything
    assert not any("planted" in str(each.facts) + each.action for each in everything)
    db.done()
