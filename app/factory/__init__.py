"""Puts the house together: settings, database, keys, doors, and who listens to whom."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts.queries import load_actor
from app.factory import background, blueprints, listeners, parts
from app.kernel.db import db
from app.kernel.keys import KeyRing, KeyRingError
from app.kernel.vault import vault
from app.web import doors, errors, gate, headers, identity, pages, sockets, websocket
from app.web.bus import bus
from config import ROOT, Config, ConfigError

__all__ = ["background", "create_app"]

#: The most that a form or a JSON body may weigh: the longest note, and room to spare.
LARGEST_REQUEST = 2 * 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """Return the application for these settings (by default the environment's).

    Raises ConfigError when the settings cannot be used or are unsafe in production.
    """
    config = config or Config.from_environment()
    config.refuse_unsafe_production()
    config.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.connect(config.database_url)
    vault.unlock(_key_ring(config))
    app = _flask(config)
    pages.install(app)
    headers.install(app, secure=config.production)
    errors.install(app)
    CSRFProtect(app)
    identity.know_people_by(app, load_actor)
    blueprints.register(app)
    doors.guard(app)
    websocket.install()
    bus.connect(config.redis_url)
    sockets.install(app, load_actor)
    gate.install(app)
    if config.behind_proxy:
        # Around the socket server too. Only what our own proxy overwrites is believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    listeners.connect()
    parts.list_checks(config)
    app.teardown_appcontext(_end)
    parts.refuse_demonstration(config)
    return app


def _key_ring(config: Config) -> KeyRing:
    try:
        return KeyRing.parse(config.key_ring)
    except KeyRingError as error:
        message = f"KEY_RING cannot be used. {error}"
        raise ConfigError(message) from error


def _flask(config: Config) -> Flask:
    app = Flask(
        "hearthside",
        root_path=str(ROOT),
        static_folder="static",
        template_folder="templates",
        instance_path=str(config.instance_path),
    )
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="hearthside",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.production,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the sign-in it belongs to
        ORIGINS=config.origins,
        SETTINGS=config,
    )
    return app


def _end(_error: BaseException | None) -> None:
    db.done()
