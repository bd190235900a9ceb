"""The tables of docs/protocol.md, as they are written."""

import re
from functools import cache

from tests.servers import ROOT

PAGE = ROOT / "docs" / "protocol.md"
_NAME = re.compile(r"`([^`]+)`")


@cache
def rows(heading: str) -> dict[str, list[str]]:
    """The table under a heading: first name -> the other cells."""
    text = PAGE.read_text(encoding="utf-8")
    _, _, rest = text.partition(f"### {heading}\n")
    assert rest, f"docs/protocol.md has no part {heading!r}"
    lines = [line for line in rest.split("\n### ")[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    return {_NAME.findall(first)[0]: others for first, *others in cells}


def fields(cell: str) -> tuple[set[str], set[str]]:
    """The fields that a cell such as `{visit, after?}` names: (all that must be, all that may)."""
    inner = re.search(r"\{([^{}]*)\}", cell)
    names = [name.strip() for name in inner[1].split(",") if name.strip()] if inner else []
    needed = {name for name in names if not name.endswith("?")}
    return needed, {name.rstrip("?") for name in names}


CLIENT_EVENTS = "What a client sends"
SERVER_EVENTS = "What the server sends"
PRESENCE = "Presence"
APPENDED = "Kinds that may be appended"
BY_SERVER = "Kinds that only the server appends"
CODES = "Error codes"
