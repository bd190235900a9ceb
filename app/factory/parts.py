"""The parts that `/readyz` asks after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import redis
from sqlalchemy import text

from app.kernel import schema
from app.kernel.db import db
from app.web.health import checks

if TYPE_CHECKING:
    from config import Config


def list_checks(config: Config) -> None:
    """List the checks that these settings call for."""
    checks.clear()
    checks["database"] = _database_answers
    checks["migrations"] = schema.require_current
    if config.redis_url:
        broker = redis.Redis.from_url(config.redis_url, socket_timeout=2)
        checks["broker"] = lambda: _answers(broker)


def _answers(broker: redis.Redis) -> None:
    broker.ping()


def _database_answers() -> None:
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
