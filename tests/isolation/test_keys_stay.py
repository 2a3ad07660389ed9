"""A statement of one's own reaches nobody by making a row another person's, and silences nothing that is to be told."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from infra.database import sqlalchemy_url
from tests.support.reading import sqlstate

AUDIENCES = (
    "wb_authority",
    "wb_officer",
    "wb_school",
    "wb_dsl",
    "wb_head",
    "wb_office",
    "wb_facilitator",
    "wb_parent",
    "wb_commissioner",
)
#: Whom a row is about, whatever the table. Whose school and authority it is every policy says.
KEYS = ("parent_id", "cohort_id", "session_id", "facilitator_id", "person_id")
#: Where such a column says something else than whom the row is about.
NOT_KEYS = {
    # A group is noted on answers once it is known.
    ("answer_set", "cohort_id"),
    # Whom a row of a list became is known once they are added.
    ("parent_import_row", "parent_id"),
    # Whom somebody who signed up became.
    ("signup", "parent_id"),
}
_WRITTEN = text(
    "select distinct c.table_name, c.column_name from information_schema.column_privileges c"
    " where c.table_schema = 'public' and c.privilege_type = 'UPDATE' and c.grantee = any (:audiences)"
    " and c.column_name = any (:keys)"
)
_KEPT = text(
    "select t.tgrelid::regclass::text, a.attname::text from pg_trigger t join pg_attribute a"
    " on a.attrelid = t.tgrelid and a.attnum = any (t.tgattr::int2[])"
    " where t.tgfoid = 'app.keys_never_move'::regproc"
)


@pytest.fixture
def owner(stack, world):
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def acting(owner, world):
    """`acting(audience, person)`: statements of the web login in that scope; nothing is kept."""

    def become(audience, person):
        owner.rollback()
        at_school = audience not in ("wb_authority", "wb_officer", "wb_commissioner")
        for name, value in (
            ("app.authority", world.authority.authority_id),
            ("app.school", world.school.school_id if at_school else ""),
            ("app.person", person.person_id),
        ):
            owner.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": str(value)})
        owner.execute(text(f"set local role {audience}"))
        return owner

    return become


def refused(connection, statement: str, **values: object) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(statement), values)
    except ProgrammingError as error:
        return sqlstate(error) == "42501"
    return False


def test_every_key_that_an_audience_may_write_is_kept_by_a_trigger(owner):
    written = {
        tuple(row) for row in owner.execute(_WRITTEN, {"audiences": list(AUDIENCES), "keys": list(KEYS)})
    }
    kept = {tuple(row) for row in owner.execute(_KEPT)}
    assert ("enrolment", "parent_id") in written & kept
    assert sorted(written - kept - NOT_KEYS) == []


def test_no_place_becomes_another_persons_or_groups(acting, world):
    school, ids = world.school, world.school.ids
    mine = "update enrolment set {} where parent_id = :me and cohort_id = :group"
    values = {"me": school.parent.person_id, "group": ids["cohort_id"]}
    for audience, person in (
        ("wb_school", school.senco),
        ("wb_facilitator", school.facilitator),
        ("wb_parent", school.parent),
    ):
        connection = acting(audience, person)
        assert refused(
            connection, mine.format("parent_id = :other"), other=school.graduate.person_id, **values
        )
        assert refused(
            connection, mine.format("cohort_id = :other"), other=ids["forming_cohort_id"], **values
        )
    connection = acting("wb_parent", school.parent)
    assert refused(connection, mine.format("status = 'in_group'"), **values)
    assert refused(connection, mine.format("joined_at = '2020-01-01'"), **values)
    assert not refused(connection, mine.format("status = 'left', left_at = app.now()"), **values)
    assert refused(acting("wb_facilitator", school.facilitator), mine.format("status = 'left'"), **values)


def test_what_is_to_be_told_is_not_put_off(acting, world):
    put_off = "update {} set next_at = '9999-01-01', not_after = '9999-02-01'"
    for person in (world.school.senco, world.school.dsl):
        assert refused(acting("wb_school", person), put_off.format("outbox"))
    assert refused(acting("wb_dsl", world.school.dsl), put_off.format("outbox"))
    assert refused(acting("wb_authority", world.authority.admin), put_off.format("authority_outbox"))


@pytest.mark.parametrize(
    "words", ["what = 'x'", "raised_by_name = 'x'", "about_name = 'x'", "risk_today = 'no'"]
)
def test_who_reads_a_concern_does_not_write_its_words(acting, world, words):
    assert refused(acting("wb_dsl", world.school.dsl), f"update concern set {words}")
    for table in ("concern", "authority_concern"):
        assert refused(acting("wb_officer", world.authority.officer), f"update {table} set {words}")
    assert not refused(acting("wb_dsl", world.school.dsl), "update concern set read_by = read_by")


def test_an_authority_ends_roles_at_work_and_no_others(acting, world):
    school = world.school
    for name, person, role in (
        ("app.school", school.parent, "parent"),
        ("", school.facilitator, "facilitator"),
    ):
        connection = acting("wb_authority", world.authority.admin)
        if name:  # whatever else such a statement sets
            connection.execute(
                text("select set_config('app.school', :id, true)"), {"id": str(school.school_id)}
            )
        values = {"who": person.person_id, "role": role}
        ended = connection.execute(text("select identity.end_membership(:who, :role)"), values).scalar_one()
        assert not ended
        seen = connection.execute(
            text("select has_signed_in, open_invitation from identity.person_accounts(array[:who]::uuid[])"),
            values,
        ).one()
        assert tuple(seen) == (False, False)
    connection = acting("wb_authority", world.authority.admin)
    found = connection.execute(
        text("select has_signed_in from identity.person_accounts(array[:who]::uuid[])"),
        {"who": school.lead.person_id},
    )
    assert found.scalar_one()


def test_a_fresh_start_tells_every_old_address_whatever_is_handed_in(acting, world):
    """Nobody's own statement agrees to one that nobody is told of, or in another's name."""
    parent = world.school.graduate
    connection = acting("wb_school", world.school.attendance_lead)
    connection.execute(text("reset role"))
    for table in ("membership", "account"):
        connection.execute(text(f"update identity.{table} set created_at = app.now() - interval '90 days'"))
    connection.execute(text("set local role wb_school"))
    start = {"p": parent.person_id}
    asked = connection.execute(
        text(
            "select identity.ask_fresh_start('01a225d3-bb56-7230-adc8-0d998f35f7aa', 'parent', :p, 'email',"
            " 'mallory@example.org', app.now()::date, 'Somebody Else')"
        ),
        start,
    ).scalar_one()
    assert asked == "asked"
    connection.execute(
        text("select set_config('app.person', :id, true)"), {"id": str(world.school.senco.person_id)}
    )
    agreed = connection.execute(
        text(
            "select identity.agree_fresh_start('01a225d3-bb56-7230-adc8-0d998f35f7aa', gen_random_uuid(), '{}', 'x')"
        )
    ).scalar_one()
    assert agreed == "agreed"
    connection.execute(text("reset role"))
    row = connection.execute(text("select asked_by_name, agreed_by_name, person_id from fresh_start")).one()
    assert row[:2] == (world.school.attendance_lead.name, world.school.senco.name)
    told = connection.execute(
        text("select count(*) from outbox where kind = 'fresh_start_notice'")
    ).scalar_one()
    assert told >= 1
