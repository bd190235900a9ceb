"""What a running Hearthside is told from outside, read once, typed, and refused when wrong."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from click import ClickException

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Shorter keys can be guessed.
LEAST_SECRET = 32

ROOT = Path(__file__).resolve().parent


class ConfigError(ClickException):
    """A setting is missing or wrong; the message says which and what to do.

    Click's own kind of error, so that a `flask` command says it in one line too.
    """


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process."""

    production: bool
    host: str
    port: int
    database_url: str
    redis_url: str | None
    instance_path: Path
    secret_key: str
    key_ring: str
    origins: tuple[str, ...]
    debug: bool = False
    behind_proxy: bool = False
    own_defaults: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the settings, making the embedded defaults in the instance folder.

        Raises ConfigError when a value cannot be used.
        """
        instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()
        host = environ.get("HOST", "127.0.0.1")
        port = _port(environ.get("PORT", "5000"))
        own: list[str] = []
        production = _flag(environ, "PRODUCTION")
        return cls(
            production=production,
            host=host,
            port=port,
            database_url=_database_url(environ, instance),
            redis_url=environ.get("REDIS_URL") or None,
            instance_path=instance,
            secret_key=_secret(environ, "SECRET_KEY", instance / "secret_key", own),
            key_ring=_secret(environ, "KEY_RING", instance / "key_ring", own),
            origins=_origins(environ, host, port),
            debug=_flag(environ, "FLASK_DEBUG"),
            behind_proxy=_flag(environ, "BEHIND_PROXY"),
            own_defaults=tuple(own),
        )

    def refuse_unsafe_production(self) -> None:
        """Raise ConfigError when production would run on a default key or with debug on."""
        if not self.production:
            return
        if self.debug:
            message = "PRODUCTION and FLASK_DEBUG exclude each other: unset FLASK_DEBUG."
            raise ConfigError(message)
        if self.own_defaults:
            names = " and ".join(self.own_defaults)
            message = f"production needs {names} from the environment, or as files (NAME_FILE)."
            raise ConfigError(message)
        if len(self.secret_key) < LEAST_SECRET:
            message = f"production needs a SECRET_KEY of at least {LEAST_SECRET} characters."
            raise ConfigError(message)


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in {"", "0", "false", "no", "off"}:
        return False
    if value in {"1", "true", "yes", "on"}:
        return True
    message = f"{name} must be 1 or 0, not {value!r}."
    raise ConfigError(message)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        message = f"PORT must be a number from 1 to 65535, not {text!r}."
        raise ConfigError(message)
    return int(text)


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    url = environ.get("DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{instance / 'hearthside.sqlite3'}"
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    if scheme in {"postgresql+psycopg", "sqlite"}:
        return url
    message = "DATABASE_URL must begin with sqlite:// or postgresql://."
    raise ConfigError(message)


def _secret(environ: Mapping[str, str], name: str, default: Path, own: list[str]) -> str:
    """Return the secret from the environment, a named file, or the embedded default's own file."""
    if environ.get(name):
        return environ[name]
    if named := environ.get(f"{name}_FILE"):
        return _read_secret(Path(named), name)
    own.append(name)
    if not default.exists():
        default.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(default, secrets.token_urlsafe(32))
    return _read_secret(default, name)


def _read_secret(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{name}: the file {path.name} cannot be read ({error.strerror})."
        raise ConfigError(message) from error


def _write_once(path: Path, text: str) -> None:
    """Create the file for its owner only; a process that was quicker wins."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _origins(environ: Mapping[str, str], host: str, port: int) -> tuple[str, ...]:
    named = environ.get("ORIGINS", "")
    if named.strip():
        return tuple(origin.strip().rstrip("/") for origin in named.split(",") if origin.strip())
    names = dict.fromkeys((host, "127.0.0.1", "localhost"))
    return tuple(f"http://{name}:{port}" for name in names)
