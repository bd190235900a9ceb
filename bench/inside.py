"""Opens the application's own modules to a bench that measures inside it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from servers import ROOT

sys.path.insert(0, str(ROOT))

from app import create_app
from app.kernel.db import db
from config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stage import Stage


@contextmanager
def application(stage: Stage) -> Iterator[None]:
    """Have the application in this process, on the stage's database."""
    create_app(Config.from_environment(stage.environ))
    try:
        yield
    finally:
        db.disconnect()
