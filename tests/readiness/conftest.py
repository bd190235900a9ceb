"""The check of Ada's visit, spoken to as people and programs do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.kernel.db import db, transaction
from app.readiness.demonstration import answer_well, pass_check
from app.readiness.gate import Gate
from app.readiness.queries import gate, summary
from app.scheduling.models import Visit
from tests.browser import Browser, Page
from tests.cast import ADA, MARA, Clinic, Figure

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Check:
    """One visit's check and everybody who may come near it."""

    clinic: Clinic
    opened: Callable[..., Browser]

    def __post_init__(self) -> None:
        self._browsers: dict[Figure, Browser] = {}

    @property
    def path(self) -> str:
        return f"/visits/{self.clinic.visit.id}/readiness"

    def browser(self, figure: Figure) -> Browser:
        if figure not in self._browsers:
            self._browsers[figure] = self.opened(figure)
        return self._browsers[figure]

    def page(self, figure: Figure, query: str = "") -> Page:
        return self.browser(figure).open(self.path + query)

    def answer(self, figure: Figure, item: str, **value: Any) -> Page:
        """Answer as the page's script does."""
        data = {"item": item, "value": value}
        return self.browser(figure).post_json(f"{self.path}/answers", data)

    def clear(self, figure: Figure, item: str, reason: str = "We spoke.", **more: Any) -> Page:
        data = {"item": item, "reason": reason, **more}
        return self.browser(figure).post_json(f"{self.path}/clear-item", data)

    def clear_whole(self, figure: Figure = MARA, seen: int | None = None) -> Page:
        known = self.seen if seen is None else seen
        return self.browser(figure).post_json(f"{self.path}/clear", {"seen": known})

    @property
    def seen(self) -> int:
        """The number of the last change that the board shows."""
        form = self.page(MARA).all("input[name=seen]")
        return int(str(form[0]["value"])) if form else 0

    def answer_all_well(self) -> None:
        with transaction():
            answer_well(self._visit(), **self._both())
        db.done()

    def passes(self) -> None:
        with transaction():
            pass_check(self._visit(), **self._both())
        db.done()

    def gate(self) -> Gate:
        with transaction():
            found = gate(self._visit())
        db.done()
        return found

    def result(self) -> str:
        found = summary(self._visit()).result
        db.done()
        return found

    def _visit(self) -> Visit:
        return db.session.get_one(Visit, self.clinic.visit.id)

    def _both(self) -> dict[str, Any]:
        return {"patient": self.clinic.actor(ADA), "therapist": self.clinic.actor(MARA)}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, until the test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def check(
    clock: time_machine.Traveller,  # noqa: ARG001  (everything happens at noon)
    app: Flask,  # noqa: ARG001  (the stage stands in the application)
    clinic: Clinic,
    browser: Callable[..., Browser],
) -> Check:
    """The check of Ada's visit, not begun."""
    return Check(clinic, browser)
