"""Which promises of the room were broken, found from the evidence of a run. Pure.

The record (the rows of the database) is held against what was acknowledged, and every screen
against the record.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.history import FAIL, OK, Event, Evidence, Op, Screen

#: What people append; everything else in the record is the server's own.
BY_PEOPLE = ("message.posted", "signal.sent")
SENTENCES = {
    "lost": "acknowledged, and not in the record",
    "doubled": "in the record more than once",
    "gaps": "numbers that a channel of the record leaves out or uses twice",
    "moved": "in the record at another place than acknowledged",
    "altered": "another content or author than was sent, or than the record has",
    "revived": "refused for good, and in the record all the same",
    "unasked": "in the record or on a screen, and nobody sent it",
    "stale": "placed after what was sent only once it was acknowledged",
    "missed": "in the record, and not on a member's screen",
    "repeated": "shown twice on one screen",
    "reordered": "shown on a screen in another order than the record's",
    "leaked": "shown to somebody who is no member",
}

Finding = tuple[str, str]


def check(evidence: Evidence) -> dict[str, list[str]]:
    """Return, for every kind of broken promise, the keys of the events that broke it."""
    found: dict[str, list[str]] = {kind: [] for kind in SENTENCES}
    channels = _by_channel(evidence.rows)
    for findings in (
        _record(evidence, channels),
        _outcomes(evidence),
        _real_time(evidence.ops, channels),
        *(_screen(screen, channels, evidence.ops) for screen in evidence.screens),
    ):
        for kind, key in findings:
            found[kind].append(key)
    return found


Channels = dict[tuple[str, str], list[Event]]


def _by_channel(rows: list[Event]) -> Channels:
    channels: Channels = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.seq):
        channels[row.visit, row.channel].append(row)
    return channels


def _record(evidence: Evidence, channels: Channels) -> Iterator[Finding]:
    """What is wrong with the record in itself."""
    sent = {op.key for op in evidence.ops}
    for key, times in Counter(row.key for row in evidence.rows).items():
        if times > 1:
            yield "doubled", key
    for rows in channels.values():
        wrong = (row.key for place, row in enumerate(rows, start=1) if row.seq != place)
        yield from (("gaps", key) for key in wrong)
    said = (row.key for row in evidence.rows if row.kind in BY_PEOPLE)
    yield from (("unasked", key) for key in said if key not in sent)


def _outcomes(evidence: Evidence) -> Iterator[Finding]:
    """Where what the sender was told and the record disagree."""
    rows = {row.key: row for row in evidence.rows}
    for op in evidence.ops:
        row = rows.get(op.key)
        if row is None:
            if op.outcome == OK:
                yield "lost", op.key
            continue
        if op.outcome == FAIL:
            yield "revived", op.key
        if op.outcome == OK and (op.channel, op.seq) != (row.channel, row.seq):
            yield "moved", op.key
        if (op.visit, op.kind, op.body, op.by) != (row.visit, row.kind, row.body, row.by):
            yield "altered", op.key


def _real_time(ops: list[Op], channels: Channels) -> Iterator[Finding]:
    """What stands behind an event that was sent only after this one was acknowledged."""
    by_key = {op.key: op for op in ops}
    for rows in channels.values():
        latest = float("-inf")
        for row in rows:
            op = by_key.get(row.key)
            if op is None:
                continue
            if op.acked_at is not None and op.acked_at < latest:
                yield "stale", row.key
            latest = max(latest, op.invoked_at or latest)


def _screen(screen: Screen, channels: Channels, ops: list[Op]) -> Iterator[Finding]:
    """Where a screen differs from the record, as far as its owner may see it."""
    for event in screen.strange:
        yield "leaked", event.key
    for event in screen.contradicting:
        yield "altered", event.key
    foreign = _foreign_keys(screen, ops)
    for channel, shown in screen.shown.items():
        for event in shown:
            if (event.visit, event.channel) != (screen.visit, channel) or event.key in foreign:
                yield "leaked", event.key
        record = channels.get((screen.visit, channel), [])
        if shown != record:
            yield from _differences(shown, record)


def _foreign_keys(screen: Screen, ops: list[Op]) -> set[str]:
    """What this screen must not show, whatever label it bears."""
    return {op.key for op in ops if op.visit != screen.visit or op.channel not in screen.channels}


def _differences(shown: list[Event], record: list[Event]) -> Iterator[Finding]:
    yield from _disorder(shown)
    by_seq = {row.seq: row for row in record}
    for event in shown:
        if event.seq not in by_seq:
            yield "unasked", event.key
        elif by_seq[event.seq] != event:
            yield "altered", event.key
    numbers = {event.seq for event in shown}
    yield from (("missed", row.key) for row in record if row.seq not in numbers)


def _disorder(shown: list[Event]) -> Iterator[Finding]:
    numbers: set[int] = set()
    last = 0
    for event in shown:
        if event.seq in numbers:
            yield "repeated", event.key
        elif event.seq < last:
            yield "reordered", event.key
        numbers.add(event.seq)
        last = max(last, event.seq)
