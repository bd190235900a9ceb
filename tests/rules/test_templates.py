"""House rules of the templates, held by reading them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, meta

from app.web import pages
from tests.rules.sources import ROOT

TEMPLATES = ROOT / "templates"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
PAGES = [name for name in ALL if name.endswith(".html")]
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
POSTS = re.compile(r"method=[\"']?post", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def markup(name: str) -> str:
    return COMMENT.sub("", Path(TEMPLATES, name).read_text("utf-8"))


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The filters, tests and manners that templates have in the application."""
    app = Flask("hearthside", root_path=str(ROOT), template_folder="templates")
    pages.install(app)
    return app.jinja_env


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles(environment, name):
    """A filter or a test that nobody defines fails here, before anyone opens the page."""
    environment.compile(markup(name), name)


@pytest.mark.parametrize("name", ALL)
def test_a_template_calls_upon_templates_that_are_there(environment, name):
    called = meta.find_referenced_templates(environment.parse(markup(name), name))
    assert [other for other in called if other and not (TEMPLATES / other).is_file()] == []


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("components/")])
def test_only_components_vouch_for_markup(name):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", markup(name))


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_posts_carries_its_token(name):
    forms = [form for form in FORM.findall(markup(name)) if POSTS.search(form)]
    assert [form for form in forms if "csrf_token" not in form] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_style_or_script_stands_in_the_page(name):
    """The content security policy would refuse it in the browser, silently for the reader."""
    text = markup(name)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", text, re.IGNORECASE)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text, re.IGNORECASE)
