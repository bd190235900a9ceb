"""The parts that `/readyz` asks after, and what production must not find in them."""

from __future__ import annotations

import redis
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.accounts.queries import demonstration_exists
from app.kernel import schema
from app.kernel.db import UNAVAILABLE, db
from app.web.health import checks
from config import Config, ConfigError


def list_checks(config: Config) -> None:
    """List the checks that these settings call for."""
    checks.clear()
    checks["database"] = _database_answers
    checks["migrations"] = schema.require_current
    if config.redis_url:
        broker = redis.Redis.from_url(config.redis_url, socket_timeout=2)
        checks["broker"] = lambda: _answers(broker)


def refuse_demonstration(config: Config) -> None:
    """Raise ConfigError when production would open with the demonstration's known passwords."""
    if not config.production:
        return
    try:
        found = demonstration_exists()
    except (*UNAVAILABLE, ProgrammingError):
        found = False  # no database or no tables yet, so nobody in them
    finally:
        db.done()
    if found:
        message = "the database holds demonstration accounts. Use a database of your own."
        raise ConfigError(message)


def _answers(broker: redis.Redis) -> None:
    broker.ping()


def _database_answers() -> None:
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
