"""Receipts: marks move forward only, never past what there is, and others are told."""

from itertools import pairwise

from tests.cast import ADA, MARA, THEO


def mark(room, figure, delivered, read, channel="room"):
    sent = {"visit": room.visit, "channel": channel, "delivered": delivered, "read": read}
    return room.sockets[figure].send("mark", sent)


def marks(room, figure, channel="room"):
    entrance = room.sockets[figure].enter(room.visit)
    place = entrance["channels"][channel]
    return place["delivered"], place["read"]


def posted(room, times=3):
    for number in range(times):
        answer = room.appends(MARA, "message.posted", {"text": f"Line {number}"})
    return answer["seq"]


def test_the_author_learns_that_a_message_arrived_and_was_read(room):
    last = posted(room)
    assert mark(room, ADA, last, 0) == {"ok": True}
    assert mark(room, ADA, last, last) == {"ok": True}
    told = [
        (each["delivered"], each["read"])
        for each in room.sockets[MARA].heard("receipt")
        if each["participant"] == room.participant(ADA)
    ]
    assert told == [(last, 0), (last, last)]


def test_marks_never_move_back(room):
    last = posted(room)
    mark(room, ADA, last, last - 1)
    heard = len(room.sockets[MARA].heard("receipt"))
    assert mark(room, ADA, last - 2, last - 2)["ok"]
    assert marks(room, ADA) == (last, last - 1)
    assert len(room.sockets[MARA].heard("receipt")) == heard
    moves = [
        (each["delivered"], each["read"])
        for each in room.sockets[MARA].heard("receipt")
        if each["participant"] == room.participant(ADA)
    ]
    assert all(a <= b for (a, _), (b, _) in pairwise(moves))


def test_nothing_is_marked_that_is_not_there(room):
    last = posted(room)
    mark(room, ADA, last + 500, last + 500)
    assert marks(room, ADA) == (last, last)


def test_what_is_read_has_arrived(room):
    last = posted(room)
    mark(room, ADA, 0, last)
    assert marks(room, ADA) == (last, last)


def test_somebody_who_comes_later_is_told_how_far_the_others_got(room):
    last = posted(room)
    mark(room, ADA, last, 1)
    entrance = room.sockets[THEO].enter(room.visit)
    ours = [r for r in entrance["receipts"] if r["participant"] == room.participant(ADA)]
    assert ours == [
        {
            "visit": room.visit,
            "channel": "room",
            "participant": room.participant(ADA),
            "delivered": last,
            "read": 1,
        }
    ]


def test_the_patient_gets_no_receipt_of_the_staffs_channel(room):
    answer = room.appends(MARA, "message.posted", {"text": "Aside."}, channel="staff")
    mark(room, THEO, answer["seq"], answer["seq"], channel="staff")
    assert [r["channel"] for r in room.sockets[MARA].heard("receipt")] == ["staff"]
    assert room.sockets[ADA].heard("receipt") == []
    entrance = room.sockets[ADA].enter(room.visit)
    assert {r["channel"] for r in entrance["receipts"]} <= {"room"}
