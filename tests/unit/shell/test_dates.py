"""A day shows its year unless that is plain from today: half a year ahead, a month back; everywhere by one helper."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.papers.wording import locale_of, readable
from app.schools.messages.people import _long_day
from app.shell.dates import day, full_day, in_words, short_day, short_range, shows_year
from app.shell.kept import unmarked
from infra.clock import today

ROOT = Path(__file__).resolve().parents[3]
#: Where days are put into words; everything else asks these.
WRITERS = {
    "app/shell/dates.py",
    "app/papers/wording.py",
    "app/cohorts/messages/facts.py",
    "app/cohorts/calendar.py",
    # These read days, or warm up the library.
    "app/schools/register_school.py",
    "app/documents/scanning.py",
    "workers/worker.py",
}


@pytest.mark.parametrize(
    ("ahead", "shown"), [(-400, True), (-32, True), (-31, False), (0, False), (183, False), (184, True)]
)
def test_the_year_is_shown_where_a_day_could_be_of_another(shared_app, ahead, shown):
    on = today() + timedelta(days=ahead)
    with shared_app.test_request_context():
        said = [unmarked(day(on)), unmarked(short_day(on)), in_words(on), _long_day(on)]
        said.append(readable(on, locale_of("en"))["day"])
        assert str(on.year) in unmarked(full_day(on))
    assert shows_year(on) is shown
    assert [str(on.year) in words for words in said] == [shown] * len(said), said


@pytest.mark.parametrize(("ahead", "years"), [((-3, 4), 0), ((-40, 4), 2), ((100, 300), 2), ((300, 310), 2)])
def test_a_range_shows_the_year_on_both_days_or_on_neither(shared_app, ahead, years):
    first, last = (today() + timedelta(days=days) for days in ahead)
    with shared_app.test_request_context():
        words = short_range(first, last)
    assert len(re.findall(r"\b2\d{3}\b", words)) == years


def test_no_module_writes_days_by_itself():
    found = {
        str(path.relative_to(ROOT))
        for package in ("app", "workers")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"format_date\(|%[aAbB]\b|:%[aAbBd]", path.read_text())
    }
    assert {path for path in found if not path.startswith(("demo", "app/cli"))} <= WRITERS, found
