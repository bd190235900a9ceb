"""Taking a message back: its author only, a message only, once; the record keeps it."""

from tests.cast import ADA, MARA


def withdraw(room, figure, seq, **envelope):
    return room.appends(figure, "message.withdrawn", {"seq": seq}, **envelope)


def test_a_withdrawn_message_stays_in_the_record_and_leaves_the_page(room, browser):
    posted = room.appends(ADA, "message.posted", {"text": "Sent to the wrong person."})
    answer = withdraw(room, ADA, posted["seq"])
    assert answer["ok"]
    entries = room.replay()["room"]
    assert entries[posted["seq"] - 1].event.text == "Sent to the wrong person."
    page = browser(MARA).open(f"/visits/{room.visit}/room")
    assert "Sent to the wrong person." not in page.source


def test_nobody_withdraws_what_another_wrote(room):
    posted = room.appends(ADA, "message.posted", {"text": "Mine."})
    refused = withdraw(room, MARA, posted["seq"])
    assert refused["code"] == "not_found"
    never = withdraw(room, MARA, 4000)
    assert never == refused


def test_a_message_is_withdrawn_once(room):
    posted = room.appends(ADA, "message.posted", {"text": "Mine."})
    assert withdraw(room, ADA, posted["seq"])["ok"]
    assert withdraw(room, ADA, posted["seq"])["code"] == "not_now"


def test_only_a_message_can_be_withdrawn(room):
    signal = room.appends(ADA, "signal.sent", {"signal": "ok"})
    answer = withdraw(room, ADA, signal["seq"])
    assert (answer["code"], answer["field"]) == ("bad_request", "seq")
    assert room.state().signal.signal == "ok"


def test_a_message_is_withdrawn_in_its_own_channel(room):
    posted = room.appends(MARA, "message.posted", {"text": "Aside."}, channel="staff")
    assert withdraw(room, MARA, posted["seq"], channel="sitter")["code"] == "not_found"
    assert withdraw(room, MARA, posted["seq"], channel="staff")["ok"]
