"""What gives a way in, or takes two people, is written only in a browser in which that very person is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.session import ASSUME
from tests.support.reading import sqlstate
from tests.support.world import Person, World

#: A page's login may write these rows for who is signed in alone (`identity.guard_pressed`).
GUARDED = {
    "identity.account",
    "identity.membership",
    "identity.token",
    "public.agreement_review",
    "public.appointment",
    "public.authority_appointment",
    "public.authority_concern_kept",
    "public.concern_handover",
    "public.concern_kept",
    "public.facilitator_check",
    "public.facilitator_reference",
    "public.facilitator_training",
    "public.fresh_start",
    "public.fresh_start_silence",
}
INVITE = (
    "select identity.issue_token('staff_invitation', 'senco', :authority, :school, :senco, 'email', :senco_email,"
    " 'Eve', gen_random_uuid(), app.now() + interval '7 days', 'Carol')"
)
ASK = "select identity.ask_fresh_start(:start, 'parent', :parent, 'email', 'eve@example.org', :today, 'x')"
RESET = "select identity.reset_second_factor(:colleague)"
END = "select identity.end_membership(:colleague, 'senco')"
APPOINT = "select identity.ask_appointment(:start, 'reset', :school, :dsl)"
SILENCE = "select identity.silence_fresh_start(:start, 'The old phone is with somebody else', 'x')"
AGREE = "select identity.agree_fresh_start(:start, gen_random_uuid(), '{}', 'x')"


@pytest.fixture
def injected(stack, world) -> Iterator[Connection]:
    """The page's login, with a statement of somebody's own; undone at the end."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection, connection.begin() as outer:
        connection.execute(text("set local session authorization wb_web"))
        yield connection
        outer.rollback()
    engine.dispose()


def _values(connection: Connection, world: World) -> dict[str, object]:
    school = world.school
    return {
        "authority": school.authority_id,
        "school": school.school_id,
        "senco": school.senco.person_id,
        "senco_email": school.senco.email,
        "parent": school.parent.person_id,
        "colleague": school.senco.person_id,
        "dsl": school.dsl.person_id,
        "start": new_id(),
        "today": connection.execute(
            text("select (app.now() at time zone 'Europe/London')::date")
        ).scalar_one(),
    }


def _press(
    connection: Connection, person: Person, browser: bytes | None, statement: str, values: dict
) -> str:
    """`done`, or the SQLSTATE with which the database refuses what is tried as `person` in `browser`."""
    step = connection.begin_nested()
    try:
        connection.execute(ASSUME, replace(person.scope, browser=browser).as_parameters())
        connection.execute(text(statement), values)
    except DBAPIError as error:
        step.rollback()
        return sqlstate(error)
    step.commit()
    return "done"


@pytest.mark.parametrize("statement", [INVITE, ASK, RESET, END, APPOINT])
def test_in_their_own_browser_somebody_acts_and_in_no_other(injected, world, statement):
    values, lead = _values(injected, world), world.school.lead

    refused = {
        whose: _press(injected, lead, browser, statement, values)
        for whose, browser in {
            "nobody's": None,
            "made up": new_id().bytes,
            "a colleague's": world.school.senco.scope.browser,
            "a lead's of another school": world.other_school.lead.scope.browser,
        }.items()
    }

    assert set(refused.values()) == {"42501"}, refused
    assert _press(injected, lead, lead.scope.browser, statement, values) == "done"


@pytest.mark.parametrize(
    "ending",
    [
        "delete from identity.browser_session where token_hash = :browser",
        "update identity.browser_session set expires_at = app.now() where token_hash = :browser",
        "update identity.browser_session set last_seen_at = app.now() - interval '31 minutes',"
        " idle = '30 minutes' where token_hash = :browser",
        "update identity.account a set disabled_at = app.now() from identity.browser_session s"
        " where s.token_hash = :browser and a.id = s.account_id",
    ],
)
def test_a_session_that_is_over_proves_nothing(injected, world, ending):
    values, lead = _values(injected, world), world.school.lead
    injected.execute(text("set local session authorization default"))
    injected.execute(text(ending), {"browser": lead.scope.browser})
    injected.execute(text("set local session authorization wb_web"))

    assert _press(injected, lead, lead.scope.browser, ASK, values) == "42501"


def test_one_statement_is_not_three_people(injected, world):
    """Given who runs statements of their own in the lead's browser: they ask as the lead, and agree as nobody."""
    values, school = _values(injected, world), world.school
    mine = school.lead.scope.browser

    assert _press(injected, school.lead, mine, ASK, values) == "done"
    assert _press(injected, school.dsl, mine, SILENCE, values) == "42501"
    assert _press(injected, school.senco, mine, AGREE, values) == "42501"
    assert _press(injected, school.dsl, school.dsl.scope.browser, SILENCE, values) == "done"
    assert _press(injected, school.senco, school.senco.scope.browser, AGREE, values) == "done"


CHECK = (
    "insert into facilitator_check (school_id, facilitator_id, level, role_described, venue, supervised, frequency,"
    " risk_assessment, certificate_number, issued_on, seen_by, seen_on, decided_by, decided_at) values (:school,"
    " :applicant, 'enhanced', 'r', 'v', true, 'f', 'r', '001234567890', current_date, 'Other', current_date, 'Other',"
    " app.now()) on conflict (school_id, facilitator_id) do update set seen_by = 'Another'"
)
REFERENCE = (
    "insert into facilitator_reference (school_id, id, facilitator_id, referee_name, referee_contact,"
    " relationship, note) values (:school, :start, :applicant, 'Eve', 'eve@example.org', 'Friend', '')"
)
TRAINING = (
    "insert into facilitator_training (school_id, id, facilitator_id, title, on_date, minutes, recorded_by)"
    " values (:school, :start, :applicant, 'Facilitation', :today, 360, 'Other')"
)


@pytest.mark.parametrize("statement", [CHECK, REFERENCE, TRAINING])
def test_what_makes_ready_is_in_the_name_of_who_is_signed_in(injected, world, statement):
    """Given who runs statements of their own in one colleague's browser, they carry nothing in another's name."""
    values = _values(injected, world) | {"applicant": world.school.ids["applicant_id"]}
    lead, mine = world.school.lead, world.school.senco.scope.browser

    assert _press(injected, lead, None, statement, values) == "42501"
    assert _press(injected, lead, mine, statement, values) == "42501"
    assert _press(injected, lead, lead.scope.browser, statement, values) == "done"


def test_a_role_that_this_person_does_not_act_in_is_refused(injected, world):
    values, lead = _values(injected, world), world.school.lead
    as_dsl = replace(lead, role=world.school.dsl.role)

    assert _press(injected, lead, lead.scope.browser, ASK, values) == "done"
    assert _press(injected, as_dsl, lead.scope.browser, SILENCE, values) == "42501"


def test_who_says_ready_is_signed_in(injected, world):
    """The database's own question of the second person, without a browser, and in theirs."""
    injected.execute(ASSUME, replace(world.school.senco.scope, browser=None).as_parameters())
    assert injected.execute(text("select identity.may_say_ready(null)")).scalar_one() is False
    injected.execute(ASSUME, world.school.senco.scope.as_parameters())
    assert injected.execute(text("select identity.may_say_ready(null)")).scalar_one() is True


def test_the_tables_that_are_guarded(injected):
    """Taking a trigger away, or a table that somebody adds to the list, is seen here."""
    found = injected.execute(
        text(
            "select n.nspname || '.' || c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " join pg_namespace n on n.oid = c.relnamespace join pg_proc p on p.oid = t.tgfoid"
            " where p.proname = 'guard_pressed' and t.tgenabled = 'O'"
        )
    )
    assert set(found.scalars()) == GUARDED
