"""Runs one worker: `python -m workers messages|documents|rollup|schedule [--burst]`."""

from __future__ import annotations

import argparse
import sys

from infra.database import make_engine
from infra.logs import configure_logging
from infra.queue import Bell
from infra.settings import Settings, SettingsError, load_settings
from workers.jobs import make_notify
from workers.replies import ReplyReader
from workers.schedule import Schedule, stop_on_signals
from workers.worker import run_worker

#: The settings that each process cannot do without.
LOGINS = {
    "messages": "database_dispatch_url",
    "documents": "database_documents_url",
    "rollup": "database_rollup_url",
    "schedule": "database_documents_url",
}


def main() -> int:
    """Run until told to stop; 2 when a setting is missing or wrong."""
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    parser.add_argument("name", choices=sorted(LOGINS), metavar="messages|documents|rollup|schedule")
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
    return run_worker(Bell(options.name), settings.secret("redis_url"), burst=options.burst)


def _run_schedule(settings: Settings, login: str, *, burst: bool) -> int:
    engine, web = make_engine(login), make_engine(settings.secret("database_url"))
    replies = ReplyReader(engine, web, make_notify(settings))
    schedule = Schedule(engine, settings.secret("redis_url"), replies)
    stop = stop_on_signals()
    try:
        if burst:
            schedule.round()
        else:
            schedule.run(stop)
    finally:
        engine.dispose()
        web.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
