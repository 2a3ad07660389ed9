"""A statement smuggled into a page runs as the pages' login. It makes nobody signed in, and is believed in nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from app.accounts.services import invite
from app.identity import websession
from app.identity.gate import ask
from app.identity.roles import Role
from app.identity.secrets import seal_for
from app.identity.websession import WebSession, hash_secret
from app.messages.links import link_token, token_hash
from infra.clock import now
from infra.ids import new_id
from tenants.scope import WEB_AUDIENCES, Audience, Scope
from tenants.session import ASSUME
from tests.integration.accounts.conftest import listed
from tests.isolation.grants import read_file
from tests.support.links import sent

#: What pages may call (`app.enter` with their own rights). Arguments are tried in tests/isolation/test_definers.py.
OF_PAGES = {
    "app.enter", "open_session", "touch_session", "save_session", "end_session", "open_feed", "open_signup", "sign_up",
    "open_presenting", "answer_presenting",
}  # fmt: skip


@pytest.fixture
def as_pages(stack, world):
    with psycopg.connect(stack.url("wb_web"), autocommit=True) as connection:
        yield connection


def test_the_login_of_pages_is_refused_at_every_door_of_signing_in(as_pages):
    """Each function, with arguments of the right number: the right is missing, not the row."""
    doors = [name for name, roles in read_file()["function"].items() if roles == ["wb_signin"]]
    assert len(doors) > 30
    numbers = dict(
        as_pages.execute(
            "select 'identity.' || p.proname, p.pronargs from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'identity'"
        ).fetchall()
    )
    for door in doors:
        nothing = sql.SQL(", ").join([sql.SQL("null")] * numbers[door])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_pages.execute(
                sql.SQL("select * from {}({})").format(sql.Identifier(*door.split(".")), nothing)
            )


def test_the_example_of_the_issue(as_pages, world):
    """A hash, a sealed secret, a safeguarding lead's desk without password or code."""
    lead = world.school.dsl
    for statement, values in (
        ("select * from identity.find_password_account(%s)", [lead.email]),
        ("select identity.app_secret(%s)", [lead.account_id]),
        (
            "select identity.start_session(%s, %s, %s, %s, '{}', %s, '1 hour', '')",
            [b"", b"mine", new_id(), lead.membership_id, now() + timedelta(hours=1)],
        ),
        ("select identity.confirm_session(%s, %s)", [b"mine", now()]),
        ("select identity.set_password(%s, 'x')", [lead.account_id]),
        ("select identity.count_tries('code', 'x', '{1 hour}', '{1}')", []),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_pages.execute(statement, values)


def test_the_login_of_signing_in_sees_no_table_and_becomes_nobody(stack, world):
    with psycopg.connect(stack.url("wb_signin"), autocommit=True) as connection:
        for statement in (
            "select * from identity.account",
            "select * from public.parent",
            "select * from published.release",
            "set role wb_school",
            "set role wb_identity",
            "select identity.purge()",
            "select * from identity.token_address(gen_random_uuid())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.fixture
def forged(app):
    """Write into a browser's row what its page would believe, as a smuggled statement could."""

    def write(client, data) -> None:
        with app.test_request_context():
            ask(
                websession.SAVE,
                hash=hash_secret(client.get_cookie("webelong").value),
                id=new_id(),
                data=json.dumps(data),
                expires_at=now() + timedelta(days=365),
                idle=timedelta(days=365),
                label="",
            )

    return write


def test_a_row_that_says_a_password_was_right_is_not_believed(client_for, forged, world):
    """Somebody invited who has no app yet: "pending" alone would let a stranger set theirs up."""
    client = client_for(None)
    client.post("/new-link", data={"address": "nobody@a.example.org"})
    forged(
        client, {"pending": {"account": str(world.school.lead.account_id), "since": int(now().timestamp())}}
    )

    assert client.get("/sign-in/set-up").status_code == 303
    assert client.get("/sign-in/code").location.endswith("/sign-in")


def test_what_was_sealed_for_one_browser_says_nothing_in_another(app, client_for, forged, world):
    """Copied from a row where it was true."""
    client = client_for(None)
    client.post("/new-link", data={"address": "nobody@a.example.org"})
    with app.test_request_context():
        true = WebSession("another browser's secret", {"pending": {"account": "x", "since": 0}})
        assert websession._opened(app, "another browser's secret", _sealed(app, true))
        assert websession._opened(app, client.get_cookie("webelong").value, _sealed(app, true)) == {}


def _sealed(app, session):
    return seal_for(app.config["SECRET_KEY"], session.secret, json.dumps(dict(session)))


def test_a_row_that_says_strong_is_not_believed(client_for, forged, world):
    client = client_for(world.school.facilitator)
    client.get("/my-account")
    forged(client, {"strong": True})
    with client.session_transaction() as data:
        assert "strong" not in data


def test_a_row_made_by_pages_is_a_visitors(app, client_for, forged, world):
    client = client_for(None)
    client.post("/new-link", data={"address": "nobody@a.example.org"})
    forged(client, {})
    with app.test_request_context():
        row = ask(websession.OPEN, hash=hash_secret(client.get_cookie("webelong").value))[0]
    assert row.account_id is None
    assert row.membership_id is None


def test_what_is_typed_rests_sealed(app, client_for, world):
    client = client_for(None)
    page = client.get("/new-link")
    assert page.status_code == 200
    client.post("/new-link", data={"address": "typed@a.example.org"})
    with app.test_request_context():
        data = ask(websession.OPEN, hash=hash_secret(client.get_cookie("webelong").value))[0].data
    assert isinstance(data, str), "sealed, not a document"
    assert "browser" not in data


# ---- invitations


def test_an_invitation_opens_from_the_moment_that_it_is_sent(app, connection, client_for, acting_as, world):
    with acting_as(world.school.lead) as session:
        listed(session, world.school.lead, Role.PARENT, person_id := new_id())
        (outbox_id,) = invite(
            session,
            role=Role.PARENT,
            authority_id=world.school.authority_id,
            school_id=world.school.school_id,
            person_id=person_id,
            email="new@a.example.org",
            name="Amina Test",
        )
    # Whoever knows the key and the id of the message does not yet know what it will say.
    before = link_token(app.config["SECRET_KEY"], outbox_id)

    token = sent(connection, app.config["SECRET_KEY"], outbox_id)

    assert token != before
    assert client_for(None).get(f"/link/{before}").status_code == 404
    assert client_for(None).get(f"/link/{token}").status_code == 200
    assert sent(connection, app.config["SECRET_KEY"], outbox_id) == token, "sent again it is the same"


def test_before_it_is_sent_an_invitation_opens_by_nothing(app, connection, acting_as, world):
    """Not by what the key and the ids of two messages make, with or without what the database keeps of it."""
    with acting_as(world.school.lead) as session:
        listed(session, world.school.lead, Role.PARENT, person_id := new_id())
        (outbox_id,) = invite(
            session,
            role=Role.PARENT,
            authority_id=world.school.authority_id,
            school_id=world.school.school_id,
            person_id=person_id,
            email="new@a.example.org",
            name="Amina Test",
        )
    connection.execute(text("set local session authorization default"))
    row = connection.execute(
        text("select token_hash, salt from identity.token where outbox_id = :id"), {"id": outbox_id}
    ).one()
    key = app.config["SECRET_KEY"]
    known = {token_hash(link_token(key, outbox_id, salt)) for salt in (b"", bytes(row.salt))}

    assert bytes(row.token_hash) not in known
    assert row.token_hash != row.salt
    assert len(row.salt) == 32


@pytest.mark.parametrize("foreign", ["sibling_school", "other_school"])
def test_a_message_of_another_place_arms_nothing(app, connection, acting_as, world, foreign):
    """A page may write a message that repeats any other: what it repeats elsewhere opens nothing by it."""
    with acting_as(world.school.lead) as session:
        listed(session, world.school.lead, Role.PARENT, person_id := new_id())
        (outbox_id,) = invite(
            session,
            role=Role.PARENT,
            authority_id=world.school.authority_id,
            school_id=world.school.school_id,
            person_id=person_id,
            email="new@a.example.org",
            name="Amina Test",
        )
    place = getattr(world, foreign)
    connection.execute(text("set local session authorization wb_dispatch"))
    for authority, school in (
        (place.authority_id, place.school_id),
        (place.authority_id, None),
        (world.school.authority_id, None),
    ):
        connection.execute(ASSUME, Scope(Audience.DISPATCH, authority, school).as_parameters())
        connection.execute(
            text("select identity.arm_token(:id, :hash)"), {"id": outbox_id, "hash": b"\x01" * 32}
        )
    connection.execute(text("set local session authorization default"))
    kept = connection.execute(
        text("select token_hash from identity.token where outbox_id = :id"), {"id": outbox_id}
    ).scalar_one()
    assert kept != b"\x01" * 32


def test_no_audience_hands_over_a_secret_or_is_given_one(connection):
    """No function that a page may call takes or answers bytes, but those of a browser's own session."""
    connection.execute(text("set local session authorization default"))
    found = connection.execute(
        text(
            "select distinct n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " cross join pg_roles r where n.nspname in ('app', 'identity') and r.rolname = any(:roles)"
            " and has_function_privilege(r.oid, p.oid, 'execute')"
            " and (p.prorettype = any(cast(:bytes as oid[])) or p.proargtypes::oid[] && cast(:bytes as oid[])"
            " or p.proallargtypes && cast(:bytes as oid[]))"
            " order by 1"
        ),
        {
            "roles": [audience.value for audience in WEB_AUDIENCES] + ["wb_web"],
            "bytes": [17, 1001],
        },
    ).scalars()
    # The hash of an address for one's own dates, in one's own browser (`identity.is_pressed`); it opens no session.
    # And of a school's sign-up pages: who has such an address leaves a name there, and reads nobody's.
    of_signing_up = {"give_signup_address", "open_signup", "sign_up"}
    # And of what a council's service at Notify bears: who has it says what became of a message, and reads nothing.
    of_notify = {"app.bears_council_token", "app.keep_council_delivery", "app.keep_council_text"}
    known = OF_PAGES | {"set_feed"} | of_signing_up | of_notify
    assert {name.removeprefix("identity.") for name in found} <= known


@pytest.mark.parametrize("role", ["wb_web", "wb_signin", *WEB_AUDIENCES])
def test_nobody_who_serves_pages_arms_or_reads_a_token(connection, role):
    connection.execute(text("set local session authorization default"))
    may = connection.execute(
        text(
            "select has_function_privilege(:role, 'identity.arm_token(uuid, bytea)', 'execute'),"
            " has_function_privilege(:role, 'identity.token_address(uuid)', 'execute'),"
            " has_function_privilege(:role, 'identity.unknown()', 'execute'),"
            " has_any_column_privilege(:role, 'identity.token', 'select, insert, update')"
        ),
        {"role": role},
    ).one()
    assert not any(may)
