"""Counters against guessing. They live in PostgreSQL, so they hold when Redis is gone and across processes.

Whoever shares a network or a mailbox uses up what is counted there. So a browser that this very person came in by
before (`known_browsers.py`) has tries of its own, which nobody else can spend.

An account is counted per place that asks, so that a stranger's guesses do not keep its owner out elsewhere; a wider
count over all places stops a guesser with many. Each counter has a short window and a long one: patience does not help.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.identity import known_browsers
from app.identity.gate import ask_signing_in, function
from app.identity.secrets import keyed_hash
from app.shell.refusals import Refused
from infra.logs import get_logger

log = get_logger()

COUNT = function("count_tries", "kind", "key", "windows", "limits")

DAY = timedelta(days=1)
#: Up to here a wait is told in minutes, and up to there in hours; beyond, it is until tomorrow.
MINUTES_ARE_SAID, HOURS_ARE_SAID = 60, 12


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind within a window, and so many in a day; when not said, four times as many."""

    kind: str
    times: int
    window: timedelta
    in_a_day: int = 0

    @property
    def windows(self) -> list[tuple[timedelta, int]]:
        """The short window and the long one."""
        if self.window >= DAY:
            return [(self.window, self.times)]
        return [(self.window, self.times), (DAY, self.in_a_day or 4 * self.times)]


PASSWORD_HERE = Limit("password_here", 10, timedelta(minutes=5), 50)
PASSWORD = Limit("password", 100, timedelta(minutes=5), 500)
CODE = Limit("code", 10, timedelta(minutes=5), 60)
CODE_LONG = Limit("code_long", 40, timedelta(hours=6), 60)
#: Of one address on the network; a school's staff may share one.
VISITOR = Limit("visitor", 50, timedelta(minutes=5), 500)
#: Of one visitor to one address; beside each stands what the address gets in all, so that whoever presses for somebody
#: else keeps them out nowhere, and fills no mailbox.
LINK_HERE = Limit("link_here", 5, timedelta(minutes=10), 12)
LINK = Limit("link", 10, timedelta(minutes=10), 30)
#: Texts are read at once, cost money, and wake people.
LINK_TEXT_HERE = Limit("link_text_here", 5, timedelta(minutes=10), 6)
LINK_TEXT = Limit("link_text", 10, timedelta(minutes=10), 15)
LINK_VISITOR = Limit("link_visitor", 25, timedelta(minutes=10), 100)
#: Of one customer of a provider, who may have very many lines with IPv6.
LINK_CUSTOMER = Limit("link_customer", 100, timedelta(minutes=10), 400)
#: Of a browser that somebody with this address came in by before.
LINK_OWN = Limit("link_own", 5, timedelta(minutes=10), 10)
PASSWORD_OWN = Limit("password_own", 10, timedelta(minutes=5), 50)
RESET_OWN = Limit("password_reset_own", 3, timedelta(hours=1), 6)
RESET_HERE = Limit("password_reset_here", 5, timedelta(hours=1), 10)
RESET = Limit("password_reset", 10, timedelta(hours=1), 25)
#: Of one letter: whoever holds it has links sent to addresses that they type.
LETTER = Limit("letter", 5, timedelta(minutes=10), 12)
LINK_CODE = Limit("link_code", 5, timedelta(minutes=10), 15)
LINK_CODE_VISITOR = Limit("link_code_visitor", 25, timedelta(minutes=10), 60)
CONFIRM_SEND = Limit("confirm_send", 5, timedelta(minutes=10), 15)
CONFIRM_SEND_OWN = Limit("confirm_send_own", 3, timedelta(minutes=10), 8)
MOBILE_SEND = Limit("mobile_send", 3, timedelta(minutes=10), 8)
#: Digits that go to a number or address which is nobody's yet, whoever asks: it rings for somebody who did not.
CODE_THERE = Limit("code_there", 8, timedelta(minutes=30), 15)
MOBILE_CODE = Limit("mobile_code", 5, timedelta(minutes=10), 20)


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What is guessed after the way in: by one browser, from one place, and in all about one account.

    Whoever else has the mailbox comes that far too. Their tries are theirs, and what is left of the account's is its
    owner's.
    """

    browser: Limit
    place: Limit
    in_all: Limit
    #: Of a browser that this person came in by before, and of all such: beside what stands above.
    own: Limit
    own_in_all: Limit


PIN = OfAccount(
    Limit("pin_browser", 5, timedelta(minutes=10), 10),
    Limit("pin_place", 10, timedelta(minutes=10), 12),
    Limit("pin", 15, timedelta(minutes=10), 20),
    Limit("pin_own", 5, timedelta(minutes=10), 10),
    Limit("pin_own_in_all", 15, timedelta(minutes=10), 20),
)
#: Four words: 43 bits, and five tries a day.
WORDS = OfAccount(
    Limit("words_browser", 5, DAY),
    Limit("words_place", 10, DAY),
    Limit("words_account", 20, DAY),
    Limit("words_own", 5, DAY),
    Limit("words_own_in_all", 10, DAY),
)
#: Each browser has digits of its own.
CONFIRM_CODE = OfAccount(
    Limit("confirm_code_browser", 5, timedelta(minutes=10), 10),
    Limit("confirm_code_place", 10, timedelta(minutes=10), 12),
    Limit("confirm_code", 15, timedelta(minutes=10), 20),
    Limit("confirm_code_own", 5, timedelta(minutes=10), 10),
    Limit("confirm_code_own_in_all", 15, timedelta(minutes=10), 20),
)


class TooManyTries(Refused):
    """Nothing was tried. `minutes` says how long to wait, `wait` says it in words."""

    status = form_status = 429

    def __init__(self, seconds: int) -> None:
        self.minutes = ceil(seconds / 60)
        self.wait = _wait(self.minutes)
        super().__init__(_("Too many tries. %(wait)s", wait=self.wait))


def _wait(minutes: int) -> str:
    """How long to wait, as people say it."""
    if minutes <= MINUTES_ARE_SAID:
        return ngettext("Wait a minute, then try again.", "Wait %(num)s minutes, then try again.", minutes)
    if minutes <= HOURS_ARE_SAID * 60:
        return ngettext(
            "Wait an hour, then try again.", "Wait %(num)s hours, then try again.", ceil(minutes / 60)
        )
    return _("Try again tomorrow, at this time of day.")


def spend(limit: Limit, *key: object) -> None:
    """Use up one try. Raises TooManyTries when there is none left."""
    seconds = ask_signing_in(
        COUNT,
        kind=limit.kind,
        key=keyed_hash(current_app.config["SECRET_KEY"], "attempt", limit.kind, *key),
        windows=[window for window, _times in limit.windows],
        limits=[times for _window, times in limit.windows],
    )[0][0]
    if seconds:
        log.warning("too_many_tries", kind=limit.kind, seconds=seconds)
        raise TooManyTries(seconds)


def spend_of(limits: OfAccount, account: object, browser: str, place: str) -> None:
    """Use up one try of this browser, this place and this account; or, where this person came in before, of its own.

    Raises TooManyTries when one has none left; what is refused to a browser uses up nothing of the others.
    """
    if own := known_browsers.knows("account", account):
        spend(limits.own, account, own)
        spend(limits.own_in_all, account)
        return
    spend(limits.browser, account, browser)
    spend(limits.place, account, place)
    spend(limits.in_all, account)
