"""`webelong authority`: a council joins, and its first people are let in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import click
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.accounts.gate import function
from app.accounts.roles import Role
from app.accounts.services import plain_email
from app.messages.models import Channel, RecipientKind
from app.messages.services import enqueue, link_token, token_hash
from app.privacy.audit import define, record
from app.shell.parsing import normal_email
from infra.clock import now
from infra.database import make_engine
from infra.ids import new_id
from infra.queue import Bell, ring
from infra.settings import Settings, load_settings
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

FOUND_TOKEN = function(
    "found_token",
    "hash",
    "role",
    "authority_id",
    "school_id",
    "person_id",
    "address",
    "name",
    "outbox_id",
    "expires_at",
)
CREATED = define("operator:authority:created")
INVITED = define("operator:admin:invited")
LIFE = timedelta(days=7)


@click.group()
def authority() -> None:
    """Councils that run the programme."""


@authority.command()
@click.argument("name")
@click.option(
    "--la-code", required=True, metavar="CODE", help="The three digits of the Department for Education."
)
@click.option("--admin", required=True, metavar="EMAIL", help="Who gets the first invitation.")
@click.option("--admin-name", metavar="NAME", help="Their name; otherwise made from the email.")
def create(name: str, la_code: str, admin: str, admin_name: str | None) -> None:
    """Set up the council NAME and invite its first lead."""
    email = _email(admin)
    name = " ".join(name.split())
    if not 2 <= len(name) <= 100:
        raise click.BadParameter("Give the council's name, 2 to 100 letters.", param_hint="NAME")
    if not re.fullmatch(r"[0-9]{3}", la_code):
        raise click.BadParameter("It has three digits, like 201.", param_hint="--la-code")
    authority_id = new_id()
    with _owner_session(authority_id) as (session, settings):
        _refuse_twice(session, name, la_code)
        _add_authority(session, authority_id, name, la_code, email)
        _invite(session, settings, authority_id, email, admin_name or _name_of(email))
        known = session.execute(
            text("select count(*) from register_school where la_code = :code and is_open"), {"code": la_code}
        ).scalar_one()
    click.echo(
        f"{name} is set up. An invitation to {email} is on its way; its link works for {LIFE.days} days."
    )
    if known:
        click.echo(f"The register has {known:,} open schools with LA code {la_code}.")
    else:
        click.echo(
            f"The register has no school with LA code {la_code} yet: run `webelong register import FILE`."
        )
    click.echo("If no worker runs, start one with `webelong worker messages`.")


@authority.command()
@click.argument("la_code")
@click.argument("email")
@click.option("--name", metavar="NAME", help="Their name; otherwise made from the email.")
def invite(la_code: str, email: str, name: str | None) -> None:
    """Invite a lead to the council with LA_CODE: one more, again, or to set a new password."""
    address = _email(email)
    with _owner_session(None) as (session, _settings):
        found = session.execute(
            text("select authority_id, name from authority where la_code = :code"), {"code": la_code}
        ).one_or_none()
    if found is None:
        raise click.ClickException(
            f"No council here has LA code {la_code}. Set one up with `webelong authority create`."
        )
    with _owner_session(found.authority_id) as (session, settings):
        _invite(session, settings, found.authority_id, address, name or _name_of(address))
    click.echo(
        f"An invitation to {found.name} is on its way to {address}; its link works for {LIFE.days} days."
    )


@contextmanager
def _owner_session(authority_id: UUID | None) -> Iterator[tuple[Session, Settings]]:
    """A transaction as the owner, committed at the end; then the messages worker is rung."""
    settings = load_settings()
    engine = make_engine(settings.secret("database_owner_url"))
    try:
        with ScopedSession(engine, scope=Scope(Audience.OWNER, authority_id)) as session, session.begin():
            yield session, settings
    except ProgrammingError:
        raise click.ClickException(
            "This database has no tables for it. Let DATABASE_OWNER_URL be the owner's, and run `webelong migrate`."
        ) from None
    except OperationalError:
        raise click.ClickException(
            "The database does not answer. Start it, or check DATABASE_OWNER_URL. Nothing was changed."
        ) from None
    finally:
        engine.dispose()
    ring(settings.secret("redis_url"), Bell.MESSAGES)


def _refuse_twice(session: Session, name: str, la_code: str) -> None:
    found = session.execute(
        text("select name, la_code from authority where la_code = :code or lower(name) = lower(:name)"),
        {"code": la_code, "name": name},
    ).first()
    if found:
        raise click.ClickException(
            f"{found.name} (LA code {found.la_code}) is here already. Nothing was changed."
            f" To invite another lead: `webelong authority invite {found.la_code} EMAIL`."
        )


def _add_authority(session: Session, authority_id: UUID, name: str, la_code: str, email: str) -> None:
    session.execute(
        text(
            "insert into authority (authority_id, name, short_name, slug, la_code, contact_email, created_at)"
            " values (:id, :name, :short_name, :slug, :la_code, :email, :at)"
        ),
        {
            "id": authority_id,
            "name": name,
            "short_name": _short(name),
            "slug": "-".join(re.findall(r"[a-z0-9]+", name.lower())) or la_code,
            "la_code": la_code,
            "email": email,
            "at": now(),
        },
    )
    record(session, CREATED, subject_id=authority_id)


def _invite(session: Session, settings: Settings, authority_id: UUID, email: str, name: str) -> None:
    """Add a lead and the message that lets them in."""
    moment = now()
    # Who is in already gets a new password by it; an invitation that nobody took up gives way to the new one.
    person_id = session.execute(
        text(
            "select id from authority_member where authority_id = :authority and lower(email) = :email"
            " and role = 'authority_admin' and ended_at is null order by accepted_at nulls last limit 1"
        ),
        {"authority": authority_id, "email": email},
    ).scalar_one_or_none()
    if person_id is None:
        person_id = new_id()
        session.execute(
            text(
                "insert into authority_member (authority_id, id, name, email, role, invited_at)"
                " values (:authority, :id, :name, :email, 'authority_admin', :at)"
            ),
            {"authority": authority_id, "id": person_id, "name": name, "email": email, "at": moment},
        )
    for outbox_id in enqueue(
        session,
        kind="member_invitation",
        recipient_kind=RecipientKind.MEMBER,
        recipient_id=person_id,
        authority_id=authority_id,
        dedupe_key=f"{person_id}:{moment:%Y%m%d%H%M%S%f}",
        channels=(Channel.EMAIL,),
        not_after=moment + LIFE,
    ):
        session.execute(
            FOUND_TOKEN,
            {
                "hash": token_hash(link_token(settings.secret("secret_key"), outbox_id)),
                "role": Role.AUTHORITY_ADMIN.value,
                "authority_id": authority_id,
                "school_id": None,
                "person_id": person_id,
                "address": email,
                "name": name,
                "outbox_id": outbox_id,
                "expires_at": moment + LIFE,
            },
        )
    record(session, INVITED, subject_id=person_id)


def _email(typed: str) -> str:
    try:
        return plain_email(normal_email(typed.strip())) or ""
    except ValueError:
        raise click.BadParameter(
            f"{typed} is not an email address. It looks like name@example.com."
        ) from None


def _name_of(email: str) -> str:
    """A name to greet somebody by: amina.diallo@… is Amina Diallo."""
    words = [word for word in re.split(r"[._+\-0-9]+", email.partition("@")[0]) if word]
    return " ".join(word.capitalize() for word in words) or email


def _short(name: str) -> str:
    for ending in (" City Council", " County Council", " Borough Council", " Council"):
        name = name.removesuffix(ending)
    for start in ("London Borough of ", "Royal Borough of ", "City of "):
        name = name.removeprefix(start)
    return name
