"""`python serve.py`: migrate, load the demonstration clinic into an empty database, and serve."""

# The patch comes before anything else is imported: what was imported earlier would block the hub.
from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402

from app import create_app  # noqa: E402
from app.accounts.queries import demonstration_exists, everybody  # noqa: E402
from app.cli import demonstration  # noqa: E402
from app.factory import background, census  # noqa: E402
from app.kernel import schema  # noqa: E402
from app.kernel.db import db, transaction  # noqa: E402
from app.room.commits import commits  # noqa: E402
from app.web import farewell, pages  # noqa: E402
from app.web.bus import bus  # noqa: E402
from app.web.server import Server  # noqa: E402
from config import Config, ConfigError  # noqa: E402

#: The longest that a stopping process waits for each of its last duties.
DRAIN_SECONDS = 3.0


def main() -> None:
    """Serve until told to stop. Exits with one line when the settings forbid to start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        config = Config.from_environment()
        app = create_app(config)
        schema.upgrade()
        _welcome_the_first(config)
        pages.compile_templates(app)
    except ConfigError as error:
        sys.exit(f"Hearthside does not start: {error}")
    answering = farewell.Answering()
    address = (config.host, config.port)
    answered = answering.around(app)
    server = Server(address, answered, log=None, behind_proxy=config.behind_proxy)
    for end in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(end, _drain, server, answering)
    gevent.signal_handler(signal.SIGUSR1, census.tell)
    background.start()
    _greet(config)
    # What is there by now stays: looking through it for garbage would hold up every message.
    gc.collect()
    gc.freeze()
    server.serve_forever()
    db.disconnect()


def _welcome_the_first(config: Config) -> None:
    """Load the demonstration clinic where there is nobody, never in production."""
    if not config.production and not everybody():
        with transaction():
            demonstration.load_clinic()
    db.done()


def _drain(server: Server, answering: farewell.Answering) -> None:
    """Take nobody new, send everybody where they are served, finish what was begun, end."""
    # Not close(): that would end serve_forever, and the process with it, before the rest is done.
    server.stop_accepting()
    # A proxy is to be refused at once, and to ask the next process: not to wait in line here.
    server.socket.close()
    farewell.send_away(spread=bus.has_others)
    answering.finish(within=DRAIN_SECONDS)
    commits.finish(within=DRAIN_SECONDS)
    server.stop()


def _greet(config: Config) -> None:
    lines = [f"Hearthside is at http://{config.host}:{config.port}"]
    if not config.production and demonstration_exists():
        lines.append(f"Demonstration sign-ins (password {demonstration.PASSWORD}):")
        lines += [f"  {f.role.value:<11} {f.email}" for f in demonstration.FIGURES]
    db.done()
    print("\n".join(lines), flush=True)  # noqa: T201  (the operator's terminal)


if __name__ == "__main__":
    main()
