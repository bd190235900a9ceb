"""Signing in and out: who gets in, what a failure says, and that an end is an end everywhere."""

import pytest
from sqlalchemy import select

from app.accounts.actions import disable_person, enable_person
from app.accounts.models import Person, SignIn
from app.kernel.actor import OPERATOR
from app.kernel.db import db, transaction
from tests.cast import ADA, EVERYBODY, INES, MARA, Figure
from tests.matrix.test_routes import said

NOBODY = Figure("Nobody Known", ADA.role, "UTC")


def try_in(browser, email, password, **fields):
    return browser.submit("/sign-in", email=email, password=password, **fields)


@pytest.fixture
def disabled(clinic):
    with transaction() as session:
        disable_person(session.merge(clinic.people[ADA]), by=OPERATOR)
    db.done()


@pytest.mark.parametrize("figure", EVERYBODY, ids=lambda figure: figure.name)
def test_everybody_of_the_clinic_gets_in(clinic, browser, figure):
    assert clinic
    page = try_in(browser(), f"  {figure.email.upper()} ", figure.password)
    assert (page.status, page.path) == (200, "/")
    assert figure.name in page.source


@pytest.mark.usefixtures("clinic", "disabled")
def test_a_wrong_an_unknown_and_a_disabled_account_are_told_the_same(browser):
    tries = ((MARA.email, "wrong-password"), (NOBODY.email, "whatever"), (ADA.email, ADA.password))
    pages = [try_in(browser(), email, password) for email, password in tries]
    assert [page.status for page in pages] == [400, 400, 400]
    texts = {said(page).replace(email, "") for page, (email, _) in zip(pages, tries, strict=True)}
    assert len(texts) == 1
    assert "do not go together" in pages[0].message("password")


@pytest.mark.usefixtures("clinic")
def test_the_address_is_kept_and_the_password_is_not(browser):
    page = try_in(browser(), MARA.email, "wrong-password")
    assert page.value("email") == MARA.email
    assert "wrong-password" not in page.source


@pytest.mark.usefixtures("clinic")
def test_an_empty_form_says_what_is_missing(browser):
    page = try_in(browser(), "", "")
    assert page.status == 400
    assert page.message("email") == "Problem: Enter your email address."
    assert page.message("password") == "Problem: Enter your password."


@pytest.mark.usefixtures("clinic")
def test_ten_failures_close_the_account_for_a_while_and_only_that_one(browser):
    for _ in range(10):
        assert try_in(browser(), MARA.email, "wrong-password").status == 400
    page = try_in(browser(), MARA.email, MARA.password)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) > 0
    assert try_in(browser(), ADA.email, ADA.password).status == 200


@pytest.mark.usefixtures("clinic")
def test_who_guesses_elsewhere_does_not_lock_the_owner_out(browser):
    guesser = browser()
    guesser.http.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    statuses = [try_in(guesser, MARA.email, "wrong-password").status for _ in range(12)]
    assert statuses[9:] == [400, 429, 429]
    assert try_in(browser(), MARA.email, MARA.password).status == 200


@pytest.mark.usefixtures("clinic")
def test_a_spray_over_many_accounts_is_stopped_by_address(browser):
    spraying = browser()
    statuses = [
        spraying.post("/sign-in", email=f"somebody{n}@x.example", password="guess").status
        for n in range(140)
    ]
    # Some tries come back while the test runs: one every three seconds.
    assert statuses[:100] == [400] * 100
    assert 429 in statuses


@pytest.mark.usefixtures("clinic")
def test_a_right_password_forgives_the_failures_before_it(browser):
    for _ in range(3):
        for _ in range(9):
            assert try_in(browser(), MARA.email, "wrong-password").status == 400
        assert try_in(browser(), MARA.email, MARA.password).status == 200


@pytest.mark.usefixtures("clinic")
def test_a_form_without_its_token_is_refused(browser):
    fresh, other = browser(), browser()
    fresh.open("/sign-in")
    typed = {"email": MARA.email, "password": MARA.password}
    for token in ("", "x", other.token()):
        answer = fresh.http.post("/sign-in", data={"csrf_token": token, **typed})
        assert answer.status_code == 400
        assert fresh.open("/patients", follow_redirects=False).status == 302


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "evil.example",
        " //evil.example",
    ],
)
def test_nobody_is_sent_elsewhere(browser, elsewhere):
    fresh = browser()
    typed = {"email": MARA.email, "password": MARA.password, "next": elsewhere}
    answer = fresh.post("/sign-in", follow=False, **typed)
    assert (answer.status, answer.response.headers["Location"]) == (302, "/")


@pytest.mark.usefixtures("clinic")
def test_one_gets_where_one_was_going(browser):
    fresh = browser()
    page = fresh.open("/patients")
    assert page.where == "/sign-in?next=/patients"
    assert fresh.submit(page, email=MARA.email, password=MARA.password).path == "/patients"


@pytest.mark.usefixtures("clinic")
def test_a_sign_in_begins_a_new_cookie(browser):
    fresh = browser()
    fresh.open("/sign-in")
    before = fresh.http.get_cookie("hearthside").value
    fresh.sign_in(MARA)
    cookie = fresh.http.get_cookie("hearthside")
    assert cookie.value != before
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    planted = browser()
    planted.http.set_cookie("hearthside", before)
    assert planted.open("/patients").path == "/sign-in"


@pytest.mark.usefixtures("clinic")
def test_nothing_that_opens_a_sign_in_is_kept(browser):
    browser(MARA)
    kept = db.session.scalars(select(SignIn)).all()
    hashes = db.session.scalars(select(Person.password_hash)).all()
    assert all(len(each.token_hash) == 64 for each in kept)
    assert all(each.startswith("$argon2id$") for each in hashes)
    db.done()


def test_signing_out_ends_the_cookie_everywhere_and_the_open_room(clinic, browser, socket):
    mara, elsewhere = browser(MARA), browser(MARA)
    cookie = mara.http.get_cookie("hearthside").value
    copied = browser()
    copied.http.set_cookie("hearthside", cookie)
    assert copied.open("/patients").path == "/patients"
    room, other = socket(mara), socket(elsewhere)
    room.enter(clinic.visit.id)
    other.enter(clinic.visit.id)
    assert mara.sign_out().path == "/sign-in"
    copied.http.set_cookie("hearthside", cookie)
    assert copied.open("/patients").path == "/sign-in"
    assert [each["code"] for each in room.heard("closed")] == ["unauthenticated"]
    assert not room.is_open
    assert not socket(copied).is_open
    assert elsewhere.open("/patients").path == "/patients"
    assert other.is_open
    assert other.heard("closed") == []


def test_a_sign_in_lasts_half_a_day(clinic, browser, time_travel):
    assert clinic
    mara = browser(MARA)
    time_travel.shift(12 * 3600 - 5)
    assert mara.open("/patients").path == "/patients"
    time_travel.shift(10)
    assert mara.open("/patients").path == "/sign-in"


def test_who_is_disabled_is_out_at_once_until_enabled(clinic, browser, socket):
    mara, ines = browser(MARA), browser(INES)
    room = socket(mara)
    room.enter(clinic.visit.id)
    ines.post(f"/people/{clinic.id(MARA)}/disable")
    assert mara.open("/patients").path == "/sign-in"
    assert room.heard("closed")[0]["code"] == "unauthenticated"
    assert not room.is_open
    assert try_in(browser(), MARA.email, MARA.password).status == 400
    ines.post(f"/people/{clinic.id(MARA)}/enable")
    assert mara.open("/patients").path == "/sign-in"
    assert try_in(browser(), MARA.email, MARA.password).status == 200


def test_the_admin_cannot_close_the_own_account(clinic, browser):
    answer = browser(INES).post(f"/people/{clinic.id(INES)}/disable")
    assert answer.status == 400
    assert browser(INES).open("/").status == 200


def test_enabling_who_is_not_disabled_changes_nothing(clinic, browser):
    mara = browser(MARA)
    with transaction() as session:
        enable_person(session.merge(clinic.people[MARA]), by=OPERATOR)
    db.done()
    assert mara.open("/patients").path == "/patients"
