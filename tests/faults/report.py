"""What a run showed: figures, a table to read, and what speaks against the room."""

import re
from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import Any

from bench.figures import environment, percentiles
from tests.faults.checker import SENTENCES, check
from tests.faults.history import FAIL, OK, UNKNOWN, Op
from tests.faults.nemesis import kinds_for
from tests.faults.plants import caught
from tests.faults.run import Course, Strike
from tests.faults.stage import Stage

#: Far above what it takes, even on a machine that has other things to do; far below a beat.
UNDISTURBED_MS = 1000
#: Before it stands when it was, after it the type and the places.
_INCIDENT = re.compile(r"^.*incident \S+: ")


def report(course: Course, stage: Stage) -> dict[str, Any]:
    """Return the run's figures. Seconds unless a name says otherwise."""
    assert course.evidence, "the run has ended"
    ops, rows = list(course.ops), course.evidence.rows
    stored = {row.key for row in rows}
    broken = check(course.evidence)
    planted = caught(course.evidence)
    fates = Counter(op.outcome for op in ops)
    return {
        "variant": stage.name,
        "processes": len(stage.servers),
        "seed": course.plan.seed,
        "environment": environment(),
        "visits": len({person.visit for person in course.people}),
        "clients": len(course.people),
        "rate": course.plan.rate,
        "acked": fates[OK],
        "refused": fates[FAIL],
        "unknown": _unknown(ops, stored),
        "sent_again": sum(op.tries > 1 for op in ops),
        "known_as_repeat": sum(op.repeat for op in ops),
        "events": len(rows),
        "shown": sum(len(s) for p in course.people for s in p.screen.shown.values()),
        "broken": {kind: len(keys) for kind, keys in broken.items()},
        "examples": {kind: keys[:3] for kind, keys in broken.items() if keys},
        "planted": planted,
        "control": _control(course, ops),
        "visible_ms": percentiles(list(_visible(ops))),
        "faults": {
            kind.kind: _kind(kind.kind, course, ops) for kind in kinds_for(stage, course.plan.only)
        },
        "voids": [f"{strike.kind}: {strike.void}" for strike in course.strikes if strike.void],
        "not_converged": [s.kind for s in course.strikes if s.recovered is None],
        "settled": course.settled,
        "arrivals": sum(person.arrivals for person in course.people),
        "refusals": dict(sum((p.refusals for p in course.people), Counter())),
        "unruly_pushes": sum(person.unruly for person in course.people),
        "incidents": _incidents(stage),
    }


def objections(found: dict[str, Any]) -> list[str]:
    """Return in words everything that keeps the run from being a good one."""
    wrong = [
        f"{count} events {SENTENCES[kind]}" for kind, count in found["broken"].items() if count
    ]
    missed = [name for name, is_caught in found["planted"].items() if not is_caught]
    never = [kind for kind, each in found["faults"].items() if not each["proved"]]
    checks = {
        "the checker did not find what was planted: " + ", ".join(missed): missed,
        "never proved: " + ", ".join(never): never,
        "not everybody had everything 30 s after: " + ", ".join(found["not_converged"]): (
            found["not_converged"]
        ),
        "not everything was settled 30 s after the end": found["settled"] is None,
        "the undisturbed part was disturbed": found["control"]["disturbed"],
        "undisturbed, people waited for each other's words": (
            found["control"]["visible_ms"].get("p95", 0) > UNDISTURBED_MS
        ),
        "something was pushed twice or out of order on one line": found["unruly_pushes"],
        "faults of the server's own: " + "; ".join(found["incidents"]): found["incidents"],
        "hardly anything was said": found["acked"] < found["clients"],
    }
    return wrong + [sentence for sentence, is_wrong in checks.items() if is_wrong]


def table(found: dict[str, Any]) -> str:
    """Return the run as Markdown."""
    head = "{variant}, web processes: {processes}, {visits} visits of 3, {rate:g}/s, seed {seed}"
    return "\n".join(
        [
            head.format_map(found),
            "",
            "| fault | proved | void | all back, s | seen after said, ms | after its ack, ms |",
            "| --- | --- | --- | --- | --- | --- |",
            *(_line(kind, each) for kind, each in found["faults"].items()),
            "",
            *(f"- {name}: {figure}" for name, figure in _figures(found).items()),
            "- all back: p50 / max; seen: p50 / p99 / max, by each of the others, of what was said",
            "  while the fault lasted, whether or not there was a line to send it by",
        ]
    )


def _figures(found: dict[str, Any]) -> dict[str, Any]:
    broken, unknown = found["broken"], found["unknown"]
    displaced = ("moved", "stale", "reordered")
    rest = (kind for kind in broken if kind not in displaced)
    return {
        "acknowledged": found["acked"],
        "refused for good": found["refused"],
        "unknown": f"{unknown['stored']} stored, {unknown['absent']} not",
        "sent again": f"{found['sent_again']}, known as a repeat {found['known_as_repeat']}",
        "broken": ", ".join(f"{kind} {broken[kind]}" for kind in rest),
        "order mismatches": sum(broken[kind] for kind in displaced),
        "record": f"{found['events']} events, shown {found['shown']} times",
        "seen after said, whole run, ms": _three(found["visible_ms"]),
        "undisturbed, ms": _three(found["control"]["visible_ms"]),
        "planted and found": f"{sum(found['planted'].values())} of {len(found['planted'])}",
    }


def _incidents(stage: Stage) -> dict[str, int]:
    """What the servers logged as faults of their own, and how often."""
    lines = (line for server in stage.servers for line in server.said().splitlines())
    return dict(Counter(_INCIDENT.sub("", line) for line in lines if _INCIDENT.search(line)))


def _unknown(ops: list[Op], stored: set[str]) -> dict[str, int]:
    keys = [op.key for op in ops if op.outcome == UNKNOWN]
    there = sum(key in stored for key in keys)
    return {"stored": there, "absent": len(keys) - there}


def _control(course: Course, ops: list[Op]) -> dict[str, Any]:
    """What was said before the first fault: all of it must have gone well at once."""
    before = [op for op in ops if op.acked_at is not None and op.acked_at < course.control_ended]
    return {
        "acked": len(before),
        "disturbed": not before or any(op.tries > 1 for op in before),
        "visible_ms": percentiles(list(_visible(before))),
    }


def _kind(kind: str, course: Course, ops: list[Op]) -> dict[str, Any]:
    strikes = [strike for strike in course.strikes if strike.kind == kind]
    recovered = [strike.recovered for strike in strikes if strike.recovered is not None]
    return {
        "proved": sum(not strike.void for strike in strikes),
        "void": sum(bool(strike.void) for strike in strikes),
        "back_within": {
            "p50": round(median(recovered), 2) if recovered else None,
            "max": round(max(recovered), 2) if recovered else None,
        },
        "visible_ms": percentiles(list(_visible(_during(strikes, ops)))),
        "after_ack_ms": percentiles(list(_after_ack(_during(strikes, ops)))),
    }


def _during(strikes: list[Strike], ops: list[Op]) -> list[Op]:
    """What was said while one of these lasted."""
    spans = [(strike.began, strike.mended) for strike in strikes]
    return [op for op in ops if any(a <= op.said_at <= b for a, b in spans)]


def _visible(ops: Iterable[Op]) -> Iterable[float]:
    """How long each of the others waited for each event, from when it was said, sent or not."""
    for op in ops:
        for at in op.seen.values():
            yield at - op.said_at


def _after_ack(ops: Iterable[Op]) -> Iterable[float]:
    """How long each of the others waited from when the sender was told; what was sent once only.

    Of what was sent again, nobody outside the server knows when it was committed.
    """
    for op in ops:
        if op.acked_at is not None and op.tries == 1:
            for at in op.seen.values():
                yield max(0.0, at - op.acked_at)


def _line(kind: str, each: dict[str, Any]) -> str:
    back = each["back_within"]
    span = f"{back['p50']} / {back['max']}"
    said, told = _three(each["visible_ms"]), _three(each["after_ack_ms"])
    return f"| {kind} | {each['proved']} | {each['void']} | {span} | {said} | {told} |"


def _three(figures: dict[str, float]) -> str:
    return " / ".join(f"{figures[name]:.0f}" for name in ("p50", "p99", "max")) if figures else "-"
