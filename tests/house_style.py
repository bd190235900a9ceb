"""What every page of the house has, whoever opens it."""

import re
from collections import Counter
from functools import lru_cache

import html5lib
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

#: Found by its label's text; a hidden field or a button needs none.
_NAMED = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"


CSRF_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_POSTS = re.compile(r"\A<form\b[^>]*method=\"?post", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]*\bsrc=[^>]*>")
_NONCE = re.compile(r'nonce="([^"]*)"')
_CHANGING = re.compile(rf"{CSRF_TOKEN.pattern}|{_NONCE.pattern}")


def check_page(source: str, response: TestResponse) -> None:
    """Assert the house style of one HTML answer."""
    problems = [*_problems_of(_CHANGING.sub("", source)), *_forms(source)]
    problems += _headers(source, response)
    where = response.request.path
    assert not problems, f"{where} ({response.status_code}): {'; '.join(problems)}"


@lru_cache(maxsize=2000)
def _problems_of(source: str) -> list[str]:
    """Return what is wrong with the page itself; the same page is looked at once."""
    soup = BeautifulSoup(source, "lxml")
    return [
        *_html_errors(source),
        *_heading(soup),
        *_duplicate_ids(soup),
        *_unlabelled(soup),
        *_inline(soup),
    ]


def _html_errors(source: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(source)
    return [f"HTML {place}: {code} {facts}" for place, code, facts in parser.errors]


def _heading(soup: BeautifulSoup) -> list[str]:
    headings = soup.select("h1")
    if len(headings) != 1:
        return [f"{len(headings)} h1"]
    name = " ".join(headings[0].get_text(" ").split())
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    return [] if name and title.startswith(name) else [f"title {title!r} but h1 {name!r}"]


def _duplicate_ids(soup: BeautifulSoup) -> list[str]:
    counted = Counter(str(tag["id"]) for tag in soup.select("[id]"))
    return [f"id {name!r} {times} times" for name, times in counted.items() if times > 1]


def _unlabelled(soup: BeautifulSoup) -> list[str]:
    return [f"no label: {str(tag)[:80]}" for tag in soup.select(_NAMED) if not _label(soup, tag)]


def _label(soup: BeautifulSoup, tag: Tag) -> str:
    named = str(tag.get("aria-label") or tag.get("title") or "")
    by_id = [soup.find(id=part) for part in str(tag.get("aria-labelledby") or "").split()]
    labels = soup.select(f'label[for="{tag["id"]}"]') if tag.get("id") else []
    around = tag.find_parent("label")
    texts = [each.get_text() for each in (*by_id, *labels, around) if each]
    return " ".join([named, *texts]).strip()


def _forms(source: str) -> list[str]:
    posting = [form for form in _FORM.findall(source) if _POSTS.search(form)]
    return [f"without its token: {form[:80]}" for form in posting if not CSRF_TOKEN.search(form)]


def _inline(soup: BeautifulSoup) -> list[str]:
    handlers = [
        f"{name} on <{tag.name}>"
        for tag in soup.select("*")
        for name in tag.attrs
        if name.startswith("on") or name == "style"
    ]
    styles = ["<style>"] * len(soup.select("style"))
    scripts = [
        "inline <script>"
        for script in soup.select("script:not([src])")
        if script.get("type") != "application/json"
    ]
    return [*handlers, *styles, *scripts]


def _headers(source: str, response: TestResponse) -> list[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    allowed = re.findall(r"'nonce-([\w-]+)'", policy)
    problems = [] if allowed else ["no nonce in the content security policy"]
    if "unsafe" in policy:
        problems.append("unsafe content security policy")
    for script in _SCRIPT.findall(source):
        nonce = _NONCE.search(script)
        if nonce is None or nonce[1] not in allowed:
            problems.append(f"without the page's nonce: {script}")
    if response.headers.get("Cache-Control") != "no-store":
        problems.append("may be stored by caches")
    return problems
