"""Tags for the bundled scripts and styles, with their integrity."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from flask import url_for
from markupsafe import Markup

from app.web.headers import csp_nonce

STATIC = Path(__file__).resolve().parents[2] / "static"


class _Bundle(TypedDict):
    file: str
    integrity: str


def asset(name: str) -> Markup:
    """Return the tag of a bundle, e.g. of `main.js`. Raises KeyError for an unknown one."""
    made = _manifest()[name]
    address = url_for("static", filename=f"dist/{made['file']}")
    if name.endswith(".css"):
        tag = Markup('<link rel="stylesheet" href="{}" integrity="{}">')
        return tag.format(address, made["integrity"])
    tag = Markup('<script type="module" src="{}" integrity="{}" nonce="{}"></script>')
    return tag.format(address, made["integrity"], csp_nonce())


def bundle(name: str) -> Path:
    """Return the file of a bundle. Raises KeyError for an unknown one."""
    return STATIC / "dist" / _manifest()[name]["file"]


@lru_cache(maxsize=1)
def _manifest() -> dict[str, _Bundle]:
    path = STATIC / "dist" / "manifest.json"
    manifest: dict[str, _Bundle] = json.loads(path.read_text(encoding="utf-8"))
    return manifest
