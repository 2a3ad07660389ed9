"""Starts messages workers and kills each at a random moment, until every message is settled; prints how many died.

A process of its own, with everything loaded before it forks, so that the moments fall inside the work.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import timedelta

import psycopg

from infra.logs import configure_logging
from infra.settings import load_settings
from workers import dispatch
from workers.jobs import make_dispatcher

#: As in life, but shorter: a call ends well before its lease.
LEASE, dispatch.LONGEST_CALL = timedelta(seconds=2), timedelta(seconds=0.5)
WORKERS = 400
LUCK = random.Random(7)


def work() -> None:
    replace(make_dispatcher(load_settings()), lease=LEASE).drain(seconds=5)


def main(url: str) -> None:
    killed = 0
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(WORKERS):
            child = os.fork()
            if child == 0:
                work()
                os._exit(0)
            time.sleep(LUCK.uniform(0.1, 0.6))
            if os.waitpid(child, os.WNOHANG) == (0, 0):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                killed += 1
            if not connection.execute("select 1 from outbox where state in ('queued', 'sending')").fetchall():
                sys.stdout.write(str(killed))
                return
    raise SystemExit("not settled")


configure_logging()
main(sys.argv[1])
