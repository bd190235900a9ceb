"""Running the operator's commands as an operator does: in a process of their own."""

import subprocess
import sys
from collections.abc import Mapping

from tests.servers import ROOT


def run(environ: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run `python …` in the repository with these settings."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def flask(environ: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run `flask …`."""
    return run(environ, "-m", "flask", "--app", "app", *command)


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which a command failed."""
    lines = [line for line in done.stderr.splitlines() if line.startswith(("Error:", "Hearthside"))]
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    assert len(lines) == 1, done.stderr
    return lines[0]
