"""Whichever way somebody tries to come to a role that sees more: statements, foreign ids, races, a colleague's app."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infra.ids import new_id
from tests.integration.schools.appointing import (
    SECOND,
    accept,
    agree,
    appointment,
    days_later,
    invite_dsl,
    roles_of,
    told,
)
from tests.support.own import own_app
from tests.support.reading import sqlstate


@pytest.fixture
def own(stack, world):
    with own_app(stack, "appointments") as found:
        yield found


# ---- statements, whoever sends them


def refused(own, scope, statement, **values):
    try:
        with own.session("wb_web", scope) as session:
            session.execute(text(statement), values)
    except DBAPIError as error:
        # Not allowed, or somebody else is this person already.
        return sqlstate(error) in ("42501", "23505")
    return False


ISSUE = (
    "select identity.issue_token('staff_invitation', :role, :authority, :school, :person, 'email', :address,"
    " 'X', :outbox, now() + interval '7 days', 'X')"
)


def issue(world, person, role, address, **changes):
    return {
        "role": role,
        "authority": world.authority.authority_id,
        "school": world.school.school_id,
        "person": person,
        "address": address,
        "outbox": new_id(),
        **changes,
    }


def test_no_invitation_to_such_a_role_without_its_appointment(own, world):
    lead, dsl = world.school.lead, world.school.dsl
    # To the acting reader's own row, at an address of the lead's; to a row of the lead's making; as another role.
    for person, role in (
        (dsl.person_id, "school_dsl"),
        (new_id(), "school_dsl"),
        (lead.person_id, "school_dsl"),
    ):
        assert refused(own, lead.scope, ISSUE, **issue(world, person, role, SECOND))
    admin = world.authority.admin
    for role in ("school_lead", "school_dsl"):
        assert refused(own, admin.scope, ISSUE, **issue(world, lead.person_id, role, SECOND))
    for role in ("named_officer", "authority_admin"):
        assert refused(
            own,
            admin.scope,
            ISSUE,
            **issue(world, world.authority.officer.person_id, role, SECOND, school=None),
        )


def test_the_address_that_was_agreed_to_is_the_one_that_opens(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    agree(own, world.school.dsl, row)
    # The lead writes another address into the list and sends the link again.
    own.rows("update staff_member set email = 'elsewhere@example.org' where id = %s", row["person_id"])
    assert refused(
        own,
        world.school.lead.scope,
        ISSUE,
        **issue(world, row["person_id"], "school_dsl", "elsewhere@example.org"),
    )


def test_nobody_asks_agrees_or_stops_for_another_place(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    for person in (world.sibling_school.dsl, world.other_school.dsl, world.other_authority.officer):
        assert "cannot agree" in agree(own, person, row).text
        page = own.client(person).post(f"/appointments/{row['id']}/stop", follow_redirects=True).text
        assert "has already begun, or somebody stopped it" in page
    statement = "select identity.ask_appointment(:id, 'appoint', :school, :person)"
    for school in (world.sibling_school, world.other_school):
        values = {"id": new_id(), "school": school.school_id, "person": school.senco.person_id}
        assert refused(own, world.school.lead.scope, statement, **values)
    values = {
        "id": new_id(),
        "school": world.other_school.school_id,
        "person": world.other_school.lead.person_id,
    }
    assert refused(own, world.authority.admin.scope, statement, **values)
    acting = "select identity.acting_people(:school, 'school_dsl')"
    for person, school in (
        (world.school.lead, world.sibling_school),
        (world.school.lead, world.other_school),
        (world.authority.admin, world.other_school),
    ):
        assert refused(own, person.scope, acting, school=school.school_id)
    # A colleague who may invite nobody may not ask either.
    values = {"id": new_id(), "school": world.school.school_id, "person": row["person_id"]}
    assert refused(own, world.school.senco.scope, statement, **values)


def test_stopping_and_agreeing_at_once_end_in_one_of_the_two(own, world):
    invite_dsl(own, world)
    accept(own, SECOND)
    row = appointment(own)
    gate = Barrier(2)

    def press(person, statement):
        with own.session("wb_web", person.scope) as session:
            session.connection()
            gate.wait(timeout=20)
            return bool(session.execute(text(statement), {"id": row["id"]}).scalar_one())

    with ThreadPoolExecutor(2) as pool:
        agreed = pool.submit(press, world.school.dsl, "select identity.agree_appointment(:id)")
        stopped = pool.submit(press, world.authority.officer, "select identity.stop_appointment(:id)")
        outcome = (agreed.result(), stopped.result())

    assert outcome[1], "it can be stopped also once it is agreed"
    days_later(own, 48)
    assert roles_of(own, SECOND) == []


# ---- a colleague's second factor


def set_up_app(own, person):
    own.rows("update identity.account set totp_secret = 'x' where id = %s", person.account_id)


def has_app(own, person):
    return own.value("select totp_secret is not null from identity.account where id = %s", person.account_id)


def test_a_readers_app_is_reset_by_two_and_a_day_later(own, world):
    dsl = world.school.dsl
    set_up_app(own, dsl)
    lead = own.client(world.school.lead)
    place = f"/school/staff/{dsl.person_id}/reset"

    assert "so a second person agrees first" in lead.post(place, follow_redirects=True).text
    assert has_app(own, dsl)
    assert dsl.person_id in told(own, "reset_asked_yours")
    row = appointment(own)
    assert "cannot agree" in agree(own, dsl, row).text, "not the one whose app it is"
    assert "It begins on" in agree(own, world.authority.officer, row).text
    lead.post(place)
    assert has_app(own, dsl), "a day is not over"
    days_later(own)
    assert "can set up a new app" in lead.post(place, follow_redirects=True).text
    assert not has_app(own, dsl)
    set_up_app(own, dsl)
    assert "a second person" in lead.post(place, follow_redirects=True).text, "once"
    assert has_app(own, dsl)


def test_a_colleague_who_sees_no_more_is_helped_at_once(own, world):
    set_up_app(own, world.school.senco)
    own.client(world.school.lead).post(f"/school/staff/{world.school.senco.person_id}/reset")
    assert not has_app(own, world.school.senco)


def test_a_colleague_who_reads_concerns_elsewhere_is_not(own, world):
    senco = world.school.senco
    set_up_app(own, senco)
    own.rows(
        "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)"
        " values (gen_random_uuid(), %s, 'school_dsl', %s, %s, gen_random_uuid())",
        senco.account_id,
        world.authority.authority_id,
        world.sibling_school.school_id,
    )
    own.client(world.school.lead).post(f"/school/staff/{senco.person_id}/reset")
    assert has_app(own, senco)
