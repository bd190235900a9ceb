"""How a database goes about the questions that it was asked: no way may lead through all events."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    Asked = dict[str, Any]

_SCANS = ("SCAN visit_events", "SCAN e", "Seq Scan on visit_events", "Seq Scan on visit_channels")


@contextmanager
def asked_of(engine: Engine) -> Iterator[Asked]:
    """Gather the statements that touch the log, each with the values it was last given."""
    asked: Asked = {}

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:  # noqa: ANN401  (the driver's)
        if "visit_events" in statement or "visit_channels" in statement:
            asked[statement] = values[0] if isinstance(values, list) else values

    event.listen(engine, "before_cursor_execute", hear)
    yield asked
    event.remove(engine, "before_cursor_execute", hear)


def plan_of(connection: Connection, statement: str, values: Any) -> list[str]:  # noqa: ANN401  (the driver's)
    """Return the lines of the plan that the database makes for a statement."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row[-1]) for row in found]
    connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
    found = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    return [str(row[0]) for row in found]


def scans(plan: list[str]) -> list[str]:
    """Return the lines of a plan that read a whole table of the log."""
    return [line.strip() for line in plan if any(scan in line for scan in _SCANS)]
