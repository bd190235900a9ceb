"""What counts as text that may be kept: no NUL, no control characters, no broken halves."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text trimmed, with line ends as newlines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def marked(text: str) -> str:
    """Return the text with a visible mark in place of what cannot be kept, or even be shown."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def is_storable(text: str) -> bool:
    """Tell whether the text is free of control characters other than newline and tab."""
    return _FORBIDDEN.search(text) is None
