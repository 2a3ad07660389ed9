"""The real pip-audit asks a small database of ours: nothing, something, and every way of getting no answer."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from click.testing import CliRunner
from redis import Redis

from app.cli import cli
from infra import packages
from infra.clock import now
from infra.packages import KEY, Look, Weakness, keep, look, say
from tests.support.osv import running_osv

LOCK = """\
flask==3.1.2 \\
    --hash=sha256:1111111111111111111111111111111111111111111111111111111111111111
jinja2==3.1.6 \\
    --hash=sha256:2222222222222222222222222222222222222222222222222222222222222222
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:3333333333333333333333333333333333333333333333333333333333333333
"""


@pytest.fixture
def osv():
    with running_osv() as database:
        yield database


@pytest.fixture
def lock(tmp_path, monkeypatch):
    path = tmp_path / "base.lock"
    path.write_text(LOCK)
    monkeypatch.setattr(packages, "_LOCKS", (path,))
    return path


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Run `webelong packages`; its exit status and what it said."""
    monkeypatch.setenv("WEBELONG_DIR", str(tmp_path / "none"))

    def run(url, *more):
        result = CliRunner().invoke(cli, ["packages", "--url", url, *more])
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    return run


def test_nothing_known_is_0(osv, lock, command):
    code, words = command(osv.url)
    assert (code, words) == (0, "None of 2 packages has a known weakness.\n")
    assert osv.asked[0] == ("jinja2", "2.4.1")
    assert {("flask", "3.1.2"), ("jinja2", "3.1.6")} <= set(osv.asked)


def test_a_known_weakness_is_1_and_a_table(osv, lock, command):
    osv.known["flask"] = {"3.1.2"}
    code, words = command(osv.url)
    assert code == 1
    for word in ("flask", "3.1.2", "TEST-flask", "99.1"):
        assert word in words


@pytest.mark.parametrize("mode", ["empty", "page", "error"])
def test_a_database_that_is_none_is_2_and_never_good_news(osv, lock, command, mode):
    osv.mode = mode
    code, words = command(osv.url)
    assert code == 2
    assert words.startswith("Could not look for known weaknesses: the database ")
    assert words.count("\n") == 1


def test_a_database_out_of_reach_is_2(lock, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    code, words = command(f"http://127.0.0.1:{port}/v1/query")
    assert code == 2
    assert "cannot be reached from here" in words


def test_a_database_that_never_answers_is_given_up(osv, lock):
    osv.mode = "slow"
    assert look(osv.url, seconds=0.5).problem == "the database took too long"


def test_without_a_lock_file_nothing_is_claimed(osv, tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_LOCKS", (tmp_path / "none",))
    assert look(osv.url).problem == "there is no lock file to ask about"


def test_our_own_lock_file_can_be_asked_about(osv):
    found = look(osv.url)
    assert found.problem == ""
    assert found.packages > 80


# --- what is remembered ----------------------------------------------------------------------------------


@pytest.fixture
def redis(stack):
    with Redis.from_url(stack.settings().secret("redis_url")) as client:
        client.delete(KEY)
        yield client
        client.delete(KEY)


WEAK = Weakness("flask", "3.1.2", "TEST-1", "99.1")


def test_the_doctor_says_how_we_stand(redis):
    moment = now()
    assert say(redis, moment)[0] is False
    assert "Nobody has looked yet" in say(redis, moment)[1]
    keep(redis, Look(moment, 112))
    assert say(redis, moment) == (True, "None of 112 packages has a known weakness.")
    # A look without an answer leaves the last answer, until that is too old.
    later = moment + timedelta(days=1)
    keep(redis, Look(later, problem="the database cannot be reached from here"))
    assert say(redis, later)[0] is True
    much_later = moment + timedelta(days=3)
    fine, words = say(redis, much_later)
    assert not fine
    assert "could not look for known weaknesses for 3 days: the database cannot be reached" in words
    keep(redis, Look(much_later, 112, (WEAK,)))
    fine, words = say(redis, much_later)
    assert not fine
    assert "flask" in words
    assert "within 14 days" in words


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"null"])
def test_ignores_junk_in_the_cache(redis, junk):
    redis.set(KEY, junk)
    assert "Nobody has looked yet" in say(redis, now())[1]


def test_without_redis_it_is_not_known():
    away = Redis.from_url("redis://127.0.0.1:1/0")
    keep(away, Look(now(), 1))
    fine, words = say(away, now())
    assert not fine
    assert "Redis is away" in words


def test_a_noted_look_is_what_the_doctor_reads(osv, lock, command, stack, redis, monkeypatch):
    for name, value in stack.settings().model_dump().items():
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if isinstance(plain, str):
            monkeypatch.setenv(name.upper(), plain)
    assert command(osv.url, "--note")[0] == 0
    assert say(redis, now()) == (True, "None of 2 packages has a known weakness.")
