"""Figures from measurements: percentiles, medians over repeats, and what a process costs."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return p50, p95, p99 and the maximum, in milliseconds; empty where nothing was measured."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    last = len(ordered) - 1
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(ordered[round(last * share)] * 1000, 2) for name, share in shares.items()}


def medians(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of every number that the rows share, through nested tables."""
    first = rows[0]
    result: dict[str, Any] = {}
    for name, value in first.items():
        values = [row[name] for row in rows if row.get(name) is not None]
        if isinstance(value, dict):
            result[name] = medians(values)
        elif isinstance(value, bool | str):
            result[name] = value
        else:
            result[name] = median(values) if values else None
    return result


@dataclass(slots=True)
class Cost:
    """What one process has used, from the moment this was made."""

    pid: int
    _start: float = 0.0

    def __post_init__(self) -> None:
        self._start = self._used()

    def _used(self) -> float:
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def cpu_seconds(self) -> float:
        """Processor seconds, all threads, since the start."""
        return self._used() - self._start


def resident_bytes(pid: int) -> int:
    """Return the process's resident memory."""
    return int(psutil.Process(pid).memory_info().rss)


def environment() -> dict[str, Any]:
    """Return what the figures were taken on."""
    return {
        "python": platform.python_version(),
        "kernel": platform.release(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "commit": _commit(),
        "load_before": load_average(),
    }


def load_average() -> float:
    """Return how many programs wanted a core during the last minute, on average."""
    return round(os.getloadavg()[0], 2)


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  (not a file one keeps)
        names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return next(names, platform.machine())
