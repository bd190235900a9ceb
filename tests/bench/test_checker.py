"""The bench's checker finds each fault that is planted, and nothing where there is none."""

from copy import deepcopy

import pytest

from bench.checker import FAULTS, Message, Receiver, check

VISIT, OTHER = "visit-a", "visit-b"


def message(number, visit=VISIT):
    key = f"{visit}-key-{number}"
    return Message(key, visit, f"text {number}", 0.0, seq=number, acked_at=1.0, delivered_at=1.0)


def event(sent):
    body = {"text": sent.text}
    kind = "message.posted"
    return {"visit": sent.visit, "seq": sent.seq, "key": sent.key, "kind": kind, "body": body}


@pytest.fixture
def messages():
    sent = [message(number) for number in range(1, 7)] + [message(1, OTHER)]
    return {each.key: each for each in sent}


@pytest.fixture
def screens(messages):
    """Therapist and patient, who both heard everything of their visit."""
    heard = [event(sent) for sent in messages.values() if sent.visit == VISIT]
    return [Receiver(VISIT, 0, deepcopy(heard)) for _ in range(2)]


def found(messages, screens):
    counts = check(messages, screens)
    assert set(counts) == set(FAULTS)
    return {fault for fault, count in counts.items() if count}


def test_a_clean_run_has_no_fault(messages, screens):
    assert found(messages, screens) == set()


def test_what_the_server_itself_says_is_no_fault(messages, screens):
    for screen in screens:
        own = {"visit": VISIT, "seq": 7, "key": "own", "kind": "participant.left", "body": {}}
        screen.heard.append(own)
    assert found(messages, screens) == set()


def test_a_message_that_one_screen_misses_is_lost_and_leaves_a_gap(messages, screens):
    del screens[1].heard[2]
    assert found(messages, screens) == {"lost", "gaps"}


def test_a_last_message_that_never_came_is_lost(messages, screens):
    del screens[0].heard[-1]
    assert found(messages, screens) == {"lost"}


def test_a_message_that_was_not_acknowledged_may_be_missing(messages, screens):
    last = messages[screens[0].heard[-1]["key"]]
    last.acked_at, last.seq = None, None
    for screen in screens:
        del screen.heard[-1]
    assert found(messages, screens) == set()


def test_a_message_that_comes_twice_is_doubled(messages, screens):
    screens[0].heard.append(dict(screens[0].heard[-1]))
    assert found(messages, screens) == {"doubled"}


def test_a_message_stored_twice_is_doubled(messages, screens):
    for screen in screens:
        screen.heard.append({**screen.heard[-1], "seq": 7})
    assert "doubled" in found(messages, screens)


def test_two_messages_that_change_places_are_reordered(messages, screens):
    heard = screens[0].heard
    heard[2], heard[3] = heard[3], heard[2]
    assert found(messages, screens) == {"reordered"}


def test_two_screens_with_another_order_of_numbers_disagree(messages, screens):
    heard = screens[0].heard
    heard[2]["seq"], heard[3]["seq"] = heard[3]["seq"], heard[2]["seq"]
    assert "disagreeing" in found(messages, screens)


def test_a_message_at_another_place_than_acknowledged_disagrees(messages, screens):
    messages[screens[0].heard[0]["key"]].seq = 5
    assert found(messages, screens) == {"disagreeing"}


def test_a_changed_text_is_altered(messages, screens):
    screens[0].heard[0]["body"]["text"] = "another"
    assert found(messages, screens) == {"altered"}


def test_a_message_of_another_visit_is_leaked(messages, screens):
    stranger = next(sent for sent in messages.values() if sent.visit == OTHER)
    screens[0].heard.append({**event(stranger), "seq": 7})
    assert "leaked" in found(messages, screens)


def test_a_message_that_nobody_sent_is_leaked(messages, screens):
    for screen in screens:
        screen.heard.append({**screen.heard[-1], "seq": 7, "key": "made-up"})
    assert found(messages, screens) == {"leaked"}


def test_a_message_of_the_phase_before_may_come_late(messages, screens):
    late = message(7)
    for screen in screens:
        screen.heard.append(event(late))
    assert found(messages, screens) == {"leaked"}
    assert not any(check(messages, screens, {late.key: late}).values())
