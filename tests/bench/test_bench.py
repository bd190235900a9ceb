"""The bench runs against a live server and against the relay, and tells what it found."""

import json
import os
import signal
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.programs import Program, free_port
from tests.servers import ROOT

BENCH = ROOT / "bench"


@pytest.fixture
def pairs_file(tmp_path, database_url):
    """Two pairs in this run's database."""
    out = tmp_path / "pairs.jsonl"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load", "--pairs", "2"]
    environ = {**os.environ, "DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path / "keys")}
    subprocess.run([*command, "--out", str(out)], cwd=ROOT, env=environ, check=True)
    return out


@pytest.fixture
def relay(tmp_path):
    """A running relay: its address and its number."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, str(BENCH / "relay.py"), "--port", str(port)]
    program = Program(command, tmp_path / "relay.log", cwd=ROOT)

    def answers():
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310  (our own)
                return answer.status == 200
        except (URLError, OSError):
            return False

    program.wait_until_ready(answers, what="the relay")
    yield url, program.pid
    program.end(signal.SIGINT)


def measure(tmp_path, pairs_file, url, pid, *more):
    out = tmp_path / "figures.json"
    command = [sys.executable, str(BENCH / "room.py"), "--url", url, "--server-pid", str(pid)]
    command += ["--pairs-file", str(pairs_file), "--rate", "20", "--seconds", "1", "--both"]
    subprocess.run([*command, "--out", str(out), *more], cwd=ROOT, check=True, timeout=120)
    return json.loads(out.read_text("utf-8"))


def expect_a_clean_run(figures):
    for phase in (figures["open"], figures["closed"]):
        assert phase["acked"] == phase["delivered"] == phase["sent"] > 0
        assert phase["not_acked"] == {}
        assert not any(phase["faults"].values())
        assert phase["delivery_ms"]["p99"] > 0
        assert phase["server_cpu_seconds_per_1000"] >= 0
    assert figures["open"]["sent"] == 20


def test_the_room_is_measured_with_two_pairs(tmp_path, serve, pairs_file):
    keys = str(pairs_file.parent / "keys")
    server = serve(INSTANCE_PATH=keys)
    figures = measure(tmp_path, pairs_file, server.url, server.pid)
    assert (figures["system"], figures["pairs"]) == ("room", 2)
    expect_a_clean_run(figures)


def test_the_relay_is_measured_with_the_same_load(tmp_path, relay, pairs_file):
    figures = measure(tmp_path, pairs_file, *relay, "--relay")
    assert (figures["system"], figures["pairs"]) == ("relay", 2)
    expect_a_clean_run(figures)
