"""What the schedule does with offers: they end after their day, and the next whom a place suits is asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from infra.clock import now, today
from tests.integration.cohorts.offers.rows import stage, states


def test_an_offer_ends_after_its_day_and_the_next_is_asked(own, school, offer, group, at_night):
    # given a group that offers on, and somebody else who waits, with consent to be written to
    other = school.ids["waiting_parent_id"]
    for kind in ("join", "text"):
        own.rows(
            "insert into consent (school_id, parent_id, kind, given, wording_version, changed_at)"
            " values (%s, %s, %s, true, '1', %s)",
            school.school_id,
            other,
            kind,
            now(),
        )
    own.rows("update cohort set offers_on = true, places = 1 where id = %s", school.ids["forming_cohort_id"])
    offer()
    # when its day has not passed, then nothing happens
    assert at_night(3) == 0
    # when it has, then it ends, its parent is told and waits on, and the next is asked
    assert at_night(4) == 2
    assert states(own) == ["lapsed", "open"]
    assert own.value("select parent_id from place_offer where state = 'open'") == other
    assert stage(own, school.parent.person_id) == "waiting"
    kinds = own.rows(
        "select distinct kind from outbox where recipient_id = %s and state = 'queued'",
        school.parent.person_id,
    )
    assert [row["kind"] for row in kinds] == ["offer_ended"]
    # and again at the same hour nothing more
    assert at_night(4) == 0
    assert "No place is kept for you just now" in own.client(school.parent).get("/my/offer").text


@pytest.fixture
def offers_on(own, school) -> None:
    own.rows("update cohort set offers_on = true where id = %s", school.ids["forming_cohort_id"])


def asked(own) -> set[object]:
    return {row["parent_id"] for row in own.rows("select parent_id from place_offer where state = 'open'")}


def wish(own, school, days: list[str], format_: str = "either") -> None:
    own.rows(
        "insert into group_wish (school_id, parent_id, days, format) values (%s, %s, %s, %s)",
        school.school_id,
        school.parent.person_id,
        days,
        format_,
    )


@pytest.mark.parametrize("why", ["another day", "online"])
def test_whom_it_does_not_suit_is_not_asked(own, school, at_night, offers_on, why):
    wish(own, school, ["mon"] if why == "another day" else [], "online" if why == "online" else "either")
    at_night()
    assert school.parent.person_id not in asked(own)


def test_whom_no_message_reaches_is_asked_in_their_turn_and_staff_tell_them(own, school, at_night, offers_on):
    own.rows("update consent set given = false where parent_id = %s", school.parent.person_id)
    at_night()
    assert school.parent.person_id in asked(own)
    assert "that a place is kept for them" in own.client(school.senco).get("/school").text


def test_a_session_that_moved_alone_does_not_say_whom_the_group_suits(own, school, at_night, offers_on):
    own.rows(
        "update cohort_session set on_date = on_date - 1 where cohort_id = %s and number = 1",
        school.ids["forming_cohort_id"],
    )
    wish(own, school, ["tue"])
    at_night()
    assert school.parent.person_id in asked(own)


def test_a_group_that_has_met_twice_asks_nobody_by_itself(own, school, at_night, offers_on):
    own.rows(
        "update cohort_session set state = 'closed', closed_at = %s, on_date = on_date - 60"
        " where cohort_id = %s and number <= 2",
        now(),
        school.ids["forming_cohort_id"],
    )
    assert at_night() == 0


def test_who_could_not_answer_during_a_pause_has_days_after_it(own, school, offer, at_night):
    # given an offer whose day passes while the school has a pause
    offer()
    own.rows(
        "update place_offer set answer_by = %s, offered_at = offered_at - interval '9 days'",
        today() - timedelta(days=2),
    )
    own.rows("update school set stage_changed_at = %s where school_id = %s", now(), school.school_id)
    # when it begins again
    at_night()
    # then they have days to answer, and are told which
    assert states(own) == ["open"]
    assert own.value("select answer_by from place_offer") > today()
    # and when those have passed it ends
    own.rows("update place_offer set answer_by = %s", today() + timedelta(days=3))
    at_night(4)
    assert states(own)[0] == "lapsed"


def kinds(own, recipient_id) -> set[str]:
    rows = own.rows("select kind from outbox where recipient_id = %s", recipient_id)
    return {row["kind"] for row in rows}


def test_whom_it_waits_for_is_reminded_once_on_the_day_before_the_last(own, school, offer, at_night):
    # given an offer of some days ago
    offer()
    own.rows("update place_offer set offered_at = offered_at - interval '3 days'")
    at_night(1)
    assert "place_waits" not in kinds(own, school.parent.person_id)
    # when its last day is tomorrow, then they are reminded, once
    at_night(2)
    at_night(2)
    written = own.rows("select channel from outbox where kind = 'place_waits'")
    assert len(written) == len({row["channel"] for row in written}) > 0
    # and who was told only yesterday is not
    own.rows("delete from outbox where kind = 'place_waits'")
    own.rows("update place_offer set offered_at = %s", now() + timedelta(days=1))
    at_night(2)
    assert "place_waits" not in kinds(own, school.parent.person_id)


def test_whoever_leads_is_written_to_when_a_place_came_free(own, school, offer, at_night):
    # given a group that staff offer from, and somebody who says no thank you
    offer()
    own.client(school.parent).post("/my/offer/no")
    # when the schedule looks, then whoever leads is told, once
    at_night()
    at_night()
    written = own.rows("select recipient_id from outbox where kind = 'place_free'")
    assert [row["recipient_id"] for row in written] == [school.lead.person_id]


def test_two_who_lead_a_school_are_both_written_to(own, school, offer, at_night, monkeypatch):
    leads = [school.lead.person_id, school.senco.person_id]
    monkeypatch.setattr("app.cohorts.offering_on.list_told", lambda *_asked: leads)
    offer()
    own.client(school.parent).post("/my/offer/no")
    at_night()
    written = own.rows("select recipient_id from outbox where kind = 'place_free'")
    assert {row["recipient_id"] for row in written} == set(leads)


def test_whoever_leads_is_not_written_to_where_places_are_offered_on(own, school, offer, at_night, offers_on):
    offer()
    own.rows("update place_offer set state = 'declined', ended_at = %s", now())
    at_night()
    assert "place_free" not in kinds(own, school.lead.person_id)


def test_a_council_says_for_how_many_days_a_place_is_kept(own, school, world, group, at_night, offers_on):
    # given a council that says nine
    admin = own.client(world.authority.people["authority_admin"])
    page = admin.get("/authority/settings/contact").text
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    assert fields["offer_days"] == "5"
    wrong = admin.post("/authority/settings/contact", data=fields | {"offer_days": "29"})
    assert "from 1 to 28" in wrong.text
    done = admin.post("/authority/settings/contact", data=fields | {"offer_days": "9"}, follow_redirects=True)
    assert "9 days" in done.text
    # then the page proposes that day, and so does the schedule
    day = today() + timedelta(days=9)
    assert f'value="{day.day}"' in own.client(school.senco).get(f"{group}/places").text
    at_night()
    assert own.value("select max(answer_by) from place_offer") == day
