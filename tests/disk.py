"""A disk so small that a test can fill it, and files that refuse to be written."""

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.kernel.db import db
from tests.conftest import KEY_RING, SECRET_KEY
from tests.databases import ON_POSTGRESQL
from tests.programs import lacking

#: Linux's calls for a file's flags, and the flag that lets not even root write (chattr +i).
_GET_FLAGS, _SET_FLAGS, _IMMUTABLE = 0x80086601, 0x40086602, 0x10


class SmallDisk:
    """A disk of some megabytes, mounted for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        told = os.statvfs(self.folder)
        return told.f_bavail * told.f_frsize

    def fill(self) -> None:
        """Take all the space there is."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    def empty(self) -> None:
        """Give the space back."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Yield a disk of this size at a new folder."""
    folder.mkdir()
    size = f"size={megabytes}m,mode=0777"
    try:
        _run("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError):
        lacking("a disk of its own (mounting needs root)")
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: a server that a failed test left behind may hold a file for a moment.
        _run("umount", "-l", str(folder))


@contextmanager
def unwritable(*files: Path) -> Iterator[None]:
    """Have these files refuse every write, by those who have them open already too."""
    _flag(files, on=True)
    try:
        yield
    finally:
        _flag(files, on=False)


def serve_from(folder: Path, *, serve, database_url: str):
    """Move a clinic's database to a place and serve it there; return the server and the file."""
    if ON_POSTGRESQL:
        pytest.skip("about a file of SQLite's")
    db.disconnect()
    file = folder / "room.sqlite3"
    shutil.copyfile(make_url(database_url).database, file)
    return serve(database_url=f"sqlite:///{file}", KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY), file


def _flag(files: tuple[Path, ...], *, on: bool) -> None:
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        try:
            (flags,) = struct.unpack("l", fcntl.ioctl(handle, _GET_FLAGS, bytes(8)))
            wanted = flags | _IMMUTABLE if on else flags & ~_IMMUTABLE
            fcntl.ioctl(handle, _SET_FLAGS, struct.pack("l", wanted))
        except OSError:
            lacking("a file system whose files can be made unwritable")
        finally:
            os.close(handle)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
