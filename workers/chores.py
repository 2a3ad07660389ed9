"""Chores of the house, once a day, each in a process of its own: a slow one holds nothing up.

Which have been started stands in Redis, so that of several schedules one starts each. Without Redis a schedule
remembers its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from infra.logs import get_logger
from infra.redis_client import impatient
from infra.settings import Settings

log = get_logger()

EVERY = timedelta(days=1)
#: A chore that did not get done is tried again after this.
AGAIN = timedelta(hours=1)
#: Longer than this and a chore is ended.
LONGEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Chore:
    """A command, and the exit codes with which it has done its work, whatever it found."""

    command: tuple[str, ...]
    done: tuple[int, ...] = (0,)


@dataclass(slots=True)
class Chores:
    """The chores of one schedule."""

    redis_url: str
    chores: Mapping[str, Chore]
    running: dict[str, tuple[subprocess.Popen[bytes], datetime]] = field(default_factory=dict)
    rests_until: dict[str, datetime] = field(default_factory=dict)

    def look(self, moment: datetime) -> None:
        """Start what is due, note what has ended, end what takes too long. Returns at once and never raises."""
        for name, chore in self.chores.items():
            if name in self.running:
                self._see(name, chore, moment)
            elif moment >= self.rests_until.get(name, moment) and self._is_ours(name):
                self._start(name, chore, moment)

    def stop(self) -> None:
        """End what runs."""
        for process, _since in self.running.values():
            process.terminate()
            process.wait()
        self.running.clear()

    def _start(self, name: str, chore: Chore, moment: datetime) -> None:
        self.rests_until[name] = moment + EVERY
        try:
            process = subprocess.Popen(chore.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        except OSError as error:
            log.error("chore_not_started", kind=name, exc_info=error)
            self._try_again(name, moment)
            return
        self.running[name] = (process, moment)

    def _see(self, name: str, chore: Chore, moment: datetime) -> None:
        process, since = self.running[name]
        status = process.poll()
        if status is None:
            if moment - since < LONGEST:
                return
            process.kill()
            status = process.wait()
        del self.running[name]
        log.info("chore_ended", kind=name, status=status, seconds=round((moment - since).total_seconds()))
        if status not in chore.done:
            self._try_again(name, moment)

    def _try_again(self, name: str, moment: datetime) -> None:
        self.rests_until[name] = moment + AGAIN
        try:
            with impatient(self.redis_url) as redis:
                redis.delete(_mark(name))
        except (RedisError, OSError):
            log.warning("chore_not_unmarked", kind=name)

    def _is_ours(self, name: str) -> bool:
        """Whether no other schedule has started it today. Without Redis each starts its own."""
        try:
            with impatient(self.redis_url) as redis:
                return bool(redis.set(_mark(name), b"1", nx=True, ex=int(EVERY.total_seconds()) - 60))
        except (RedisError, OSError):
            return True


def chores_of(settings: Settings) -> dict[str, Chore]:
    """What is to be done. A demo asks no public database what it is made of."""
    python = sys.executable
    chores = {"sweep": Chore((python, "-m", "workers", "sweep"))}
    if settings.is_production:
        # 1: there are weaknesses, and that was noted.
        chores["packages"] = Chore((python, "-m", "app.cli", "packages", "--note"), done=(0, 1))
    return chores


def _mark(name: str) -> str:
    return f"webelong:chore:{name}"
