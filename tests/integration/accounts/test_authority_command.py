"""`webelong authority`: a council is set up once, and its lead's invitation goes out."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from app.cli.authority import authority
from app.messages.services import link_token, token_hash
from infra.database import sqlalchemy_url

EMAIL = "Amina.Diallo@newborough.example.org"


@pytest.fixture
def owner(stack, world):
    """The owner's view; every council that the test adds is taken away again."""
    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        before = set(connection.execute(text("select authority_id from authority")).scalars())
        yield connection
        added = [
            row
            for row in connection.execute(text("select authority_id from authority")).scalars()
            if row not in before
        ]
        for table in ("authority_outbox", "authority_audit_event", "authority_member", "authority"):
            connection.execute(text(f"delete from {table} where authority_id = any(:ids)"), {"ids": added})
        connection.execute(text("delete from identity.token where in_authority = any(:ids)"), {"ids": added})
    engine.dispose()


@pytest.fixture
def run(stack, monkeypatch):
    """The command, told where the test's database is."""
    settings = stack.settings()
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
            monkeypatch.setenv(name.upper(), plain)
    return lambda *arguments: CliRunner().invoke(authority, arguments)


def test_a_council_is_set_up_and_its_lead_invited(run, owner, stack):
    result = run("create", "London Borough of Newborough", "--la-code", "897", "--admin", EMAIL)

    assert result.exit_code == 0, result.output
    assert "invitation" in result.output
    council = owner.execute(text("select * from authority where la_code = '897'")).one()
    assert (council.short_name, council.slug) == ("Newborough", "london-borough-of-newborough")
    lead = owner.execute(
        text("select * from authority_member where authority_id = :id"), {"id": council.authority_id}
    ).one()
    assert (lead.name, lead.role, lead.accepted_at) == ("Amina Diallo", "authority_admin", None)
    message = owner.execute(
        text("select * from authority_outbox where authority_id = :id"), {"id": council.authority_id}
    ).one()
    token = link_token(stack.settings().secret("secret_key"), message.id)
    kept = owner.execute(text("select * from identity.token where outbox_id = :id"), {"id": message.id}).one()
    assert kept.token_hash == token_hash(token)
    assert kept.address == lead.email
    assert token not in result.output


@pytest.mark.parametrize("name", ["Somewhere else", "firstborough COUNCIL"])
def test_a_council_that_is_here_is_not_set_up_twice(run, owner, world, name):
    code = world.authority.la_code if name == "Somewhere else" else "896"

    result = run("create", name, "--la-code", code, "--admin", EMAIL)

    assert result.exit_code == 1
    assert "is here already" in result.output
    assert owner.execute(text("select count(*) from authority where la_code = '896'")).scalar_one() == 0


@pytest.mark.parametrize(
    ("code", "email", "words"),
    [("12", EMAIL, "three digits"), ("12a", EMAIL, "three digits"), ("897", "amina", "not an email address")],
)
def test_what_is_mistyped_is_said_and_nothing_changed(run, owner, code, email, words):
    result = run("create", "Newborough", "--la-code", code, "--admin", email)

    assert result.exit_code == 1
    assert words in result.output
    assert owner.execute(text("select count(*) from authority where name = 'Newborough'")).scalar_one() == 0


def test_an_invitation_that_ran_out_gives_way_to_another(run, owner):
    run("create", "Newborough", "--la-code", "897", "--admin", EMAIL)

    assert run("invite", "897", EMAIL.lower()).exit_code == 0

    states = owner.execute(
        text(
            "select cancelled_at is null from identity.token t join authority a on a.authority_id = t.in_authority"
            " where a.la_code = '897' order by t.created_at"
        )
    ).scalars()
    assert list(states) == [False, True]
    live = owner.execute(
        text(
            "select count(*) from authority_member m join authority a using (authority_id)"
            " where a.la_code = '897' and m.ended_at is null"
        )
    )
    assert live.scalar_one() == 1


def test_nobody_is_invited_to_a_council_that_is_not_here(run, owner):
    result = run("invite", "895", EMAIL)

    assert result.exit_code == 1
    assert "authority create" in result.output


OFFICER = "Lado@newborough.example.org"


def officers(owner):
    """The council's named officers, each with what stands in their invitations: who may be in, and at once."""
    return owner.execute(
        text(
            "select m.name, m.email, m.accepted_at, t.role, t.address, t.is_free, t.cancelled_at"
            " from authority_member m"
            " join authority a using (authority_id) join identity.token t on t.person_id = m.id"
            " where a.la_code = '897' and m.role = 'named_officer' and m.ended_at is null order by t.created_at"
        )
    ).all()


def test_an_officer_is_let_in_where_nobody_could_agree_to_one(run, owner, stack):
    run("create", "Newborough", "--la-code", "897", "--admin", EMAIL)

    result = run("invite", "897", OFFICER, "--officer", "--name", "Noor Haddad")

    assert result.exit_code == 0, result.output
    assert "invitation to Newborough" in result.output
    [officer] = officers(owner)
    assert (officer.name, officer.email, officer.accepted_at) == ("Noor Haddad", OFFICER.lower(), None)
    assert (officer.role, officer.address) == ("named_officer", OFFICER.lower())
    assert officer.is_free, "the operator's appointment waits for nobody"
    message = owner.execute(
        text(
            "select o.id, o.kind from authority_outbox o join authority a using (authority_id)"
            " where a.la_code = '897' order by o.created_at desc, o.id desc limit 1"
        )
    ).one()
    assert message.kind == "member_invitation"
    token = link_token(stack.settings().secret("secret_key"), message.id)
    kept = owner.execute(
        text("select role from identity.token where token_hash = :hash"), {"hash": token_hash(token)}
    )
    assert kept.scalar_one() == "named_officer"
    assert token not in result.output


def test_an_officer_invited_again_is_one_officer(run, owner):
    run("create", "Newborough", "--la-code", "897", "--admin", EMAIL)
    for _time in range(2):
        assert run("invite", "897", OFFICER, "--officer").exit_code == 0

    found = officers(owner)
    assert [one.cancelled_at is None for one in found] == [False, True]
    assert len({one.email for one in found}) == 1
    leads = owner.execute(
        text(
            "select count(*) from authority_member m join authority a using (authority_id)"
            " where a.la_code = '897' and m.role = 'authority_admin'"
        )
    )
    assert leads.scalar_one() == 1, "the lead is nobody else's invitation"


@pytest.mark.parametrize(
    ("code", "email", "words"),
    [("895", OFFICER, "authority create"), ("801", "lado", "not an email address")],
)
def test_an_officer_of_nowhere_and_a_mistyped_one(run, owner, code, email, words):
    result = run("invite", code, email, "--officer")

    assert result.exit_code == 1
    assert words in result.output
