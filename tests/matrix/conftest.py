"""Everybody of the table with a browser, and three browsers of people who are out."""

import pytest

from app.accounts.actions import disable_person
from app.kernel.actor import OPERATOR
from app.kernel.db import db, transaction
from tests.browser import Browser
from tests.cast import ADA, BEN, CLEO, INES, IVO, MARA, NOOR, THEO


@pytest.fixture
def browsers(clinic, browser) -> dict[str, list[Browser]]:
    """Each column's browsers. Who is out once was a clinician of Ada's circle, or never there."""
    signed_out = browser(MARA)
    signed_out.open("/patients")
    cookie = signed_out.http.get_cookie("hearthside").value
    signed_out.sign_out()
    signed_out.http.set_cookie("hearthside", cookie)
    disabled = browser(BEN)
    disabled.open("/account/zone")
    with transaction() as session:
        disable_person(session.merge(clinic.people[BEN]), by=OPERATOR)
    db.done()
    people = {"ADA": ADA, "CLEO": CLEO, "MARA": MARA, "NOOR": NOOR, "THEO": THEO, "IVO": IVO}
    return {
        "out": [browser(), signed_out, disabled],
        **{name: [browser(figure)] for name, figure in {**people, "INES": INES}.items()},
    }
