"""Where a run takes place: twenty visits of three, the servers, and who can look at the record."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import NullPool, create_engine, select, text

from app import create_app
from app.accounts.actions import NewPerson, add_person
from app.care.actions import begin_care, join_circle
from app.kernel import clock
from app.kernel.actor import OPERATOR, Role
from app.kernel.db import db, transaction
from app.kernel.vault import vault
from app.room.ledger import events
from app.room.seats import MEMBERS
from app.scheduling.actions import plan_visit
from app.scheduling.models import Visit, VisitKind
from bench.people import Person as Account
from config import Config
from tests.conftest import KEY_RING, SECRET_KEY
from tests.databases import migrate
from tests.faults.history import Event, canonical
from tests.faults.people import ORIGIN, Member
from tests.servers import LiveServer, Postgres, RedisServer, postgres

ROLES = (Role.PATIENT, Role.THERAPIST, Role.PRESCRIBER)
_PASSWORD = "by-the-fireside"


@dataclass
class Stage:
    """The servers of one run."""

    name: str
    url: str
    folder: Path
    members: list[Member] = field(default_factory=list)
    servers: list[LiveServer] = field(default_factory=list)
    redis: RedisServer | None = None
    database: Postgres | None = None

    def __post_init__(self) -> None:
        # Not the application's pool: an observer asks by a connection of its own.
        self._engine = create_engine(self.url, poolclass=NullPool)

    def heads(self) -> dict[str, dict[str, int]]:
        """How far each channel of each visit goes, by the database."""
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            rows = connection.execute(
                text("SELECT visit_id, channel, last_seq FROM visit_channels")
            )
            for visit, channel, seq in rows:
                found.setdefault(visit, {})[channel] = seq
        return found

    def place_of(self, key: str) -> list[int]:
        """The numbers of the rows with this key, by the database."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                text("SELECT seq FROM visit_events WHERE key = :key"), {"key": key}
            )
            return [row.seq for row in rows]

    def record(self) -> list[Event]:
        """The whole record, opened."""
        with self._engine.connect() as connection:
            visits = connection.execute(select(Visit.id, Visit.patient_id))
            patients = {visit.id: visit.patient_id for visit in visits}
            rows = connection.execute(select(events)).all()
        try:
            return [_opened(patients[row.visit_id], row) for row in rows]
        finally:
            db.done()


def _opened(patient: str, row) -> Event:
    place = f"visit_events:body:{row.visit_id}:{row.channel}:{row.seq}"
    body = canonical(vault.unseal(patient, place, row.body))
    return Event(row.visit_id, row.channel, row.seq, row.key, row.kind, row.actor_id, body)


@contextmanager
def embedded(folder: Path, visits: int) -> Iterator[Stage]:
    """One process on SQLite."""
    stage = Stage("sqlite", f"sqlite:///{folder / 'hearthside.sqlite3'}", folder)
    with _serving(stage, visits, processes=1):
        yield stage


@contextmanager
def grown(folder: Path, visits: int) -> Iterator[Stage]:
    """Two processes on a PostgreSQL and a Redis of their own."""
    with postgres(durable=True) as database, RedisServer(folder) as redis:
        stage = Stage("postgresql", database.url, folder, redis=redis, database=database)
        with _serving(stage, visits, processes=2):
            yield stage


VARIANTS = {"sqlite": embedded, "postgresql": grown}


@contextmanager
def _serving(stage: Stage, visits: int, *, processes: int) -> Iterator[None]:
    migrate(stage.url)
    create_app(_config(stage))
    settings = {"KEY_RING": KEY_RING, "SECRET_KEY": SECRET_KEY, "ORIGINS": ORIGIN}
    if stage.redis:
        settings["REDIS_URL"] = stage.redis.url
    try:
        # People first: a server would fill an empty database with the demonstration's.
        stage.members = people_of(visits)
        with ExitStack() as stack:
            for number in range(processes):
                folder = stage.folder / f"process-{number}"
                folder.mkdir()
                server = LiveServer(folder, database_url=stage.url, **settings)
                stage.servers.append(stack.enter_context(server))
            yield
    finally:
        db.disconnect()


def _config(stage: Stage) -> Config:
    """The settings of the application in this process, which makes the people and reads."""
    return Config(
        production=False,
        host="127.0.0.1",
        port=5000,
        database_url=stage.url,
        redis_url=None,
        instance_path=stage.folder,
        secret_key=SECRET_KEY,
        key_ring=KEY_RING,
        origins=(ORIGIN,),
    )


def people_of(visits: int) -> list[Member]:
    """Make this many visits, open now, each with a patient, a therapist and a prescriber.

    Everybody is in one visit only, so that whatever they hear of another one is a leak.
    """
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(_PASSWORD)
    with transaction():
        members = [member for number in range(visits) for member in _visit(number, hashed)]
    db.done()
    return members


def _visit(number: int, hashed: str) -> list[Member]:
    people = {
        role: add_person(NewPerson(_email(role, number), role.value, role, hashed), by=OPERATOR)
        for role in ROLES
    }
    patient = begin_care(people[Role.PATIENT], by=OPERATOR)
    for role in (Role.THERAPIST, Role.PRESCRIBER):
        join_circle(patient, member=people[role], by=OPERATOR)
    visit = plan_visit(
        patient,
        kind=VisitKind.DOSING,
        starts_at=clock.now() - timedelta(minutes=5),
        minutes=180,
        by=people[Role.THERAPIST].as_actor(),
    )
    accounts = [Account(visit.id, _email(role, number), _PASSWORD) for role in ROLES]
    return [Member(*each) for each in zip(accounts, map(_hears, ROLES), strict=True)]


def _email(role: Role, number: int) -> str:
    return f"{role.value}-{number}@faults.hearthside.example"


def _hears(role: Role) -> tuple[str, ...]:
    return tuple(channel for channel, members in MEMBERS.items() if role in members)
