"""The Chromium of this machine, as Playwright starts it."""

import os
from pathlib import Path

from tests.programs import find_program, lacking

# Media come from a made-up device and are granted unasked; nothing calls home.
CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_launch_args() -> dict[str, object]:
    """Return what Playwright's `chromium.launch` takes to start the Chromium of this machine."""
    named = os.environ.get("CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = Path(named) if named else next(filter(None, map(find_program, names)), None)
    if found is None:
        lacking("Chromium")
    return {"executable_path": str(found), "args": list(CHROMIUM_SWITCHES), "headless": True}
