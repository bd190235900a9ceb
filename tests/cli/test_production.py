"""Production refuses to start on what is only for trying out, with one line that says what."""

import pytest

from app.cli.demonstration import load_clinic
from app.kernel.db import db, transaction
from tests.cli.commands import complaint, flask, run


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"KEY_RING": ""}, "KEY_RING"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"PRODUCTION": "maybe"}, "PRODUCTION"),
        ({"PORT": "0"}, "PORT"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"KEY_RING": "short"}, "KEY_RING"),
        ({"KEY_RING_FILE": "/nonexistent/ring", "KEY_RING": ""}, "KEY_RING"),
    ],
    ids=str,
)
def test_production_does_not_start_on_unsafe_settings(environ, settings, words):
    done = run({**environ, "PRODUCTION": "1", "PORT": "5999", **settings}, "serve.py")
    assert words in complaint(done)
    assert environ["KEY_RING"] not in done.stderr


@pytest.mark.usefixtures("app")
def test_production_does_not_start_with_demonstration_accounts(environ):
    with transaction():
        load_clinic()
    db.done()
    production = {**environ, "PRODUCTION": "1", "PORT": "5999"}
    assert "demonstration accounts" in complaint(run(production, "serve.py"))


def test_production_loads_no_demonstration(environ, tmp_path):
    production = {**environ, "PRODUCTION": "1"}
    out = tmp_path / "pairs.jsonl"
    done = flask(production, "demo", "load", "--pairs", "1", "--out", str(out))
    assert "no demonstration data in production" in complaint(done)
