"""What every test may ask for: a database server, an empty database, a running application.

TEST_DATABASE says on which database a run is made: `sqlite` (the default) or `postgresql`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers import LiveServer, postgres_database, postgres_server, redis_server

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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL to make databases in."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the kind that this run is made on."""
    if os.environ.get("TEST_DATABASE", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty Redis."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def serve(tmp_path: Path, database_url: str) -> Iterator[Callable[..., LiveServer]]:
    """Start the application on this run's database; settings are given as for the environment."""
    with ExitStack() as servers:

        def start(**settings: str) -> LiveServer:
            folder = tmp_path / f"instance-{os.urandom(3).hex()}"
            folder.mkdir()
            return servers.enter_context(
                LiveServer(folder, **{"database_url": database_url, **settings})
            )

        yield start
