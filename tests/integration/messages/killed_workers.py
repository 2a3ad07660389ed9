"""Starts messages workers and kills each at a random moment, until every message is settled; prints how many died.

A process of its own, with everything loaded before it forks, so that the moments fall inside the work.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import psycopg

from infra.logs import configure_logging
from infra.settings import load_settings
from workers.jobs import make_dispatcher

MOST = 400
LUCK = random.Random(7)
#: After so many deaths the leases run out, as if two minutes had gone by; until then nobody may take a message over.
PATIENCE = 5


def work() -> None:
    make_dispatcher(load_settings()).drain(seconds=5)


def main(url: str) -> None:
    killed = 0
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(MOST):
            child = os.fork()
            if child == 0:
                work()
                os._exit(0)
            # Ever more time, so that the slowest machine comes to an end.
            time.sleep(LUCK.uniform(0.05, 0.4) * (1 + number / 20))
            if os.waitpid(child, os.WNOHANG) == (0, 0):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                killed += 1
            if not connection.execute("select 1 from outbox where state in ('queued', 'sending')").fetchall():
                sys.stdout.write(str(killed))
                return
            if number % PATIENCE == 0:
                # What the dead had under way arrives, or does not.
                time.sleep(1.5)
                connection.execute(
                    "update outbox set lease_until = now() - interval '1 s' where state = 'sending'"
                )
    raise SystemExit("not settled")


configure_logging()
main(sys.argv[1])
