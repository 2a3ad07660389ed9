"""Functions that run with their owner's rights trust no id that they are handed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.session import ASSUME
from tests.isolation import definer_groups, definers
from tests.isolation.digests import Digests
from tests.support.reading import sqlstate

#: Audience -> who of a school or authority of the world is served as it.
PEOPLE = {
    "wb_school": "school.senco",
    "wb_dsl": "school.dsl",
    "wb_head": "school.head_teacher",
    "wb_office": "school.office",
    "wb_parent": "school.parent",
    "wb_facilitator": "school.facilitator",
    "wb_authority": "authority.admin",
    "wb_officer": "authority.officer",
    "wb_commissioner": "authority.commissioner",
}
LOGINS = ("wb_web", "wb_signin")


@pytest.fixture(scope="module")
def catalogue(stack, world):
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def attacked(stack, world):
    """The superuser's connection with something to take in every place; all undone at the end."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection, connection.begin() as outer:
        yield (
            connection,
            {
                name: _fill(connection, school)
                for name, school in (
                    ("sibling", world.sibling_school),
                    ("other", world.other_school),
                    ("own", world.school),
                )
            },
        )
        outer.rollback()
    engine.dispose()


def _fill(connection, school) -> dict[str, object]:
    """Ids of a school, with an open session, an invitation, a passkey and a directory behind its lead's account."""
    lead = school.lead
    ids: dict[str, Any] = {}
    ids |= {
        "authority": school.authority_id,
        "school": school.school_id,
        "cohort": school.ids["cohort_id"],
        "cohorts": [school.ids["cohort_id"]],
        "meeting": school.ids["session_id"],
        "document": school.ids["brief_document_id"],
        "person": school.parent.person_id,
        "people": [school.parent.person_id],
        "membership": lead.membership_id,
        "account": lead.account_id,
        "session": new_id().bytes,
        "session_id": new_id(),
        "passkey": new_id(),
        "credential": new_id().bytes,
        "concern": school.ids["concern_id"],
        "concerns": [school.ids["concern_id"]],
        "appointment": school.ids["appointment_id"],
        "appointments": [school.ids["appointment_id"]],
        "offer": new_id(),
        "theme": new_id(),
        "call": new_id(),
        "signup": new_id(),
        "signup_link": new_id(),
    }
    for statement in (
        "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
        " values (:session, :session_id, :account, :membership, app.now() + interval '1 hour', '1 hour')",
        "insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)"
        " values (:passkey, :account, :credential, 'key', 0, 'Phone')",
        "insert into identity.federated_identity (id, account_id, provider, issuer, subject)"
        " values (:passkey, :account, 'directory', 'https://id.example.org', cast(:account as text))",
        "insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel, address,"
        " outbox_id, expires_at) values (:credential, 'parent_invitation', 'parent', :authority, :school, :person,"
        " 'email', 'somebody@example.org', :passkey, app.now() + interval '1 day')",
        "insert into place_offer (school_id, id, cohort_id, parent_id, answer_by)"
        " values (:school, :offer, :cohort, :person, current_date + 9)",
        "insert into signup_link (school_id, id, kind, open_until, made_by_name)"
        " values (:school, :signup_link, 'page', current_date + 9, 'Somebody')",
        "insert into identity.recovery_code (account_id, code_hash) values (:account, 'code')",
        "update identity.account set totp_secret = 'sealed'",
    ):
        connection.execute(text(statement), ids)
    return ids


_KEPT = text(
    "select md5(string_agg(t, '|' order by t)) from (select a::text t from identity.account a"
    " union all select m::text from identity.membership m union all select k::text from identity.passkey k"
    " union all select f::text from identity.federated_identity f"
    " union all select c::text from identity.recovery_code c"
    " union all select t::text from identity.token t"
    " union all select s::text from identity.browser_session s where s.account_id is not null) x"
)


def _answer(connection, definer, values) -> str:
    step = connection.begin_nested()
    try:
        return definers.without_ids(connection.execute(text(definer.statement()), values).all(), values)
    except DBAPIError as error:
        return sqlstate(error)
    finally:
        step.rollback() if step.is_active else None


def test_every_function_is_in_one_group_of_the_table(catalogue):
    found = {definer.name for definer in definers.live(catalogue)}
    listed = [name for group in definer_groups.GROUPS for name in group]

    assert found - set(listed) == set(), (
        "not attacked: say in tests/isolation/definer_groups.py who calls them with what"
    )
    assert set(listed) - found == set()
    assert len(listed) == len(set(listed))


def test_every_argument_that_takes_an_id_is_known(catalogue):
    for definer in definers.live(catalogue):
        if (
            definer.name
            not in definer_groups.OF_LINKS
            | definer_groups.OF_WORKERS
            | definer_groups.BY_SECRET
            | definer_groups.INNER
        ):
            definer.id_arguments()


def test_each_group_of_declarations_is_for_the_role_it_names(catalogue):
    for definer in definers.live(catalogue):
        roles = set(definer.roles)
        if definer.name in definer_groups.BY_SECRET | definer_groups.ON_THE_WAY:
            assert roles == {"wb_signin"}, definer.name
        if definer.name in definer_groups.BY_TOKEN:
            assert roles == {"wb_public"}, definer.name
        if definer.name in definer_groups.INNER:
            assert not roles, definer.name
        if definer.name in definer_groups.BY_SESSION:
            assert len(roles) == 1, definer.name
            assert roles <= set(LOGINS), definer.name
        if definer.name in definer_groups.SCOPED | definer_groups.OF_WORKERS:
            assert not roles & set(LOGINS), definer.name


def _attack(connection, world, ids) -> tuple[int, list[tuple]]:
    """How many calls were tried, and which of them told of another place or changed it."""
    foreign = Digests(connection, [world.sibling_school, world.other_school], [world.other_authority])
    tried, faults = 0, []
    for definer in definers.live(connection):
        if definer.name not in definer_groups.SCOPED:
            continue
        for role in sorted(set(definer.roles) & set(PEOPLE)):
            place, who = PEOPLE[role].split(".")
            person = getattr(getattr(world, place), who)
            # A council's own schools are its own.
            is_meant = role == "wb_authority" or definer.name in definer_groups.INTO_A_SIBLING
            for whose in ("other",) if is_meant else ("sibling", "other"):
                for values in definers.calls(definer, ids[whose]):
                    before = (foreign.take(), connection.execute(_KEPT).scalar_one())
                    step = connection.begin_nested()
                    connection.execute(text("set local session authorization wb_web"))
                    connection.execute(ASSUME, person.scope.as_parameters())
                    said = _answer(connection, definer, values)
                    nothing = _answer(connection, definer, definers.nobodys(definer))
                    try:
                        connection.execute(text(definer.statement()), values)
                        connection.execute(text("set local session authorization default"))
                        changed = (foreign.take(), connection.execute(_KEPT).scalar_one()) != before
                    except DBAPIError:
                        changed = False
                    step.rollback()
                    tried += 1
                    if said != nothing or changed:
                        faults.append((definer.name, role, whose, said, nothing, changed))
    return tried, faults


def test_a_foreign_id_is_like_an_id_of_nothing(world, attacked, record_property):
    """In each argument, for each audience that may call it: the same answer, and nothing of theirs has changed."""
    tried, faults = _attack(attacked[0], world, attacked[1])

    record_property("definer_attacks", tried)
    assert faults == []
    assert tried > 20


@pytest.mark.parametrize(
    "body",
    [
        "update identity.account a set totp_secret = null where a.id in (select m.account_id from identity.membership m"
        " where m.person_id = p_person_id); return false;",
        "return exists (select from identity.membership m where m.person_id = p_person_id);",
    ],
)
def test_a_function_that_trusts_its_ids_is_seen(world, attacked, body):
    connection, ids = attacked
    connection.exec_driver_sql(
        "create or replace function identity.reset_second_factor(p_person_id uuid) returns boolean language plpgsql"
        f" security definer set search_path = pg_catalog, pg_temp as $f$ begin {body} end $f$"
    )
    _tried, faults = _attack(connection, world, ids)

    assert {fault[0] for fault in faults} == {"identity.reset_second_factor"}


def test_a_parent_ends_nobody_elses_membership_at_their_own_school(world, attacked):
    connection, _ids = attacked
    connection.execute(text("set local session authorization wb_web"))
    connection.execute(ASSUME, world.school.parent.scope.as_parameters())
    for other in (world.school.other_parent, world.school.lead, world.school.facilitator):
        for role in ("parent", "school_lead", "facilitator"):
            ended = connection.execute(
                text("select identity.end_membership(:person, :role)"),
                {"person": other.person_id, "role": role},
            ).scalar_one()
            assert ended is False
        connection.execute(text("select identity.cancel_tokens(:person)"), {"person": other.person_id})
    connection.execute(text("set local session authorization default"))
    assert (
        connection.execute(
            text(
                "select count(*) from identity.token where in_school = :school and cancelled_at is not null"
            ),
            {"school": world.school.school_id},
        ).scalar_one()
        == 0
    )


@pytest.mark.parametrize("browser", ["visitor", "ended", "unknown"])
def test_a_browser_that_is_nobodys_reaches_nobody(attacked, browser):
    """With the hash of a visitor's, of one whose membership has ended, and of none; ids of an account beside it."""
    connection, ids = attacked
    mine = new_id().bytes
    if browser == "visitor":
        connection.execute(
            text(
                "insert into identity.browser_session (token_hash, id, expires_at, idle)"
                " values (:mine, gen_random_uuid(), app.now() + interval '1 hour', '1 hour')"
            ),
            {"mine": mine},
        )
    if browser == "ended":
        mine = ids["own"]["session"]
        # The last lead of a running school is not let go: here they are gone all the same.
        connection.execute(text("alter table identity.membership disable trigger membership_last"))
        connection.execute(
            text("update identity.membership set ended_at = app.now() where id = :membership"), ids["own"]
        )
    faults = []
    for definer in definers.live(connection):
        if definer.name not in definer_groups.BY_SESSION or definer.name == "identity.end_session":
            continue
        for whose in ("sibling", "other"):
            values = next(definers.calls(definer, ids[whose] | {"session": mine}))
            values |= {
                f"a{n}": (mine if name in ("p_hash", "p_old_hash") else ids[whose][definers.IDS[name]])
                for n, name in enumerate(definer.names)
                if name in definers.IDS
            }
            step = connection.begin_nested()
            before = connection.execute(_KEPT).scalar_one()
            connection.execute(text(f"set local session authorization {definer.roles[0]}"))
            try:
                said = str(connection.execute(text(definer.statement()), values).all())
            except DBAPIError as error:
                said = sqlstate(error)
            else:
                connection.execute(text("set local session authorization default"))
                own = browser == "ended"
                if not own and connection.execute(_KEPT).scalar_one() != before:
                    faults.append((definer.name, "changed something"))
            step.rollback()
            for kind in ("account", "membership", "passkey", "session_id"):
                if str(ids[whose][kind]) in said:
                    faults.append((definer.name, f"{whose} {kind}"))
    assert faults == []
