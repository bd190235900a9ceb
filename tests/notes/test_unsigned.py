"""The visits whose note waits for a signature."""

from datetime import timedelta

import pytest

from app.kernel import clock
from app.notes.queries import signed_at, unsigned_for
from tests.cast import ADA, INES, MARA, NOOR, THEO
from tests.notes.conftest import sign, write


@pytest.fixture
def yesterday(clinic):
    """A visit of Ada's that ended 21 hours ago."""
    return clinic.plan(ADA, starts_at=clock.now() - timedelta(hours=24))


def test_a_begun_visit_without_a_note_waits_with_its_age(clinic, yesterday):
    (waiting,) = unsigned_for(clinic.actor(MARA))
    assert waiting.visit.id == yesterday.id
    assert waiting.missing
    assert timedelta(hours=20) < waiting.age < timedelta(hours=22)


def test_a_visit_that_has_not_begun_does_not_wait(clinic):
    assert unsigned_for(clinic.actor(MARA)) == []


def test_a_draft_waits_until_it_is_signed(clinic, mara, yesterday):
    address = f"/visits/{yesterday.id}/notes"
    write(mara, address, "one")
    (waiting,) = unsigned_for(clinic.actor(THEO))
    assert not waiting.missing
    assert signed_at(yesterday) is None
    sign(mara, address)
    assert unsigned_for(clinic.actor(THEO)) == []
    assert signed_at(yesterday) is not None


def test_those_who_do_not_sign_or_do_not_know_the_visit_have_no_list(clinic, yesterday):
    assert yesterday
    for figure in (ADA, INES, NOOR):
        assert unsigned_for(clinic.actor(figure)) == []
