"""One Chromium for a whole run of browser tests; each test opens contexts of its own in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.cast import ADA, MARA, Clinic
from tests.chromium import chromium_launch_args
from tests.conftest import KEY_RING, SECRET_KEY
from tests.e2e.people import Visitor
from tests.e2e.rooms import Room
from tests.proxy import a_line
from tests.servers import LiveServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, with a made-up camera and microphone."""
    arguments = chromium_launch_args()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def room(browser: Browser, live: LiveServer, clinic: Clinic) -> Room:
    """Ada's visit on a running server."""
    return Room(browser, live, clinic.visit.id)


@pytest.fixture
def far_room(browser: Browser, clinic: Clinic, serve: Callable[..., LiveServer]) -> Iterator[Room]:
    """Ada's visit, each of the two at the end of a line of their own."""
    with ExitStack() as stack:
        lines = {figure: stack.enter_context(a_line()) for figure in (ADA, MARA)}
        origins = ",".join(line.url for line in lines.values())
        server = serve(KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY, ORIGINS=origins)
        for line in lines.values():
            line.lead_to(server.port)
        yield Room(browser, server, clinic.visit.id, lines)
        for context in browser.contexts:
            context.close()


@pytest.fixture
def mara(room: Room) -> Iterator[Visitor]:
    """Mara in the room, connected."""
    visitor = room.let_in(MARA)
    visitor.see_connection("live")
    yield visitor
    visitor.page.context.close()


@pytest.fixture
def ada(room: Room) -> Iterator[Visitor]:
    """Ada in the room, connected."""
    visitor = room.let_in(ADA)
    visitor.see_connection("live")
    yield visitor
    visitor.page.context.close()


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()
