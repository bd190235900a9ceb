"""One Chromium for a whole run of browser tests; each test opens contexts of its own in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.servers import chromium_launch_args


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, with a made-up camera and microphone."""
    arguments = chromium_launch_args()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**arguments)
        yield chromium
        chromium.close()
