"""The supervisor's rules, on parts that die when told to."""

from pathlib import Path

import pytest

from demo.embedded.errors import StartError
from demo.embedded.supervisor import MOST_RESTARTS, WINDOW_SECONDS, Supervisor


class FakePart:
    name = "The part"
    log = Path("/nonexistent/part.log")

    def __init__(self):
        self.running = True
        self.starts = 0
        self.refuses = False

    def start(self):
        self.starts += 1
        if self.refuses:
            raise StartError("no room")
        self.running = True


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr("demo.embedded.supervisor.time.monotonic", lambda: Clock.now)
    return Clock


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    return Supervisor(tmp_path, say=said.append)


def test_living_part_is_left_alone(supervisor, said):
    part = FakePart()
    supervisor.watch(part)
    supervisor.tend()
    assert (part.starts, said) == (0, [])


def test_dead_part_is_started_again_at_once_and_said_so(supervisor, clock, said):
    part = FakePart()
    supervisor.watch(part)
    part.running = False
    supervisor.tend()
    assert part.running
    assert said == ["The part stopped by itself; starting it again."]


def test_pauses_grow_with_every_death(supervisor, clock):
    part = FakePart()
    supervisor.watch(part)
    for pause in (0, 0.5, 1, 2):
        part.running = False
        before = part.starts
        supervisor.tend()
        if pause:
            assert part.starts == before
            clock.now += pause - 0.01
            supervisor.tend()
            assert part.starts == before
            clock.now += 0.01
            supervisor.tend()
        assert part.starts == before + 1


def die_often(supervisor, part, clock, times, every=10.0):
    for _ in range(times):
        part.running = False
        supervisor.tend()
        clock.now += every
        supervisor.tend()


def test_essential_part_that_keeps_dying_ends_the_run(supervisor, clock):
    part = FakePart()
    supervisor.watch(part)
    die_often(supervisor, part, clock, MOST_RESTARTS)
    part.running = False
    with pytest.raises(StartError, match="The part stopped 6 times within a minute"):
        supervisor.tend()


def test_other_part_that_keeps_dying_is_given_up_once(supervisor, clock, said):
    part = FakePart()
    supervisor.watch(part, essential=False)
    die_often(supervisor, part, clock, MOST_RESTARTS + 3)
    assert part.starts == MOST_RESTARTS
    assert sum("not started again" in sentence for sentence in said) == 1


def test_deaths_long_ago_are_forgiven(supervisor, clock):
    part = FakePart()
    supervisor.watch(part)
    die_often(supervisor, part, clock, MOST_RESTARTS * 2, every=WINDOW_SECONDS)
    assert part.starts == MOST_RESTARTS * 2


def test_part_that_does_not_start_again_counts_as_dead_again(supervisor, clock, said):
    part = FakePart()
    supervisor.watch(part, essential=False)
    part.running, part.refuses = False, True
    for _ in range(MOST_RESTARTS + 1):
        supervisor.tend()
        clock.now += 9
        supervisor.tend()
    assert "The part did not start again: no room" in said
    assert "not started again" in said[-1]
