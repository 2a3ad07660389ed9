"""Days that matter to families by their faith or tradition: a hint beside a date, never a reason against it.

Pure: dates in, words for staff out. The days are those of the library that also knows the bank holidays. A day that
hangs on the sight of the moon is *expected*, and is shown a day before and after too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

DAY = timedelta(days=1)
#: A year in which all are known, and one in which some no longer are.
COUNTED_FROM, LAST_TRIED = 2026, 2099


@dataclass(frozen=True, slots=True)
class FaithDay:
    """One feast, fast or holy day, both days included.

    `from_evening`: it begins at sunset of the day before; `is_fast`: of many days, each from dawn to sunset.
    """

    name: LazyString
    first: date
    last: date
    from_evening: bool = False
    is_expected: bool = False
    is_fast: bool = False


def words_of(on: date) -> tuple[str, ...]:
    """What to think of on this day, in words: *Yom Kippur begins at sunset*; nothing on most days."""
    fast = fast_on(on)
    going_on = (_("%(name)s, expected: those who fast eat after sunset", name=fast),) if fast else ()
    return going_on + feasts_on(on)


def fast_on(on: date) -> str:
    """The name of a fast of many days that goes on; empty on its first day, which `feasts_on` tells of."""
    return next((str(one.name) for one in _around(on) if one.is_fast and one.first < on <= one.last), "")


def feasts_on(on: date) -> tuple[str, ...]:
    """The same words without a fast that goes on."""
    return tuple(words for one in _around(on) if (words := _words(one, on)))


def is_known(on: date) -> bool:
    """Whether none of them is missing in the year of this day."""
    return _names(on.year) >= _names(COUNTED_FROM)


@lru_cache(maxsize=1)
def known_until() -> date:
    """The last day of the last year in which none of them is missing."""
    year = COUNTED_FROM
    while year < LAST_TRIED and is_known(date(year + 1, 1, 1)):
        year += 1
    return date(year, 12, 31)


def _words(one: FaithDay, on: date) -> str:
    if one.is_fast and on == one.first:
        return _("%(name)s begins, expected, give or take a day", name=one.name)
    if one.first <= on <= one.last and not one.is_fast:
        return (
            _("%(name)s, expected, give or take a day", name=one.name) if one.is_expected else str(one.name)
        )
    if one.from_evening and on == one.first - DAY:
        return _("%(name)s begins at sunset", name=one.name)
    if one.is_fast and on == one.first - DAY:
        return _("%(name)s may begin on this day", name=one.name)
    may_be = one.is_expected and not one.is_fast and on in (one.first - DAY, one.last + DAY)
    return _("%(name)s may be on this day", name=one.name) if may_be else ""


def _around(on: date) -> Iterator[FaithDay]:
    """Those of its year, and of the years beside it where the day is near."""
    for year in sorted({(on - 31 * DAY).year, on.year, (on + DAY).year}):
        yield from _of_year(year)


@lru_cache(maxsize=32)
def _of_year(year: int) -> tuple[FaithDay, ...]:
    """Those that begin in this year, by their days; fewer for years that the library does not know."""
    return tuple(sorted((*_by_the_moon(year), *_by_the_sun(year)), key=lambda one: one.first))


def _by_the_sun(year: int) -> Iterator[FaithDay]:
    """Days that a rule or a table fixes for certain."""
    from dateutil.easter import EASTER_ORTHODOX, easter
    from holidays.calendars.buddhist import _BuddhistLunisolar
    from holidays.calendars.chinese import _ChineseLunisolar
    from holidays.calendars.hebrew import _HebrewLunisolar
    from holidays.calendars.hindu import _HinduLunisolar

    western, eastern = easter(year), easter(year, EASTER_ORTHODOX)
    yield FaithDay(_l("Good Friday"), western - 2 * DAY, western - 2 * DAY)
    yield FaithDay(_l("Easter"), western, western + DAY)
    yield FaithDay(_l("Orthodox Christmas"), date(year, 1, 7), date(year, 1, 7))
    yield FaithDay(_l("Orthodox Good Friday"), eastern - 2 * DAY, eastern - 2 * DAY)
    yield FaithDay(_l("Orthodox Easter"), eastern, eastern + DAY)
    hebrew = _HebrewLunisolar()
    for name, first, days in (
        (_l("Passover"), hebrew.passover_date(year), 8),
        (_l("Shavuot"), hebrew.shavuot_date(year), 2),
        (_l("Rosh Hashanah"), hebrew.rosh_hashanah_date(year), 2),
        (_l("Yom Kippur"), hebrew.yom_kippur_date(year), 1),
        (_l("Sukkot"), hebrew.sukkot_date(year), 9),
    ):
        if first:
            yield FaithDay(name, first, first + (days - 1) * DAY, from_evening=True)
    hindu = _HinduLunisolar()
    for name, (on, _estimated) in (
        (_l("Lunar New Year"), _ChineseLunisolar().lunar_new_year_date(year)),
        (_l("Holi"), hindu.holi_date(year)),
        (_l("Vaisakhi"), hindu.vaisakhi_date(year)),
        (_l("Wesak"), _BuddhistLunisolar().vesak_date(year)),
        (_l("Diwali and Bandi Chhor Divas"), hindu.diwali_india_date(year)),
        (_l("Guru Nanak’s birthday"), hindu.guru_nanak_jayanti_date(year)),
    ):
        if on:
            yield FaithDay(name, on, on)


def _by_the_moon(year: int) -> Iterator[FaithDay]:
    """Days that hang on the sight of the moon. An Islamic year is shorter than ours: one may come twice in a year."""
    from holidays.calendars.islamic import _IslamicLunar

    islamic = _IslamicLunar()
    feasts = [
        on for on, _estimated in (*islamic.eid_al_fitr_dates(year), *islamic.eid_al_fitr_dates(year + 1))
    ]
    for on, _estimated in islamic.ramadan_beginning_dates(year):
        if on.year == year and (end := min((feast for feast in feasts if feast > on), default=None)):
            yield FaithDay(_l("Ramadan"), on, end - DAY, is_expected=True, is_fast=True)
    for name, found in (
        (_l("Eid al-Fitr"), islamic.eid_al_fitr_dates(year)),
        (_l("Eid al-Adha"), islamic.eid_al_adha_dates(year)),
    ):
        for on, _estimated in found:
            if on.year == year:
                yield FaithDay(name, on, on, is_expected=True)


def _names(year: int) -> set[str]:
    return {str(one.name) for one in _of_year(year)}
