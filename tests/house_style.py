"""What every page of the house has, whoever opens it."""

import re
from collections import Counter

import html5lib
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

#: Found by its label's text; a hidden field or a button needs none.
_NAMED = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"


def check_page(source: str, response: TestResponse) -> None:
    """Assert the house style of one HTML answer."""
    soup = BeautifulSoup(source, "lxml")
    where = response.request.path
    problems = [
        *_html_errors(source),
        *_heading(soup),
        *_duplicate_ids(soup),
        *_unlabelled(soup),
        *_forms(soup),
        *_inline(soup),
        *_headers(soup, response),
    ]
    assert not problems, f"{where} ({response.status_code}): {'; '.join(problems)}"


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


def _forms(soup: BeautifulSoup) -> list[str]:
    posting = [form for form in soup.select("form") if str(form.get("method")).lower() == "post"]
    return [
        f"form to {form.get('action')!r} without its token"
        for form in posting
        if not form.select_one("input[name=csrf_token][value]:not([value=''])")
    ]


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


def _headers(soup: BeautifulSoup, response: TestResponse) -> list[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    nonces = re.findall(r"'nonce-([\w-]+)'", policy)
    problems = [] if nonces else ["no nonce in the content security policy"]
    if "unsafe" in policy:
        problems.append("unsafe content security policy")
    problems += [
        "a script without the page's nonce"
        for script in soup.select("script[src]")
        if script.get("nonce") not in nonces
    ]
    if response.headers.get("Cache-Control") != "no-store":
        problems.append("may be stored by caches")
    return problems
