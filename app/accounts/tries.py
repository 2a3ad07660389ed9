"""Counters against guessing. They live in PostgreSQL, so they hold when Redis is gone and across processes.

An account is counted per place that asks, so that a stranger's guesses do not keep its owner out elsewhere; a wider
count over all places stops a guesser with many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import current_app

from app.accounts.gate import ask_signing_in, function
from app.accounts.secrets import keyed_hash
from infra.logs import get_logger

log = get_logger()

COUNT = function("count_attempt", "kind", "key", "window", "limit")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind within a window."""

    kind: str
    times: int
    window: timedelta


PASSWORD_HERE = Limit("password_here", 10, timedelta(minutes=5))
PASSWORD = Limit("password", 100, timedelta(minutes=5))
CODE = Limit("code", 10, timedelta(minutes=5))
CODE_LONG = Limit("code_long", 40, timedelta(hours=6))
VISITOR = Limit("visitor", 50, timedelta(minutes=5))
LINK = Limit("link", 5, timedelta(minutes=10))
RESET = Limit("password_reset", 5, timedelta(hours=1))
LINK_CODE = Limit("link_code", 5, timedelta(minutes=10))
CONFIRM_SEND = Limit("confirm_send", 5, timedelta(minutes=10))
CONFIRM_CODE = Limit("confirm_code", 5, timedelta(minutes=10))


class TooManyTries(Exception):
    """Nothing was tried. `minutes` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.minutes = ceil(seconds / 60)


def spend(limit: Limit, *key: object) -> None:
    """Use up one try. Raises TooManyTries when there is none left."""
    seconds = ask_signing_in(
        COUNT,
        kind=limit.kind,
        key=keyed_hash(current_app.config["SECRET_KEY"], "attempt", limit.kind, *key),
        window=limit.window,
        limit=limit.times,
    )[0][0]
    if seconds:
        log.warning("too_many_tries", kind=limit.kind, seconds=seconds)
        raise TooManyTries(seconds)
