"""The settings of an operator's terminal, on the test's own database."""

import os

import pytest

from tests.conftest import KEY_RING, SECRET_KEY


@pytest.fixture
def environ(database_url, tmp_path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DATABASE_URL": database_url,
        "INSTANCE_PATH": str(tmp_path / "terminal"),
        "KEY_RING": KEY_RING,
        "SECRET_KEY": SECRET_KEY,
    }
