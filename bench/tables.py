"""A comparison's medians as the tables of docs/performance.md."""

from __future__ import annotations

import statistics
from typing import Any


def table(result: dict[str, Any]) -> str:
    """Return environment, rates, latencies and costs as Markdown."""
    about = ", ".join(f"{name} {value}" for name, value in result["environment"].items())
    rows = [(int(pairs), pair["room"], pair["relay"]) for pairs, pair in result["medians"].items()]
    parts = [
        about,
        _rates(rows, result["runs"]),
        _latencies(rows),
        _costs(rows),
        _faults(result["runs"]),
    ]
    return "\n\n".join(parts)


Row = tuple[int, dict[str, Any], dict[str, Any]]


def _rates(rows: list[Row], runs: list[dict[str, Any]]) -> str:
    """Return the rates; a ratio is the median of the repeats' own, as a machine's pace drifts."""
    lines = [
        (
            "| pairs | room, messages/s | relay, messages/s | room / relay | least to most "
            "| processor time a message, relay / room |"
        ),
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for pairs, room, relay in rows:
        faster = _ratios(runs, pairs, "throughput")
        cheaper = [1 / each for each in _ratios(runs, pairs, "server_cpu_seconds_per_1000")]
        cells = [f"{each['closed']['throughput']:.0f}" for each in (room, relay)]
        cells += [_median(faster), f"{min(faster):.2f} to {max(faster):.2f}", _median(cheaper)]
        lines.append(f"| {pairs} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratios(runs: list[dict[str, Any]], pairs: int, figure: str) -> list[float]:
    """Return the room's share of the relay's figure in the closed loop, repeat by repeat."""
    room, relay = (
        [run["closed"][figure] for run in runs if (run["pairs"], run["system"]) == (pairs, system)]
        for system in ("room", "relay")
    )
    return [ours / theirs for ours, theirs in zip(room, relay, strict=True) if theirs]


def _median(values: list[float]) -> str:
    return _cell(statistics.median(values) if values else None, ".2f")


def _latencies(rows: list[Row]) -> str:
    lines = [
        "| pairs | system | ack p50 | p95 | p99 | delivery p50 | p95 | p99 | max |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for pairs, *both in rows:
        for figures in both:
            ack, to = figures["open"]["ack_ms"], figures["open"]["delivery_ms"]
            wanted = [(ack, "p50"), (ack, "p95"), (ack, "p99")]
            wanted += [(to, "p50"), (to, "p95"), (to, "p99"), (to, "max")]
            told = " | ".join(_cell(measured.get(name), ".1f") for measured, name in wanted)
            lines.append(f"| {pairs} | {figures['system']} | {told} |")
    return "\n".join(lines)


def _costs(rows: list[Row]) -> str:
    lines = [
        (
            "| pairs | system | CPU s per 1,000, open | closed | server busy, closed "
            "| generator busy, closed | KiB per client | connects/s |"
        ),
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for pairs, *both in rows:
        for one in both:
            steady, full = one["open"], one["closed"]
            cells = [
                _cell(steady["server_cpu_seconds_per_1000"], ".2f"),
                _cell(full["server_cpu_seconds_per_1000"], ".2f"),
                f"{full['server_cpu_share']:.0%}",
                f"{full['generator_cpu_share']:.0%}",
                f"{one['rss_kib_per_client']:.0f}",
                f"{one['connects_per_second']:.0f}",
            ]
            lines.append(f"| {pairs} | {one['system']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _faults(runs: list[dict[str, Any]]) -> str:
    """Return the sum of every fault over all runs: a median would hide one."""
    lines = []
    for system in ("room", "relay"):
        phases = [r[name] for r in runs if r["system"] == system for name in ("open", "closed")]
        acked = sum(phase["acked"] for phase in phases)
        not_acked = sum(sum(phase["not_acked"].values()) for phase in phases)
        faults = {
            name: sum(phase["faults"][name] for phase in phases) for name in phases[0]["faults"]
        }
        told = ", ".join(f"{count} {name}" for name, count in faults.items())
        lines.append(f"{system}: {acked} acknowledged, {not_acked} not; {told}.")
    return "\n".join(lines)


def _cell(value: float | None, form: str) -> str:
    return "none" if value is None else format(value, form)
