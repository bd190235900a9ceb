"""One Chromium for a whole run of browser tests; each test opens contexts of its own in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.cast import ADA, MARA, Clinic
from tests.e2e.people import Visitor
from tests.e2e.rooms import Room
from tests.servers import LiveServer, chromium_launch_args


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
