"""What the tests of notes ask for: addresses, and notes that are written or signed already."""

from collections.abc import Callable

import pytest

from tests.browser import Browser, Page
from tests.cast import MARA, Clinic


@pytest.fixture
def notes(clinic: Clinic) -> str:
    """The address of the shared note of Ada's visit."""
    return f"/visits/{clinic.visit.id}/notes"


@pytest.fixture
def private(notes: str) -> str:
    """The address of one's own psychotherapy note of Ada's visit."""
    return f"{notes}/private"


@pytest.fixture
def mara(
    clinic: Clinic,  # noqa: ARG001  (people before the browser)
    browser: Callable[..., Browser],
) -> Browser:
    """Mara, signed in."""
    return browser(MARA)


def write(who: Browser, address: str, text: str) -> Page:
    """Write a note by the page's form."""
    return who.submit(address, to=address, text=text)


def sign(who: Browser, address: str) -> Page:
    """Sign a written note: read it, then press the button."""
    return who.submit(f"{address}/sign")


def autosave(who: Browser, address: str, text: object, base_version: object = 0) -> Page:
    """Save as the page's script does."""
    return who.post_json(address, {"text": text, "base_version": base_version})
