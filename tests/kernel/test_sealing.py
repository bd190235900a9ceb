"""Keys and sealing: what is sealed opens at its own place with its own key, and nowhere else."""

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.kernel.db import db, transaction
from app.kernel.keys import KeyRing, KeyRingError
from app.kernel.vault import DataKey, Vault, vault
from tests.cast import ADA, BEN, CLEO, MARA, THEO
from tests.conftest import KEY_RING

PLANTED = "The planted sentence about a red kite."


def key(name=""):
    encoded = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return f"{name}:{encoded}" if name else encoded


def test_what_is_wrapped_is_unwrapped_by_name_after_the_ring_turned():
    old, new = key("2025"), key("2026")
    name, wrapped = KeyRing.parse(old).wrap(b"k" * 32, "ada")
    turned = KeyRing.parse(f"{new}, {old}")
    assert (name, turned.active) == ("2025", "2026")
    assert turned.unwrap(name, wrapped, "ada") == b"k" * 32
    with pytest.raises(KeyRingError):
        turned.unwrap(name, wrapped, "cleo")
    with pytest.raises(KeyRingError):
        KeyRing.parse(new).unwrap(name, wrapped, "ada")
    with pytest.raises(KeyRingError):
        KeyRing.parse(key("2025")).unwrap(name, wrapped, "ada")


@pytest.mark.parametrize("ring", ["", " , ", "short", "name:%%%", "A" * 39, "a:" + "A" * 60])
def test_a_ring_that_cannot_be_used_is_refused_without_being_quoted(ring):
    with pytest.raises(KeyRingError) as refusal:
        KeyRing.parse(ring)
    assert ring.strip(" ,") == "" or ring not in str(refusal.value)


@given(st.text(alphabet=st.characters(codec="ascii", min_codepoint=33), max_size=60))
def test_whatever_stands_for_a_ring_is_a_ring_or_is_refused(text_given):
    try:
        ring = KeyRing.parse(text_given)
    except KeyRingError:
        return
    assert ring.active in ring.keys


def test_no_more_keys_are_held_open_than_there_is_room_for(clinic):
    small = Vault(most_open=2)
    small.unlock(KeyRing.parse(KEY_RING))
    patients = [clinic.id(figure) for figure in (ADA, BEN, CLEO)]
    sealed = {patient: vault.seal(patient, "notes:text:1", patient) for patient in patients}
    for patient in (*patients, *patients):
        assert small.unseal(patient, "notes:text:1", sealed[patient]) == patient
        assert small.size() <= 2
    assert small.size() == 2


def test_a_sealed_value_opens_at_its_own_place_for_its_own_patient_alone(clinic):
    ada, cleo = clinic.id(ADA), clinic.id(CLEO)
    sealed = vault.seal(ada, "notes:text:1", {"text": PLANTED})
    assert PLANTED.encode() not in sealed
    assert vault.unseal(ada, "notes:text:1", sealed) == {"text": PLANTED}
    assert vault.seal(ada, "notes:text:1", {"text": PLANTED}) != sealed
    for patient, place in ((ada, "notes:text:2"), (ada, "events:text:1"), (cleo, "notes:text:1")):
        with pytest.raises(KeyRingError):
            vault.unseal(patient, place, sealed)
    for position in (0, 11, 12, len(sealed) - 1):
        spoiled = bytearray(sealed)
        spoiled[position] ^= 1
        with pytest.raises(KeyRingError):
            vault.unseal(ada, "notes:text:1", bytes(spoiled))
    db.done()


def test_without_the_data_key_everything_about_a_patient_is_gone(clinic):
    ada = clinic.id(ADA)
    sealed = vault.seal(ada, "place", PLANTED)
    with transaction() as session:
        session.delete(session.get_one(DataKey, ada))
    vault.unlock(KeyRing.parse(KEY_RING))
    with pytest.raises(KeyRingError):
        vault.unseal(ada, "place", sealed)
    db.done()


def test_what_is_moved_to_another_row_does_not_open_there(clinic, browser):
    mara = browser(MARA)
    for words in ("First.", "Second."):
        mara.post_json(
            f"/visits/{clinic.visit.id}/events",
            {
                "channel": "room",
                "key": f"0199d5c0-0000-7000-8000-00000000000{len(words)}",
                "kind": "message.posted",
                "body": {"text": words},
            },
        )
    with transaction() as session:
        drop_guards(session)
        session.execute(
            text(
                "UPDATE visit_events SET body = (SELECT body FROM visit_events e WHERE e.seq = 1 "
                "AND e.channel = 'room') WHERE seq = 2 AND channel = 'room'"
            )
        )
    answer = mara.open(f"/visits/{clinic.visit.id}/events?channel=room")
    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert "First." not in answer.source


def drop_guards(session):
    """Do what somebody who owns the database can do."""
    if session.connection().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER visit_events_refuse_update"))
    else:
        session.execute(text("DROP TRIGGER visit_events_refuse_change ON visit_events"))


def test_a_planted_sentence_is_nowhere_in_the_database(
    clinic, browser, socket, database_url, read_raw
):
    ada, visit = browser(ADA), clinic.visit.id
    room = socket(ada)
    room.enter(visit)
    assert room.append(visit, "message.posted", {"text": PLANTED})["ok"]
    assert ada.post(f"/visits/{visit}/notes", text=PLANTED, base_version="0").status == 200
    private = browser(THEO).post(f"/visits/{visit}/notes/private", text=PLANTED, base_version="0")
    assert private.status == 200
    browser(MARA).submit(f"/patients/{clinic.id(ADA)}/card", address=PLANTED)
    item = {"item": "address", "value-address": PLANTED, "value-on_file": "yes"}
    assert ada.post(f"/visits/{visit}/readiness/answers", **item).status == 200
    stored = read_raw(database_url)
    assert clinic.id(ADA).encode() in stored, "the right place was looked at"
    assert PLANTED.encode() not in stored
    assert b"red kite" not in stored
    assert PLANTED.encode().hex().encode() not in stored
