"""Counters at the doors: a short window and a long one, per address and per visitor, by the database's clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from flask import session

from app.accounts import links, throttle
from app.accounts.throttle import DAY, Limit, TooManyTries, spend
from tests.support.reading import value_of

LIMITS = [found for found in vars(throttle).values() if isinstance(found, Limit)]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.kind)
def test_every_counter_has_a_short_and_a_long_window(limit):
    windows = [window for window, _times in limit.windows]

    assert max(windows) >= DAY
    assert len(windows) > 1 or limit.times <= 10
    assert limit.windows[-1][1] <= 10 * limit.times


def spent(limit: Limit, *key: object) -> int:
    """How many tries there are now."""
    for number in range(10_000):
        try:
            spend(limit, *key)
        except TooManyTries:
            return number
    raise AssertionError("there is no end to it")


def test_patience_does_not_help(app, clock):
    limit = Limit("patience", 5, timedelta(minutes=10), 12)
    with app.test_request_context():
        found = []
        for _hour in range(24):
            found.append(spent(limit, "somebody"))
            clock.move(timedelta(minutes=59))

        assert found == [5, 5, 2] + [0] * 21
        clock.move(timedelta(hours=1))
        assert spent(limit, "somebody") == 5
        assert spent(limit, "somebody else") == 5


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "Wait a minute, then try again."),
        (600, "Wait 10 minutes, then try again."),
        (3601, "Wait 2 hours, then try again."),
        (12 * 3600, "Wait 12 hours, then try again."),
        (24 * 3600, "Try again tomorrow, at this time of day."),
    ],
)
def test_a_wait_is_told_as_people_say_it(app, seconds, said):
    with app.test_request_context():
        assert TooManyTries(seconds).words == f"Too many tries. {said}"


def test_what_is_refused_is_not_counted_and_the_wait_is_true(app, clock):
    limit = Limit("wait", 2, timedelta(minutes=10), 4)
    with app.test_request_context():
        assert spent(limit, 1) == 2
        for _ in range(5):
            with pytest.raises(TooManyTries) as refused:
                spend(limit, 1)
        assert refused.value.minutes == 10
        clock.move(timedelta(minutes=10))
        assert spent(limit, 1) == 2
        with pytest.raises(TooManyTries) as refused:
            spend(limit, 1)
        assert refused.value.minutes == 23 * 60 + 50, "the day's window, not the short one"


def test_a_phone_is_sent_a_few_link_texts_a_day(client_for, clock, world):
    """From many browsers, with patience: 720 were possible."""
    phone, sent = "07700 900777", 0
    for _round in range(40):
        page = client_for(None).post("/new-link", data={"address": phone})
        sent += page.status_code == 303
        clock.move(timedelta(minutes=11))

    assert sent == throttle.LINK_TEXT_HERE.windows[-1][1] <= 6


def test_whoever_presses_for_somebody_else_keeps_them_out_nowhere(client_for, clock):
    """Six presses by a stranger were a day without a link; yet from however many places, a phone rings few times."""
    phone, sent = "07700 900778", 0

    def press(visitor):
        answer = client_for(None).post(
            "/new-link", data={"address": phone}, environ_overrides={"REMOTE_ADDR": visitor}
        )
        clock.move(timedelta(minutes=11))
        return answer.status_code == 303

    while press("203.0.113.7"):
        sent += 1
        assert sent < 50
    assert press("203.0.113.8")

    for number in range(40):
        sent += press(f"198.51.100.{number}")
    assert sent < throttle.LINK_TEXT.windows[-1][1] <= 15


def test_one_visitor_does_not_write_to_a_whole_school(client_for, clock):
    sent = 0
    for number in range(throttle.LINK_VISITOR.times + 5):
        sent += (
            client_for(None).post("/new-link", data={"address": f"p{number}@a.example.org"}).status_code
            == 303
        )

    assert sent == throttle.LINK_VISITOR.times


def test_digits_that_carry_a_link_over_are_not_guessed_for_a_day(app, clock):
    """Neither in one browser with patience nor in one after another."""
    guesses, began = 0, clock.now
    with app.test_request_context():
        for number in range(150):
            session["browser"] = f"browser {number // 12}"
            try:
                links.use_code("000000", "203.0.113.9")
                guesses += 1
            except TooManyTries:
                clock.move(timedelta(minutes=3))
            if clock.now - began > timedelta(hours=23):
                break

    assert 0 < guesses <= throttle.LINK_CODE_VISITOR.windows[-1][1]


def test_of_many_at_once_no_more_than_the_limit_are_let_through(stack, world):
    values = ["race", b"race", [timedelta(minutes=5), DAY], [5, 20]]

    def one(_number):
        with psycopg.connect(stack.url("wb_signin"), autocommit=True) as connection:
            return value_of(connection, "select identity.count_tries(%s, %s, %s, %s)", values)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(20)))
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        connection.execute("delete from identity.attempt where kind = 'race'")

    assert answers.count(0) == 5
