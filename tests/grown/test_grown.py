"""The bench of a grown clinic, run small: Redis killed and processes restarted under steady load.

It brings its own PostgreSQL, so it is run once, beside the tests that are made on PostgreSQL.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import ON_POSTGRESQL
from tests.programs import find_program, lacking
from tests.servers import ROOT

PEOPLE = 40
#: Seconds without Redis.
OUTAGES = (1, 10)
#: The promises, in milliseconds.
SEEN_WITHIN = 2000
GAP_P99 = 5000


@pytest.mark.skipif(not ON_POSTGRESQL, reason="is about PostgreSQL")
def test_forty_people_notice_little_when_redis_dies_and_processes_are_restarted(tmp_path):
    figures = measure(tmp_path / "figures.json")
    assert figures["settled"]
    assert not any(figures["faults"].values()), figures["faults"]
    assert figures["not_back"] == 0
    assert figures["said"] > 5 * PEOPLE
    assert figures["lines_at_each_process"] == [PEOPLE // 2] * 2
    _, *outages, first, second = figures["spans"]
    assert [span["proof"]["away_seconds"] >= s for span, s in zip(outages, OUTAGES, strict=True)]
    for span in outages:
        assert span["proof"]["dead_at_first"]
        assert span["proof"]["dead_at_last"]
        assert span["age_when_seen_ms"]["max"] < SEEN_WITHIN, span
    for span in (first, second):
        assert span["proof"]["exit_code"] == 0
        assert span["proof"]["other_pid"]
        assert span["reconnects"] >= PEOPLE // 2
        assert span["gap_ms_per_client"]["p99"] < GAP_P99, span


def measure(out: Path) -> dict[str, Any]:
    """Run the bench, and return what it wrote."""
    for program, folder in (("nginx", "/usr/sbin"), ("redis-server", "/usr/bin")):
        if find_program(program, folder) is None:
            lacking(program)
    command = [sys.executable, str(ROOT / "bench" / "grown.py"), "--pairs", str(PEOPLE // 2)]
    command += ["--every", "4", "--after", "3", "--out", str(out)]
    command += ["--outages", ",".join(map(str, OUTAGES))]
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=280
    )
    assert out.exists(), done.stderr[-4000:]
    return json.loads(out.read_text("utf-8"))
