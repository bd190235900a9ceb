"""A grown clinic: two processes, Redis between them, nginx before them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.cast import Clinic
from tests.conftest import KEY_RING, SECRET_KEY
from tests.nginx import Nginx
from tests.servers import LiveServer, RedisServer


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    """An nginx that is not started yet; its address is known."""
    with Nginx(tmp_path) as server:
        yield server


@pytest.fixture
def servers(
    clinic: Clinic,  # noqa: ARG001  (people before the servers)
    serve: Callable[..., LiveServer],
    bus: RedisServer,
) -> list[LiveServer]:
    """Two processes, each at its own address."""
    return two(serve, REDIS_URL=bus.url)


@pytest.fixture
def behind(
    clinic: Clinic,  # noqa: ARG001  (as above)
    serve: Callable[..., LiveServer],
    bus: RedisServer,
    nginx: Nginx,
) -> list[LiveServer]:
    """Two processes behind nginx, whose address is the only one that people know."""
    servers = two(serve, REDIS_URL=bus.url, BEHIND_PROXY="1", ORIGINS=nginx.url)
    nginx.start([server.port for server in servers])
    return servers


def two(serve: Callable[..., LiveServer], **settings: str) -> list[LiveServer]:
    """Start two processes side by side: most of a start is waiting."""
    with ThreadPoolExecutor(2) as both:
        start = partial(serve, KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY, **settings)
        return list(both.map(lambda _: start(), range(2)))
