"""Chores run once a day, beside the schedule's work, whatever they do."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import create_engine

from infra.clock import now
from tests.support.stack import TestStack
from workers.chores import LONGEST, Chore, Chores, chores_of
from workers.replies import ReplyReader
from workers.schedule import Schedule


@pytest.fixture
def redis_url(stack: TestStack) -> str:
    url = stack.settings().secret("redis_url")
    with Redis.from_url(url) as client:
        client.delete("webelong:chore:x")
    return url


def python(words: str, *done: int) -> Chore:
    return Chore((sys.executable, "-c", words), done or (0,))


@pytest.fixture
def make(redis_url):
    made = []

    def chores(chore: Chore, url: str = redis_url) -> Chores:
        made.append(Chores(url, {"x": chore}))
        return made[-1]

    yield chores
    for one in made:
        one.stop()


def ended(chores: Chores, moment) -> None:
    """Wait for what runs, then let the chores see it."""
    for process, _since in list(chores.running.values()):
        process.wait(30)
    chores.look(moment)


def test_a_chore_runs_once_a_day_and_in_one_schedule_of_two(make):
    moment = now()
    one, other = make(python("")), make(python(""))
    one.look(moment)
    other.look(moment)
    assert list(one.running) == ["x"]
    assert other.running == {}
    ended(one, moment)
    assert one.running == {}
    one.look(moment + timedelta(hours=23))
    assert one.running == {}


def test_a_chore_that_did_not_get_done_is_tried_again_in_an_hour(make):
    moment = now()
    chores = make(python("raise SystemExit(2)", 0, 1))
    chores.look(moment)
    ended(chores, moment)
    chores.look(moment + timedelta(minutes=59))
    assert chores.running == {}
    chores.look(moment + timedelta(minutes=61))
    assert list(chores.running) == ["x"]


def test_a_chore_that_found_something_is_done(make):
    moment = now()
    chores = make(python("raise SystemExit(1)", 0, 1))
    chores.look(moment)
    ended(chores, moment)
    chores.look(moment + timedelta(hours=2))
    assert chores.running == {}


def test_a_chore_that_hangs_holds_nothing_up_and_is_ended(make):
    moment = now()
    chores = make(python("import time; time.sleep(600)"))
    chores.look(moment)
    ((process, _since),) = chores.running.values()
    chores.look(moment + timedelta(minutes=5))
    assert process.poll() is None
    chores.look(moment + LONGEST)
    assert process.poll() is not None
    assert chores.running == {}


def test_stopping_the_schedule_ends_its_chores(make):
    chores = make(python("import time; time.sleep(600)"))
    chores.look(now())
    ((process, _since),) = chores.running.values()
    chores.stop()
    assert process.poll() is not None


def test_without_redis_a_schedule_remembers_its_own(make):
    moment = now()
    chores = make(python(""), "redis://127.0.0.1:1/0")
    chores.look(moment)
    assert list(chores.running) == ["x"]
    ended(chores, moment)
    chores.look(moment + timedelta(hours=1))
    assert chores.running == {}


def test_a_command_that_is_not_there_stops_nothing(make):
    chores = make(Chore(("/nowhere/at/all",)))
    chores.look(now())
    assert chores.running == {}


def test_the_schedule_looks_at_its_chores_also_while_postgresql_is_away(redis_url):
    stop, seen = threading.Event(), []

    class Seen(Chores):
        def look(self, moment):
            seen.append(moment)
            stop.set()

    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    Schedule(engine, redis_url, None, Seen(redis_url, {})).run(stop)
    engine.dispose()
    assert len(seen) == 1


def test_only_production_asks_a_public_database(stack):
    settings = stack.settings()
    assert set(chores_of(settings)) == {"sweep"}
    object.__setattr__(settings, "webelong_mode", "production")
    settings.__dict__.pop("is_production", None)
    assert set(chores_of(settings)) == {"sweep", "packages"}


def test_whatever_one_task_raises_the_schedule_goes_on(redis_url):
    """A reply that nobody foresaw ends nothing: concerns are looked after, chores and bells are looked at."""
    stop, seen = threading.Event(), []

    class Broken:
        def read(self):
            seen.append("replies")
            raise UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "half a pair")

    class Seen(Chores):
        def look(self, moment):
            seen.append("chores")
            if seen.count("chores") == 2:
                stop.set()
            raise RuntimeError("nobody foresaw this")

    class Watched(Schedule):
        def look_after_concerns(self):
            seen.append("concerns")
            raise ValueError("nor this")

        def ring_all(self):
            vars(stop)["wait"] = lambda _seconds: False
            seen.append("bells")
            raise OSError

    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    Watched(engine, redis_url, cast(ReplyReader, Broken()), Seen(redis_url, {})).run(stop)
    engine.dispose()
    assert seen == ["concerns", "bells", "chores", "replies", "bells", "chores"]
