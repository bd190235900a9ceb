"""House rules of the templates, held by reading them."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.rules.sources import ROOT

TEMPLATES = ROOT / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
PAGES = [name for name in ALL if name.endswith(".html")]
POST_FORM = re.compile(
    r"<form\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*method=[\"']?post.*?</form>", re.DOTALL | re.IGNORECASE
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def markup(name: str) -> str:
    return COMMENT.sub("", Path(TEMPLATES, name).read_text("utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_a_template_parses(name):
    Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(markup(name), name)


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("components/")])
def test_only_components_vouch_for_markup(name):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", markup(name))


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_posts_carries_its_token(name):
    forms = POST_FORM.findall(markup(name))
    assert [form for form in forms if "csrf_token" not in form] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_style_or_script_stands_in_the_page(name):
    """The content security policy would refuse it in the browser, silently for the reader."""
    text = markup(name)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", text, re.IGNORECASE)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text, re.IGNORECASE)
