"""What staff may think of beside a day of a group: religious days, shown and never in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from app.calendar import faith_days
from app.shell.dates import full_day


@dataclass(frozen=True, slots=True)
class Hints:
    """By day the words beside it; `beyond` says until when we know, where one of the days is later."""

    by_day: dict[date, str] = field(default_factory=dict)
    beyond: str = ""


def hints_on(days: Iterable[date]) -> Hints:
    """What falls on these days. Days of which there is nothing to say are missing."""
    asked = sorted(set(days))
    found = {on: "; ".join(words) for on in asked if (words := faith_days.words_of(on))}
    if not asked or faith_days.is_known(asked[-1]):
        return Hints(found)
    known = full_day(faith_days.known_until())
    return Hints(
        found, _("We know the religious days until %(day)s. Ask families about later ones.", day=known)
    )
