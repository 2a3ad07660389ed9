"""Runs one worker: `python -m workers messages|documents|rollup|schedule [--burst]`.

`python -m workers sweep` empties quarantine of what nobody waits for, and ends; the schedule starts it once a day.
"""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import SQLAlchemyError

from infra.database import make_engine
from infra.logs import configure_logging, get_logger
from infra.queue import Bell
from infra.settings import Settings, SettingsError, load_settings
from infra.storage import StorageError
from workers.chores import Chores, chores_of
from workers.documents import make_worker
from workers.jobs import make_notify
from workers.replies import ReplyReader
from workers.schedule import Schedule, stop_on_signals
from workers.worker import run_worker

log = get_logger()

#: The settings that each process cannot do without.
LOGINS = {
    "messages": "database_dispatch_url",
    "documents": "database_documents_url",
    "rollup": "database_rollup_url",
    "schedule": "database_documents_url",
    "sweep": "database_documents_url",
}


def main() -> int:
    """Run until told to stop; 2 when a setting is missing or wrong."""
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    parser.add_argument("name", choices=sorted(LOGINS), metavar="messages|documents|rollup|schedule|sweep")
    parser.add_argument("--burst", action="store_true", help="do what there is to do now, then end")
    options = parser.parse_args()
    configure_logging()
    try:
        settings = load_settings()
        login = settings.secret(LOGINS[options.name])
    except SettingsError as error:
        parser.error(str(error))
    if options.name == "schedule":
        return _run_schedule(settings, login, burst=options.burst)
    if options.name == "sweep":
        return _sweep(settings)
    return run_worker(Bell(options.name), settings.secret("redis_url"), burst=options.burst)


def _sweep(settings: Settings) -> int:
    worker = make_worker(settings)
    try:
        log.info("quarantine_swept", count=worker.sweep())
    except (StorageError, SQLAlchemyError) as error:
        log.error("quarantine_not_swept", exc_info=error)
        return 1
    finally:
        worker.engine.dispose()
        worker.storage.close()
    return 0


def _run_schedule(settings: Settings, login: str, *, burst: bool) -> int:
    engine, web = make_engine(login), make_engine(settings.secret("database_url"))
    replies = ReplyReader(
        engine,
        web,
        make_notify(settings),
        settings.secret("secret_key"),
        settings.base_url,
        is_told=bool(settings.callback_tokens),
    )
    redis_url = settings.secret("redis_url")
    chores = Chores(redis_url, chores_of(settings))
    schedule = Schedule(engine, redis_url, replies, chores)
    stop = stop_on_signals()
    try:
        if burst:
            schedule.round()
        else:
            schedule.run(stop)
    finally:
        chores.stop()
        engine.dispose()
        web.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
