"""Which day one person knows of when the session moves once more: the last that went to them, and no other."""

from __future__ import annotations

import pytest

from app.cohorts.messages.days import CANCELLED, Change, first_change, known_before, tells_a_change
from app.messages.outbox import Earlier
from infra.ids import new_id

TUE, WED, THU = (f"2026-12-{day:02}T18:00:00" for day in (8, 9, 10))
LATE = "2026-12-08T19:00:00"


def went(step, before):
    return Earlier(step, before, went=True)


def lost(step, before):
    return Earlier(step, before, went=False)


@pytest.mark.parametrize(
    ("before", "earlier", "known"),
    [
        (TUE, [], TUE),
        (WED, [went(WED, TUE)], WED),
        (WED, [lost(WED, TUE)], TUE),
        # Newest first: what went in between counts, and nothing before it.
        (THU, [lost(THU, WED), lost(WED, TUE)], TUE),
        (THU, [lost(THU, WED), went(WED, TUE)], WED),
        (THU, [went(THU, WED), lost(WED, TUE)], THU),
        # Somebody who came to the group when it had moved to Thursday already.
        (THU, [lost(WED, TUE)], THU),
        # The school's last told day is this person's too.
        (TUE, [lost(WED, TUE)], TUE),
        # Another hour of the same day.
        (LATE, [lost(LATE, TUE)], TUE),
        # Rows that know the day alone.
        ("2026-12-09", [lost(WED, "2026-12-08")], "2026-12-08"),
        # Called off, and on again.
        (TUE, [lost(CANCELLED, TUE)], TUE),
        (WED, [lost(CANCELLED, WED), lost(WED, TUE)], TUE),
        (WED, [went(CANCELLED, WED), lost(WED, TUE)], WED),
        # All days of the group: what went told every day, what did not is asked for this one.
        (WED, [lost(f"{TUE}>{WED} {THU}>2026-12-17T18:00:00", "")], TUE),
        (WED, [went(f"{TUE}>{WED}", "")], WED),
        (WED, [lost(f"{THU}>2026-12-17T18:00:00", ""), lost(WED, TUE)], TUE),
        (WED, [went(f"{THU}>2026-12-17T18:00:00", ""), lost(WED, TUE)], WED),
        ("", [lost(WED, "")], ""),
        (WED, [lost(WED, "")], WED),
        (WED, [lost("", "")], WED),
    ],
)
def test_a_day_that_never_arrived_is_passed_over(before, earlier, known):
    assert known_before(before, earlier) == known


FIVE, SIX, SEVEN = (new_id() for _ in range(3))
NEXT = "2026-12-17T18:00:00"


@pytest.mark.parametrize(
    ("step", "coming", "named"),
    [
        (f"{TUE}>{TUE} {WED}>{THU}", {TUE: FIVE, THU: SIX}, Change(SIX, WED, THU)),
        (f"{TUE}>{WED} {THU}>{NEXT}", {WED: SIX, NEXT: SEVEN}, Change(SIX, TUE, WED)),
        # The first has moved once more since, which another message tells.
        (f"{TUE}>{WED} {THU}>{NEXT}", {LATE: SIX, NEXT: SEVEN}, Change(SEVEN, THU, NEXT)),
        (f"{TUE}>{WED}", {LATE: SIX}, None),
        (f"{TUE}>{TUE}", {TUE: FIVE}, None),
        ("", {TUE: FIVE}, None),
    ],
)
def test_of_all_dates_the_first_that_moved_is_named(step, coming, named):
    assert first_change(step, coming) == named
    assert tells_a_change(step) is (named is not None or (">" in step and LATE in coming))
