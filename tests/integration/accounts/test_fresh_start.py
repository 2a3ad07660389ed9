"""A fresh start: two of the staff, a day in which the old addresses can stop it, and what was written stays shut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infra.clock import now
from tenants.session import ASSUME
from tests.integration.test_state_words import put  # noqa: F401
from tests.support.client import PageClient, sign_in
from tests.support.links import sent

NEW = "07700 900951"


def is_in(client: PageClient) -> bool:
    return client.get("/my-account").status_code == 200


@pytest.fixture
def later(clock, app):
    """So many days on from now, with the people of the world signed in again."""

    def move(**passed):
        clock.set(now() + timedelta(**passed))

    return move


@pytest.fixture
def tab(app):
    """A tab of that person, signed in at this moment."""

    def make(person):
        client = PageClient(app)
        sign_in(client, person)
        return client

    return make


@pytest.fixture
def messages(connection, world, app):
    """Links in the school's messages of one kind."""

    def of(kind):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text("select id from outbox where kind = :kind order by created_at, id"), {"kind": kind}
        )
        links = [sent(connection, app.config["SECRET_KEY"], row) for row in found.scalars().all()]
        connection.execute(text("select set_config('role', 'none', true)"))
        return links

    return of


def ask(client, person, **more):
    data = {"address": NEW, "met": "y", "met_on": [str(now().day), str(now().month), str(now().year)]}
    return client.post(f"/school/parents/{person.person_id}/fresh-start", data=data | more)


def under_way(client, person):
    return client.get(f"/school/parents/{person.person_id}/fresh-start").text


def agree(client, person):
    return client.post(f"/school/parents/{person.person_id}/fresh-start/agree", follow_redirects=True)


@pytest.fixture
def agreed(later, tab, world):
    """The attendance lead asked for the graduate, the SENCO agreed."""
    later(days=40)
    person = world.school.graduate
    assert ask(tab(world.school.attendance_lead), person).status_code == 303
    assert "The old addresses are told" in agree(tab(world.school.senco), person).text
    return person


def test_the_task_and_the_button_stand_before_those_alone_who_may_agree(later, tab, world):
    later(days=40)
    person = world.school.graduate
    asked = ask(tab(world.school.attendance_lead), person)
    assert asked.status_code == 303
    task = "Agree to a fresh start for Graduate"

    assert "I agree" not in under_way(tab(world.school.attendance_lead), person)
    assert world.school.senco.name in under_way(tab(world.school.attendance_lead), person)
    assert task not in tab(world.school.attendance_lead).get("/school").text
    for colleague in (world.school.senco, world.school.dsl):
        assert task in tab(colleague).get("/school").text
        assert "I agree" in under_way(tab(colleague), person)
    shown = tab(world.school.lead).get(f"/school/parents/{person.person_id}").text
    assert "It waits for a second person" in shown
    asked = shown.partition("A fresh start was asked for")[2]
    assert world.school.attendance_lead.name in asked[:400], "the history says who"
    agree(tab(world.school.senco), person)
    assert "The new way in opens on" in tab(world.school.lead).get(f"/school/parents/{person.person_id}").text
    assert task not in tab(world.school.dsl).get("/school").text


def test_where_nobody_may_agree_yet_the_page_says_why(tab, world, put):  # noqa: F811
    person = world.school.graduate
    put("update identity.membership set created_at = app.now()")
    ask(tab(world.school.attendance_lead), person)
    for colleague in (world.school.attendance_lead, world.school.senco):
        page = under_way(tab(colleague), person)
        assert "Nobody at your school may agree yet" in page
        assert "I agree" not in page
        assert "Agree to a fresh start" not in tab(colleague).get("/school").text


@pytest.fixture
def seen(acting_as):
    """How many rows of a table somebody is shown, by raw SQL in their scope."""

    def count(person, table):
        with acting_as(person) as session:
            return session.execute(text(f"select count(*) from {table}")).scalar_one()

    return count


@pytest.fixture
def run(acting_as):
    """One statement in somebody's scope; how many rows it touched."""

    def execute(person, statement):
        with acting_as(person) as session:
            return session.execute(text(statement)).rowcount

    return execute


SEALED = ("answer_set", "facilitator_application", "attendance")


def test_a_fresh_start_opens_dates_and_notes_and_keeps_shut_what_was_written(
    agreed, later, tab, client_for, messages, seen, run, acting_as, world
):
    assert [seen(agreed, table) > 0 for table in SEALED[:2]] == [True] * 2
    [token] = messages("fresh_start_link")
    new = client_for(None)
    new.post(f"/link/{token}")
    assert not is_in(new)

    later(hours=24, minutes=1)
    assert "Are you Graduate?" in new.get(f"/link/{token}").text
    assert new.post(f"/link/{token}").status_code == 303
    assert is_in(new)

    assert [seen(agreed, table) for table in SEALED] == [0, 0, 0]
    assert seen(agreed, "learning_notes") > 0
    assert seen(agreed, "cohort_session") > 0
    # Nothing of it comes back by writing, either.
    for statement in (
        "update answer_set set way = 1",
        "update answer_set set items = '{1}'",
        "delete from topic_vote",
        "update facilitator_application set answers = '{}'",
    ):
        assert run(agreed, statement) == 0
    # It can be erased.
    with acting_as(agreed) as session:
        assert session.execute(text("select identity.erase_sealed()")).scalar_one() >= 3


def test_the_old_tab_is_out_and_the_old_address_opens_nothing(agreed, later, tab, messages, client_for):
    old = tab(agreed)
    assert is_in(old)
    later(hours=25)
    client_for(None).post(f"/link/{messages('fresh_start_link')[0]}")

    assert not is_in(old)
    asked = client_for(None)
    before = len(messages("sign_in_link"))
    asked.post("/new-link", data={"address": agreed.email})
    assert len(messages("sign_in_link")) == before


def test_every_old_address_is_told_and_each_can_stop_it(agreed, later, messages, client_for, tab, world):
    stops, [link] = messages("fresh_start_notice"), messages("fresh_start_link")
    assert len(stops) == 2  # by email and by text
    stranger = client_for(None)
    page = stranger.get(f"/link/{stops[0]}", follow_redirects=True)
    assert "900951" not in page.text

    assert "stopped" in stranger.post(f"/stop-fresh-start/{stops[0]}", follow_redirects=True).text

    later(hours=25)
    new = client_for(None)
    assert new.post(f"/link/{link}").status_code == 410
    assert not is_in(new)
    assert "It was stopped" in under_way(tab(world.school.senco), agreed)


def test_after_a_day_nobody_stops_it(agreed, later, messages, client_for):
    later(hours=25)
    assert client_for(None).post(f"/stop-fresh-start/{messages('fresh_start_notice')[0]}").status_code == 410
    assert client_for(None).post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303


def test_where_and_when_the_group_meets_waits_a_day(later, tab, seen, world):
    later(days=40)
    person = world.school.parent
    assert seen(person, "cohort_session") > 0
    assert ask(tab(world.school.attendance_lead), person).status_code == 303
    assert "The old addresses are told" in agree(tab(world.school.senco), person).text

    assert [seen(person, table) for table in ("cohort", "cohort_session", "learning_notes")] == [0, 0, 0]
    page = tab(person).get("/my")
    assert page.status_code == 200
    assert "Where and when your group meets is not shown" in page.text
    later(hours=25)
    assert seen(person, "cohort_session") > 0


def test_without_notice_only_by_the_safeguarding_lead_with_a_reason_that_only_they_read(
    later, tab, messages, seen, client_for, world
):
    later(days=40)
    person = world.school.parent
    ask(tab(world.school.attendance_lead), person)
    silence = f"/school/parents/{person.person_id}/fresh-start/silence"
    assert (
        tab(world.school.lead).post(silence, data={"reason": "The old phone is with him."}).status_code == 403
    )
    dsl = tab(world.school.dsl)
    assert "There is a problem" in dsl.post(silence, data={"reason": "short"}).text
    assert dsl.post(silence, data={"reason": "Her former partner has the old phone."}).status_code == 303
    agree(tab(world.school.senco), person)

    assert not messages("fresh_start_notice")
    new = client_for(None)
    assert new.post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303
    assert seen(person, "cohort_session") == 0
    with pytest.raises(DBAPIError):
        seen(world.school.lead, "fresh_start_silence")
    assert seen(world.school.dsl, "fresh_start_silence") == 1


def test_the_present_address_is_not_accepted_as_a_new_one(tab, world):
    """Whoever still signs in there needs a link; who stole the telephone gets nothing by asking for it."""
    person = world.school.graduate
    page = ask(tab(world.school.attendance_lead), person, address=person.phone)
    assert "They sign in with this already" in page.text
    assert "has to agree" not in under_way(tab(world.school.senco), person)
    page = ask(tab(world.school.attendance_lead), person, address=person.email.upper())
    assert "They sign in with this already" in page.text


def test_met_today_counts_by_the_day_in_london(clock, tab, world):
    """From midnight to one in summer the database's own day is yesterday."""
    clock.set(datetime(now().year + 1, 7, 1, 23, 30, tzinfo=UTC))
    person = world.school.graduate
    today = now().astimezone(ZoneInfo("Europe/London"))
    met = [str(today.day), str(today.month), str(today.year)]
    assert today.day == 2
    assert ask(tab(world.school.attendance_lead), person, met_on=met).status_code == 303


def test_nobody_agrees_with_themselves_and_nobody_new(later, tab, world, connection):
    person = world.school.parent
    asker = world.school.attendance_lead
    ask(tab(asker), person)
    connection.execute(text("set session authorization default"))
    connection.execute(
        text("update identity.membership set created_at = app.now() where id = :id"),
        {"id": world.school.senco.membership_id},
    )
    connection.execute(text("set session authorization wb_web"))
    assert "Somebody else has to agree" in agree(tab(world.school.senco), person).text
    later(days=31)
    assert "Somebody else has to agree" in agree(tab(asker), person).text
    assert "The old addresses are told" in agree(tab(world.school.senco), person).text


def test_nobody_invited_by_the_first_person_can_agree(later, tab, acting_as, world):
    with acting_as(world.school.attendance_lead) as session:
        session.execute(
            text(
                "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, next_at,"
                " created_at) values (:s, gen_random_uuid(), 'staff_invitation', 'email', 'staff', :p, 'v', app.now(),"
                " app.now())"
            ),
            {"s": world.school.school_id, "p": world.school.senco.person_id},
        )
        session.execute(
            text(
                "select identity.issue_token('staff_invitation', 'senco', :a, :s, :p, 'email', :e, 'S',"
                " gen_random_uuid(), app.now() + interval '7 days', '')"
            ),
            {
                "a": world.authority.authority_id,
                "s": world.school.school_id,
                "p": world.school.senco.person_id,
                "e": world.school.senco.email,
            },
        )
    later(days=40)
    ask(tab(world.school.attendance_lead), world.school.parent)

    assert "Somebody else has to agree" in agree(tab(world.school.senco), world.school.parent).text


def test_of_two_who_agree_at_once_one_does(agreed, tab, messages, world):
    agree(tab(world.school.dsl), agreed)
    assert len(messages("fresh_start_link")) == 1


def test_another_school_reaches_none_of_it(agreed, acting_as, world):
    with acting_as(world.school.lead) as session:
        start_id = session.execute(text("select id from fresh_start")).scalar_one()
    for statement in (
        "select identity.take_back_fresh_start(:id, '')",
        "select identity.agree_fresh_start(:id, gen_random_uuid(), '{}', '')",
    ):
        with acting_as(world.sibling_school.lead) as session:
            assert session.execute(text(statement), {"id": start_id}).scalar_one() in (False, "over")
    with acting_as(world.sibling_school.lead) as session:
        answer = session.execute(
            text(
                "select identity.ask_fresh_start(gen_random_uuid(), 'parent', :p, 'sms', '+447700900951',"
                " app.now()::date, '')"
            ),
            {"p": world.school.parent.person_id},
        ).scalar_one()
    assert answer == "no_account"


def test_whoever_also_leads_starts_afresh_there_too(
    agreed, later, tab, client_for, messages, connection, world
):
    """It is one person and one old telephone: the pages of a group are shut, and no one person opens them again."""
    leader = world.school.facilitator
    connection.execute(text("set session authorization default"))
    for statement in (
        "update facilitator set parent_id = null where parent_id = :parent",
        "update facilitator set parent_id = :parent where id = :id",
    ):
        connection.execute(text(statement), {"id": leader.person_id, "parent": agreed.person_id})
    connection.execute(text("set session authorization wb_web"))
    assert tab(leader).get("/group").status_code == 200

    later(hours=25)
    old = tab(leader)
    assert old.get("/group").status_code == 200
    assert client_for(None).post(f"/link/{messages('fresh_start_link')[0]}").status_code == 303

    assert old.get("/group").status_code != 200
    senco = tab(world.school.senco)
    assert "+447700900951" not in senco.get(f"/school/facilitators/{leader.person_id}").text
    assert "07700 900951" in senco.get(f"/school/facilitators/{leader.person_id}").text
    offered = senco.post(f"/school/facilitators/{leader.person_id}/let-in", follow_redirects=True).text
    assert "They get their own pages when they are ready to lead" in offered
