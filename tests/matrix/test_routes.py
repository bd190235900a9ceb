"""Every route, for every kind of person, answers as the table says."""

import re

import pytest

from app.kernel.ids import new_id
from tests.browser import Browser, Page
from tests.cast import ADA, NOOR, THEO
from tests.matrix.table import PEOPLE, ROUTES

AUTOMATIC = {"HEAD", "OPTIONS"}
#: What differs between two answers that say the same: tokens, keys, the asked id itself.
PASSING = re.compile(
    r'nonce(="|-)[\w-]+|name="csrf_token" value="[^"]+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)


def test_the_table_names_every_route_and_no_other(app):
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - AUTOMATIC
    }
    assert set(ROUTES) - there == set()
    assert there - set(ROUTES) == set(), "routes that nobody decided on"


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_as_the_table_says(clinic, browsers, route):
    method, rule = route.split(" ", 1)
    answers, sent = ROUTES[route]
    objects = {
        "visit": clinic.visit.id,
        "patient": clinic.id(ADA),
        "person": clinic.id(ADA),
        "member": clinic.id(THEO),
        "filename": "img/favicon.svg",
    }
    words = {**objects, "noor": clinic.id(NOOR)}
    seen = {}
    for name, expected in zip(PEOPLE, answers.split(), strict=True):
        for browser in browsers[name]:
            page = ask(browser, method, fill(rule, objects), sent, {**words, "actor": name})
            seen[name] = f"{name} {word(page)}"
            if expected == "-":
                nowhere = {key: new_id() for key in objects}
                none = {**words, **nowhere, "actor": name}
                other = ask(browser, method, fill(rule, nowhere), sent, none)
                assert (page.status, said(page)) == (other.status, said(other)), (route, name)
                assert page.status == 404, (route, name)
    expected = dict(zip(PEOPLE, answers.split(), strict=True))
    assert seen == {n: f"{n} {'404' if e == '-' else e}" for n, e in expected.items()}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "HEAD", "OPTIONS"])
def test_no_other_method_opens_what_is_closed(clinic, browsers, method):
    """A stranger who asks in another way learns as little."""
    for name in ("NOOR", "INES", "CLEO", "out"):
        for browser in browsers[name]:
            headers = {"X-CSRFToken": browser.token()}
            for rest in ("", "/room", "/notes"):
                there, nowhere = (
                    browser.http.open(f"/visits/{visit}{rest}", method=method, headers=headers)
                    for visit in (clinic.visit.id, new_id())
                )
                assert there.status_code == nowhere.status_code, (name, rest)
                assert there.status_code in {302, 404} or method == "OPTIONS"
                assert PASSING.sub("", there.text) == PASSING.sub("", nowhere.text)
                assert "Ada" not in there.text


@pytest.mark.parametrize("malformed", ["1", "x", "%00", "..", "0" * 36, "A" * 8, "🙂", "null"])
def test_a_malformed_id_is_no_address_at_all(clinic, browser, malformed):
    addresses = browser().app.url_map.bind("localhost")
    noor = browser(NOOR)
    for path in ("/visits/{}/room", "/visits/{}/notes", "/patients/{}/card"):
        assert addresses.test(path.format(clinic.visit.id), "GET")
        assert not addresses.test(path.format(malformed), "GET")
        assert noor.open(path.format(malformed)).status == 404


def test_a_malformed_id_looks_as_one_that_does_not_exist(clinic, browser):
    noor = browser(NOOR)
    pages = [
        noor.open(f"/visits/{each}/room") for each in (clinic.visit.id, new_id(), "nothing", "7")
    ]
    assert {(page.status, said(page)) for page in pages} == {(404, said(pages[0]))}


def fill(rule: str, objects: dict[str, str]) -> str:
    """The rule as an address."""
    return re.sub(r"<\w+:(\w+)>", lambda part: objects[part[1]], rule)


def ask(browser: Browser, method: str, path: str, sent: dict, words: dict[str, str]) -> Page:
    """Send what the table says."""
    if method == "GET":
        return browser.open(path, follow_redirects=False)
    if "json" in sent:
        return browser.post_json(path, {**sent["json"], "key": new_id()})
    fields = {name: re.sub(r"\{(\w+)\}", lambda w: words[w[1]], v) for name, v in sent.items()}
    return browser.post(path, follow=False, **fields)


def word(page: Page) -> str:
    """The answer in the words of the table."""
    if page.status not in {302, 303}:
        return str(page.status)
    return "in" if page.response.headers["Location"].startswith("/sign-in") else "to"


def said(page: Page) -> str:
    """What the answer says, without what differs each time."""
    return PASSING.sub("", page.source)
