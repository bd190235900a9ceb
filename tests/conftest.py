"""What every test may ask for: a database server, an empty database, a running application.

TEST_DATABASE says on which database a run is made: `sqlite` (the default) or `postgresql`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.kernel import clock, limits
from app.kernel.db import db
from app.room.seating import seating
from app.room.tabs import tabs
from config import Config
from tests.browser import Browser
from tests.cast import Clinic, Figure, take_the_stage
from tests.compiled import COMPILED
from tests.databases import ON_POSTGRESQL, PostgresTemplate, SqliteTemplate, patient
from tests.servers import LiveServer, RedisServer, postgres_database, postgres_server
from tests.sockets import ORIGIN, LivePerson, Socket

#: The same for the application in process and for a server beside it, so that both read one record.
KEY_RING = "test:" + "A" * 43
SECRET_KEY = "only-for-tests-and-long-enough-to-be-taken"

_RUN = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the whole run, before the workers are, and tell them of it."""
    config.stash[_RUN] = ExitStack()
    is_worker = hasattr(config, "workerinput")
    if os.environ.get("TEST_DATABASE") != "postgresql" or is_worker:
        return
    try:
        os.environ["TEST_DATABASE_URL"] = config.stash[_RUN].enter_context(postgres_server())
    except pytest.skip.Exception:
        # Each test that needs it will say so and be skipped.
        return
    except pytest.fail.Exception as lacking:
        raise pytest.UsageError(str(lacking)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run has started."""
    config.stash[_RUN].close()


#: Folders whose tests are the only ones of what a serving process alone runs; measuring slows it.
MEASURED = {"conformance", "web"}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL to make databases in."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def empty_database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without a table, of the kind that this run is made on."""
    if not ON_POSTGRESQL:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(scope="session")
def template_database(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[SqliteTemplate | PostgresTemplate]:
    """A migrated database without people, to copy."""
    if not ON_POSTGRESQL:
        yield SqliteTemplate(tmp_path_factory.mktemp("template"))
        return
    server_url = request.getfixturevalue("postgres_url")
    with postgres_database(server_url) as url:
        yield PostgresTemplate(server_url, url)


@pytest.fixture
def database_url(
    template_database: SqliteTemplate | PostgresTemplate, tmp_path: Path
) -> Iterator[str]:
    """A migrated database without people, of the kind that this run is made on."""
    with template_database.copy(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty Redis."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def serve(
    tmp_path: Path, database_url: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., LiveServer]]:
    """Start the application on this run's database; settings are given as for the environment."""
    counts = request.config.pluginmanager.hasplugin("_cov")
    measured = counts and request.path.parent.name in MEASURED
    with ExitStack() as servers:

        def start(**settings: str) -> LiveServer:
            folder = tmp_path / f"instance-{os.urandom(3).hex()}"
            folder.mkdir()
            return servers.enter_context(
                LiveServer(folder, measured=measured, **{"database_url": database_url, **settings})
            )

        yield start


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application in this process, on a migrated database without people."""
    made = create_app(
        Config(
            production=False,
            host="127.0.0.1",
            port=5000,
            database_url=patient(database_url),
            redis_url=None,
            instance_path=tmp_path / "instance",
            secret_key=SECRET_KEY,
            key_ring=KEY_RING,
            origins=(ORIGIN,),
        )
    )
    made.jinja_env.bytecode_cache = COMPILED
    limits.refill()
    seating.forget()
    tabs.present.clear()
    yield made
    db.disconnect()


@pytest.fixture
def clinic(app: Flask) -> Clinic:  # noqa: ARG001  (the stage must stand first)
    """Everybody of the cast, with their circles, cards and visits."""
    return take_the_stage()


@pytest.fixture
def time_travel() -> Iterator[time_machine.Traveller]:
    """The clock on the wall, to be moved; it goes on by itself."""
    with time_machine.travel(clock.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """Give somebody of the clinic a browser and sign them in; nobody: an anonymous browser."""

    def opened(figure: Figure | None = None) -> Browser:
        fresh = Browser(app)
        return fresh.sign_in(figure) if figure else fresh

    return opened


@pytest.fixture
def socket(browser: Callable[..., Browser]) -> Callable[..., Socket]:
    """Open a socket in process for somebody, or for a browser that is signed in already."""

    def opened(who: Figure | Browser, **options: str | None) -> Socket:
        return Socket(who if isinstance(who, Browser) else browser(who), **options)

    return opened


@pytest.fixture
def live(
    serve: Callable[..., LiveServer],
    clinic: Clinic,  # noqa: ARG001  (people before the server)
) -> LiveServer:
    """A real server on the clinic's own database, beside the application in process."""
    return serve(KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY)


@pytest.fixture
def arrive(live: LiveServer) -> Iterator[Callable[..., LivePerson]]:
    """Have somebody sign in at the real server; nobody: an anonymous browser."""
    with ExitStack() as leaving:

        def arrived(figure: Figure | None = None) -> LivePerson:
            person = LivePerson(live.url)
            leaving.callback(person.close)
            return person.sign_in(figure) if figure else person

        yield arrived
