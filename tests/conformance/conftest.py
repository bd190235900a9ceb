"""Ada's visit on a real server, with Mara, Theo and Ada in it."""

import pytest

from tests.cast import ADA, MARA, NOOR, THEO, Clinic


class LiveRoom:
    """People at a real server, and their sockets in Ada's room."""

    def __init__(self, clinic: Clinic, arrive) -> None:
        self.clinic = clinic
        self.visit = clinic.visit.id
        self.people = {f: arrive(f) for f in (MARA, THEO, ADA, NOOR)}
        self.sockets = {f: p.socket() for f, p in self.people.items()}
        self.entrances = {f: self.sockets[f].enter(self.visit) for f in (MARA, THEO, ADA)}

    def participant(self, figure) -> str:
        return self.entrances[figure]["me"]["participant"]

    def head(self, channel="room") -> int:
        """Where a channel stands, by what the server says."""
        return self.sockets[MARA].send("beat", {"visit": self.visit, "visible": True})["heads"][
            channel
        ]


@pytest.fixture
def live_room(clinic, arrive) -> LiveRoom:
    return LiveRoom(clinic, arrive)
