"""The level of check follows from role, place, supervision and frequency, and never goes further."""

from __future__ import annotations

from itertools import product

import pytest

from app.facilitators.check_level import (
    Contact,
    Decision,
    Frequency,
    Level,
    Venue,
    needs_certificate,
    why_not,
    work_out,
)

EVERY_ROLE = list(product(Contact, Venue, (True, False), Frequency))


@pytest.mark.parametrize(
    ("contact", "venue", "supervised", "frequency", "level"),
    [
        (Contact.ADULTS, Venue.SCHOOL, True, Frequency.WEEKLY, Level.BASIC),
        (Contact.ADULTS, Venue.SCHOOL, False, Frequency.OFTEN, Level.BASIC),
        (Contact.PASSING, Venue.ELSEWHERE, False, Frequency.WEEKLY, Level.BASIC),
        (Contact.PASSING, Venue.SCHOOL, True, Frequency.WEEKLY, Level.ENHANCED),
        (Contact.PASSING, Venue.SCHOOL, False, Frequency.WEEKLY, Level.ENHANCED_BARRED),
        (Contact.PASSING, Venue.SCHOOL, False, Frequency.NOW_AND_THEN, Level.BASIC),
        (Contact.CHILDREN, Venue.ELSEWHERE, True, Frequency.WEEKLY, Level.ENHANCED),
        (Contact.CHILDREN, Venue.ELSEWHERE, False, Frequency.OFTEN, Level.ENHANCED_BARRED),
        (Contact.CHILDREN, Venue.SCHOOL, False, Frequency.NOW_AND_THEN, Level.BASIC),
    ],
)
def test_level_follows_from_the_role(contact, venue, supervised, frequency, level):
    assert work_out(contact, venue, supervised=supervised, frequency=frequency).level is level


@pytest.mark.parametrize(("contact", "venue", "supervised", "frequency"), EVERY_ROLE)
def test_barred_list_only_for_unsupervised_regular_work(contact, venue, supervised, frequency):
    decision = work_out(contact, venue, supervised=supervised, frequency=frequency)

    if supervised or contact is Contact.ADULTS or frequency is Frequency.NOW_AND_THEN:
        assert decision.level is not Level.ENHANCED_BARRED
    assert decision.is_required == (decision.level is Level.ENHANCED_BARRED)
    assert str(decision.why)


@pytest.mark.parametrize(("contact", "venue", "supervised", "frequency"), EVERY_ROLE)
def test_what_is_worked_out_may_be_recorded_and_more_may_not(contact, venue, supervised, frequency):
    decision = work_out(contact, venue, supervised=supervised, frequency=frequency)
    order = list(Level)

    assert why_not(decision.level, decision, supervised=supervised) is None
    for level in order[order.index(decision.level) + 1 :]:
        assert why_not(level, decision, supervised=supervised)


def test_barred_list_for_a_supervised_volunteer_is_refused_as_against_the_law():
    decision = work_out(Contact.CHILDREN, Venue.SCHOOL, supervised=True, frequency=Frequency.OFTEN)

    assert "supervised volunteer" in (why_not(Level.ENHANCED_BARRED, decision, supervised=True) or "")


def test_regulated_activity_takes_no_lower_check():
    decision = work_out(Contact.CHILDREN, Venue.SCHOOL, supervised=False, frequency=Frequency.WEEKLY)

    for level in (Level.NONE, Level.BASIC, Level.ENHANCED):
        assert why_not(level, decision, supervised=False)


def test_less_than_the_most_may_be_decided_otherwise():
    decision = Decision(Level.ENHANCED, "")

    assert why_not(Level.BASIC, decision, supervised=True) is None
    assert why_not(Level.NONE, decision, supervised=True) is None


def test_only_a_check_has_a_certificate():
    assert not needs_certificate("")
    assert not needs_certificate(Level.NONE.value)
    assert all(needs_certificate(level.value) for level in Level if level is not Level.NONE)
