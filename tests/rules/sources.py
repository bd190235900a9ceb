"""The files that the house rules are about."""

import subprocess
from pathlib import Path

from tests.programs import lacking

ROOT = Path(__file__).resolve().parents[2]


def modules(*folders: str) -> list[Path]:
    """Return the Python modules under these folders of the repository."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    """Return the path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """Return the files that the repository keeps, or skip where there is no repository."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607  (the git of this machine)
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        lacking("a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def tracked_texts() -> dict[str, str]:
    """Return the text of every kept file that is text, by name."""
    texts = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[named(path)] = content.decode("utf-8")
    return texts
