"""`/healthz` and `/readyz`: what is well, and which part is not."""

import pytest

from app.kernel.db import db
from app.kernel.ids import new_id
from tests.cast import MARA
from tests.databases import migrate
from tests.servers import postgres


def test_a_process_that_is_well_says_so(app):
    client = app.test_client()
    assert client.get("/healthz").json == {"ok": True}
    answer = client.get("/readyz")
    assert answer.json == {"ok": True, "parts": {"database": True, "migrations": True}}


def test_a_database_file_that_cannot_be_opened_is_named(app, tmp_path):
    db.connect(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["failing"] == ["database", "migrations"]


def test_a_database_server_that_stops_is_busy_and_comes_back(app):
    with postgres() as server:
        migrate(server.url)
        db.connect(server.url)
        client = app.test_client()
        assert client.get("/readyz").status_code == 200
        server.stop()
        answer = client.get("/readyz")
        assert (answer.status_code, "database" in answer.json["failing"]) == (503, True)
        page = client.post(
            "/sign-in", data={"csrf_token": "x"}, headers={"Accept": "application/json"}
        )
        assert page.status_code == 400  # asks nothing of the database
        server.start()
        assert client.get("/readyz").status_code == 200
        db.disconnect()


def test_a_page_is_told_that_the_database_is_away(clinic, browser, tmp_path):
    mara = browser(MARA)
    token = mara.token()
    message = {
        "channel": "room",
        "key": new_id(),
        "kind": "message.posted",
        "body": {"text": "Kept on the device."},
    }
    db.connect(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    answer = mara.http.post(
        f"/visits/{clinic.visit.id}/events", json=message, headers={"X-CSRFToken": token}
    )
    assert (answer.status_code, answer.json["code"]) == (503, "busy")


@pytest.mark.parametrize("path", ["/", "/patients", "/sign-in"])
def test_the_page_for_a_database_that_is_away_can_be_drawn(clinic, browser, tmp_path, path):
    assert clinic
    mara = browser(MARA)
    db.connect(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    page = mara.open(path)
    assert page.status == 503
    assert page.h1
