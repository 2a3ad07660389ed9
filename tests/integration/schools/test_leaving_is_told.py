"""A school that leaves tells who waits for a place, who leads and who has offered to; nothing is recorded after it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.facilitators import records
from app.schools import services
from app.shell.refusals import Refused
from infra.clock import today
from tests.integration.schools.test_stage_rights import be_at
from tests.support.borrowed import as_login

REASON = "Our hall is gone."


@pytest.fixture
def gone(session_for, world, monkeypatch):
    """The school has left, with nothing under way."""
    monkeypatch.setattr("app.cohorts.led.list_group_dates", lambda *_args: [])
    session = session_for(world.authority.admin)
    services.leave(session, world.authority.authority_id, world.school.school_id, reason=REASON, by="A")
    session.commit()


def test_who_waits_leads_or_has_offered_is_told_that_a_school_leaves(session_for, world, gone):
    """Given a school with a waiting list, people who lead and applicants, when it leaves, then each is told once."""
    session = session_for(world.school.lead)
    told = session.execute(
        text("select kind, recipient_id from outbox where kind like 'school_left%' and channel = 'email'")
    ).all()
    by_kind = {kind: [one.recipient_id for one in told if one.kind == kind] for kind, _person in told}
    waiting = session.scalars(
        text("select id from parent where stage in ('joined', 'waiting', 'in_group')")
    ).all()
    leading = session.scalars(
        text("select id from facilitator where stage not in ('not_now', 'withdrawn')")
    ).all()
    assert waiting
    assert sorted(by_kind["school_left_parent"]) == sorted(waiting)
    assert sorted(by_kind["school_left_facilitator"]) == sorted(leading)


def test_a_council_learns_who_to_tell_only_of_its_own_schools(session_for, world):
    session = session_for(world.authority.admin)
    ask = text("select count(*) from app.people_told_of_leaving(:id)")
    assert session.execute(ask, {"id": world.school.school_id}).scalar_one() > 0
    assert session.execute(ask, {"id": world.other_school.school_id}).scalar_one() == 0


@pytest.mark.parametrize("stage", ["paused", "left"])
def test_who_leads_reads_on_their_first_page_that_the_school_has_stopped(
    client_for, world, connection, stage
):
    facilitator = client_for(world.school.facilitator)
    be_at(connection, world.school, stage)
    page = " ".join(re.sub(r"<[^>]+>", " ", facilitator.get("/group").text).split())
    assert ("are paused" if stage == "paused" else "no longer takes part") in page


def test_nothing_is_recorded_of_somebody_who_would_lead_once_the_school_has_left(session_for, world, gone):
    session = session_for(world.school.lead)
    who = (session, world.school.school_id, world.school.facilitator.person_id)
    for press in (
        lambda: records.add_training(
            *who, title="Listening", on_date=today() - timedelta(days=1), minutes=60
        ),
        lambda: records.add_reference(*who, name="A Referee", contact="a@example.org", relationship="Head"),
        lambda: records.use_referees(*who),
    ):
        with pytest.raises(Refused, match="does not take part any more"):
            press()


@pytest.mark.parametrize("stage", ["prospect", "invited", "brief_sent", "agreement_signed", "set_up"])
def test_a_school_that_came_back_offers_nothing_until_it_is_active_again(
    client_for, world, connection, stage
):
    """Given a school that left and came back, then who waits, or is ready to lead, is promised nothing."""
    with as_login(connection, "postgres"):
        who = {"id": world.school.parent.person_id}
        connection.execute(text("update public.enrolment set status = 'left' where parent_id = :id"), who)
        connection.execute(text("update public.parent set stage = 'waiting' where id = :id"), who)
    be_at(connection, world.school, stage)
    for one in (world.school.parent, world.school.graduate):
        page = " ".join(re.sub(r"<[^>]+>", " ", client_for(one).get("/my").text).split())
        assert "does not take part in We Belong just now" in page
        assert "the school offers it to whoever came first" not in page
        assert "Your first 12 questions" not in page
        assert "The school talks with you before" not in page
    page = " ".join(re.sub(r"<[^>]+>", " ", client_for(world.school.facilitator).get("/group").text).split())
    assert "does not take part in We Belong just now" in page
    assert "You are ready to lead" not in page
