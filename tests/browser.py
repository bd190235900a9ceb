"""A browser without scripts, in process, that checks every page it opens.

What holds for all pages is asked here once, so that no test can forget it.
"""

from functools import cached_property
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Figure
from tests.house_style import CSRF_TOKEN, check_page


class Page:
    """What came back: a page as people see it, or another answer as it is."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.is_html = response.mimetype == "text/html"
        self.is_text = self.is_html or response.mimetype in {"application/json", "text/plain"}
        self.source = response.get_data(as_text=True) if self.is_text else ""
        response.close()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page's parts."""
        return BeautifulSoup(self.source if self.is_html else "", "lxml")

    @property
    def h1(self) -> str:
        """The page's name."""
        return words(self.one("h1"))

    @property
    def text(self) -> str:
        """All that can be read in the page's main part, in one line."""
        return words(self.soup.select_one("main") or self.soup)

    @property
    def json(self) -> Any:
        """What a program reads."""
        return self.response.get_json()

    @property
    def where(self) -> str:
        """The path and query that the browser ended at."""
        asked = self.response.request
        query = asked.query_string.decode()
        return f"{asked.path}?{query}" if query else asked.path

    def all(self, selector: str) -> list[Tag]:
        """What the selector finds."""
        return self.soup.select(selector)

    def one(self, selector: str) -> Tag:
        """The one thing that the selector finds."""
        found = self.all(selector)
        assert len(found) == 1, f"{self.where} has {len(found)} times {selector}"
        return found[0]

    def form(self, action: str | None = None) -> Tag:
        """The form that posts to `action`, by default to the page's own address."""
        wanted = urlsplit(urljoin(self.where, action or "")).path
        found = [form for form in self.all("form") if self._target(form) == wanted]
        assert found, (
            f"{self.where} has no form to {wanted}: {[*map(self._target, self.all('form'))]}"
        )
        return found[0]

    def message(self, field: str) -> str:
        """The message beside a field."""
        return words(self.one(f"#{field}-error"))

    def value(self, field: str) -> str:
        """What stands in a field."""
        return dict(_values(self.one(f"form:has([name='{field}'])"))).get(field, "")

    def _target(self, form: Tag) -> str:
        return urlsplit(urljoin(self.where, str(form.get("action") or ""))).path


class Browser:
    """One browser with its own cookies; `sign_in` makes it somebody's."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        self.csrf_token = ""

    def sign_in(self, figure: Figure) -> Self:
        """Sign in by the form."""
        self.open("/sign-in")
        typed = {"email": figure.email, "password": figure.password}
        answer = self.http.post("/sign-in", data={"csrf_token": self.csrf_token, **typed})
        assert answer.status_code == 302, f"{figure.name} could not sign in"
        self.csrf_token = ""  # a sign-in leaves nothing of what the cookie held before
        return self

    def sign_out(self) -> Page:
        """Sign out as the button does."""
        return self.post("/sign-out")

    def open(self, path: str, **options: Any) -> Page:
        """Open an address, and go where it leads."""
        return self._seen(self.http.get(path, **{"follow_redirects": True, **options}))

    def submit(
        self, path: str | Page, *, to: str | None = None, press: str = "", **fields: Any
    ) -> Page:
        """Open a page (or take an open one), fill in its form that posts to `to`, and send it.

        Fields that the form does not have cannot be filled in. `press` is the button's value.
        """
        page = path if isinstance(path, Page) else self.open(path)
        form = page.form(to)
        filled = dict(_values(form))
        strange = set(fields) - {str(part.get("name")) for part in form.select("[name]")}
        assert not strange, f"the form of {page.where} has no {strange}"
        filled.update({name: value for name, value in fields.items() if value is not None})
        filled.update(_pressed(form, press))
        target = urljoin(page.where, str(form.get("action") or ""))
        sent = self.http.post(target, data=filled, follow_redirects=True)
        return self._seen(sent)

    def post(self, path: str, *, follow: bool = True, **fields: Any) -> Page:
        """Post fields of one's own to an address, with the token that this browser holds."""
        data = {"csrf_token": self.token(), **fields}
        return self._seen(self.http.post(path, data=data, follow_redirects=follow))

    def post_json(self, path: str, data: Any) -> Page:
        """Post as a page's script does."""
        headers = {"X-CSRFToken": self.token()}
        return self._seen(self.http.post(path, json=data, headers=headers))

    def token(self) -> str:
        """The CSRF token of the page that was opened last."""
        if not self.csrf_token:
            self.open("/")
        return self.csrf_token

    def _seen(self, response: TestResponse) -> Page:
        page = Page(response)
        if page.is_html:
            check_page(page.source, response)
            token = CSRF_TOKEN.search(page.source)
            self.csrf_token = token[1] if token else self.csrf_token
        return page


def words(tag: Tag) -> str:
    """What can be read in a part of a page, in one line."""
    return " ".join(tag.get_text(" ").split())


def _values(form: Tag) -> list[tuple[str, Any]]:
    """What the form would send untouched, without its buttons."""
    sent: list[tuple[str, Any]] = []
    for part in form.select("input[name], textarea[name], select[name]"):
        kind = part.get("type", "text")
        if kind in {"submit", "button", "image"} or part.has_attr("disabled"):
            continue
        if kind in {"checkbox", "radio"} and not part.has_attr("checked"):
            continue
        sent.append((str(part["name"]), _value(part)))
    return sent


def _value(part: Tag) -> str:
    if part.name == "textarea":
        return part.get_text().removeprefix("\n")
    if part.name != "select":
        return str(part.get("value", "on" if part.get("type") in {"checkbox", "radio"} else ""))
    options = part.select("option")
    chosen = [option for option in options if option.has_attr("selected")] or options[:1]
    return str(chosen[0].get("value", chosen[0].get_text())) if chosen else ""


def _pressed(form: Tag, value: str) -> dict[str, str]:
    buttons = form.select("button[name]")
    if value:
        buttons = [button for button in buttons if button.get("value") == value]
        assert buttons, f"the form has no button {value!r}"
    return {str(b["name"]): str(b.get("value", "")) for b in buttons[: 1 if value else 0]}
