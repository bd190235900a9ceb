"""`flask user` and `flask circle` beside a running server: they work, at once, or say why not."""

import time

import pytest

from tests.cast import ADA, MARA, NOOR, Figure
from tests.cli.commands import complaint, flask
from tests.programs import wait_until

RUTH = Figure("Ruth Amado", MARA.role, "Europe/Lisbon")


def test_somebody_is_added_reset_and_disabled_beside_a_running_server(live, clinic, arrive):
    added = flask(
        live.environ,
        *("user", "add", RUTH.email, "--name", RUTH.name, "--role", "therapist"),
        *("--zone", RUTH.zone, "--password", RUTH.password),
    )
    assert (added.returncode, added.stdout) == (0, f"Added {RUTH.email} as therapist.\n")
    joined = flask(live.environ, "circle", "join", ADA.email, RUTH.email)
    assert joined.returncode == 0, joined.stderr
    ruth = arrive(RUTH)
    room = ruth.socket()
    assert room.enter(clinic.visit.id)["me"]["name"] == RUTH.name

    new = flask(live.environ, "user", "reset", RUTH.email).stdout.split("Password: ")[1].strip()
    is_put_out(room)
    assert "/sign-in" in ruth.http.get(f"{live.url}/patients").url

    renewed = arrive()
    fields = {"email": RUTH.email, "csrf_token": renewed.token()}
    old = renewed.http.post(f"{live.url}/sign-in", data={**fields, "password": RUTH.password})
    assert old.status_code == 400
    got_in = renewed.http.post(f"{live.url}/sign-in", data={**fields, "password": new})
    assert got_in.ok

    room = renewed.socket()
    room.enter(clinic.visit.id)
    assert flask(live.environ, "user", "disable", RUTH.email).returncode == 0
    is_put_out(room)
    assert flask(live.environ, "user", "enable", RUTH.email).returncode == 0


def is_put_out(room):
    """Within a second of the command's end the room is closed, and the socket with it."""
    deadline = time.monotonic() + 1
    assert room.hears("closed", within=1)["code"] == "unauthenticated"
    wait_until(
        lambda: not room.is_open, within=deadline - time.monotonic(), what="the socket's end"
    )


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("user", "add", MARA.email, "--name", "M", "--role", "admin"), "already an account"),
        (("user", "add", "no-address", "--name", "M", "--role", "admin"), "no email address"),
        (("user", "add", "a@b.example", "--name", "M", "--role", "king"), "king"),
        (
            ("user", "add", "a@b.example", "--name", "M", "--role", "admin", "--zone", "Mars"),
            "time zone",
        ),
        (("user", "reset", "nobody@x.example"), "no account"),
        (("user", "reset", MARA.email, "--password", "short"), "10 characters"),
        (("user", "disable", "nobody@x.example"), "no account"),
        (("circle", "join", MARA.email, NOOR.email), "not a patient"),
        (("circle", "join", ADA.email, ADA.email), "therapists and prescribers"),
        (("demo", "load", "--pairs", "1", "--out", "/nonexistent/x"), "/nonexistent/x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_that_fails_says_why_in_one_line(environ, command, words):
    assert words in complaint(flask(environ, *command))


@pytest.mark.usefixtures("clinic")
def test_demonstration_people_do_not_mix_with_ones_own(environ, tmp_path):
    out = tmp_path / "pairs.jsonl"
    done = flask(environ, "demo", "load", "--pairs", "1", "--out", str(out))
    assert "not part of a demonstration" in complaint(done)


def test_commands_wait_for_the_migrations(environ, empty_database_url):
    settings = {**environ, "DATABASE_URL": empty_database_url}
    assert "flask db upgrade" in complaint(flask(settings, "user", "disable", MARA.email))
    assert "flask db upgrade" in complaint(flask(settings, "db", "check"))
    assert flask(settings, "db", "upgrade").returncode == 0
    assert flask(settings, "db", "check").returncode == 0


def test_a_database_that_does_not_answer_is_said_to_be_away(environ, tmp_path):
    nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"
    done = flask({**environ, "DATABASE_URL": nowhere}, "user", "disable", MARA.email)
    assert "does not answer" in complaint(done)
