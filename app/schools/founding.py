"""The first people of an authority: done by the operator, as the owner, before anybody could invite them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.accounts.founding import make_link
from app.accounts.services import plain_email
from app.audit.trail import define, record
from app.identity.roles import Role
from app.messages.services import enqueue
from app.shell.parsing import normal_email
from app.shell.refusals import Refused
from app.states.messages import Channel, RecipientKind
from infra.clock import now
from infra.database import make_engine
from infra.ids import new_id
from infra.queue import Bell, ring
from infra.settings import Settings
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

CREATED = define("operator:authority:created")
INVITED = define("operator:admin:invited")
LIFE = timedelta(days=7)


class CannotFound(Refused):
    """Nothing was changed; the message says why and what to do."""


def create_authority(settings: Settings, *, name: str, la_code: str, email: str, lead: str | None) -> int:
    """Set up a council and invite its first lead; how many open schools the register has for it.

    Raises CannotFound when the council is here already, or something is mistyped.
    """
    email, name = _email(email), " ".join(name.split())
    if not 2 <= len(name) <= 100:
        raise CannotFound("Give the council's name, 2 to 100 letters.")
    if not re.fullmatch(r"[0-9]{3}", la_code):
        raise CannotFound(f"{la_code} is no LA code. It has three digits, like 201.")
    authority_id = new_id()
    with _owner_session(settings, authority_id) as session:
        found = session.execute(
            text("select name, la_code from authority where la_code = :code or lower(name) = lower(:name)"),
            {"code": la_code, "name": name},
        ).first()
        if found:
            raise CannotFound(
                f"{found.name} (LA code {found.la_code}) is here already. Nothing was changed."
                f" To invite another lead: `webelong authority invite {found.la_code} EMAIL`."
            )
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
        _invite(session, settings, authority_id, email, lead or _name_of(email))
        return session.execute(
            text("select count(*) from register_school where la_code = :code and is_open"), {"code": la_code}
        ).scalar_one()


def invite_lead(
    settings: Settings, *, la_code: str, email: str, lead: str | None, role: Role = Role.AUTHORITY_ADMIN
) -> str:
    """Invite a lead or an officer, one more or again, to the council with `la_code`; its name. Raises CannotFound.

    The operator's appointment takes no second person at the council and begins at once.
    """
    email = _email(email)
    with _owner_session(settings, None) as session:
        found = session.execute(
            text("select authority_id, name from authority where la_code = :code"), {"code": la_code}
        ).one_or_none()
    if found is None:
        raise CannotFound(
            f"No council here has LA code {la_code}. Set one up with `webelong authority create`."
        )
    with _owner_session(settings, found.authority_id) as session:
        _invite(session, settings, found.authority_id, email, lead or _name_of(email), role, named=bool(lead))
    return found.name


@contextmanager
def _owner_session(settings: Settings, authority_id: UUID | None) -> Iterator[Session]:
    """A transaction as the owner, committed at the end; then the messages worker is rung."""
    engine = make_engine(settings.secret("database_owner_url"))
    try:
        with ScopedSession(engine, scope=Scope(Audience.OWNER, authority_id)) as session, session.begin():
            yield session
    except ProgrammingError:
        raise CannotFound(
            "This database has no tables for it. Let DATABASE_OWNER_URL be the owner's, and run `webelong migrate`."
        ) from None
    except OperationalError:
        raise CannotFound(
            "The database does not answer. Start it, or check DATABASE_OWNER_URL. Nothing was changed."
        ) from None
    finally:
        engine.dispose()
    ring(settings.secret("redis_url"), Bell.MESSAGES)


def _invite(
    session: Session,
    settings: Settings,
    authority_id: UUID,
    email: str,
    name: str,
    role: Role = Role.AUTHORITY_ADMIN,
    *,
    named: bool = False,
) -> None:
    """Add somebody in this role, unless they have it, and the message that lets them in.

    `named`: the name tells them from others at the same address.
    """
    moment = now()
    # Who is in already gets a new password by it; an invitation that nobody took up gives way to the new one.
    there = session.execute(
        text(
            "select id, email from authority_member where authority_id = :authority and lower(email) = :email"
            " and role = :role and ended_at is null and (not :named or lower(btrim(name)) = lower(btrim(:name)))"
            " order by accepted_at nulls last limit 1"
        ),
        {"authority": authority_id, "email": email, "role": role.value, "name": name, "named": named},
    ).one_or_none()
    # As it is written there: the message goes only where the link proves somebody to be.
    person_id, email = (there.id, there.email) if there else (new_id(), email)
    if there is None:
        session.execute(
            text(
                "insert into authority_member (authority_id, id, name, email, role, invited_at)"
                " values (:authority, :id, :name, :email, :role, :at)"
            ),
            {
                "authority": authority_id,
                "id": person_id,
                "name": name,
                "email": email,
                "role": role.value,
                "at": moment,
            },
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
        make_link(
            session,
            settings.secret("secret_key"),
            outbox_id,
            role=role,
            authority_id=authority_id,
            person_id=person_id,
            address=email,
            name=name,
            expires_at=moment + LIFE,
        )
    record(session, INVITED, subject_id=person_id)


def _email(typed: str) -> str:
    try:
        return plain_email(normal_email(typed.strip())) or ""
    except ValueError:
        raise CannotFound(f"{typed} is not an email address. It looks like name@example.com.") from None


def _name_of(email: str) -> str:
    """A name to greet somebody by: amina.diallo@… is Amina Diallo."""
    words = [word for word in re.split(r"[._+\-0-9]+", email.partition("@")[0]) if word]
    return " ".join(word.capitalize() for word in words) or email


def _short(name: str) -> str:
    """The council's name as it stands in a text message."""
    for ending in (" City Council", " County Council", " Borough Council", " Council"):
        name = name.removesuffix(ending)
    for start in ("London Borough of ", "Royal Borough of ", "City of "):
        name = name.removeprefix(start)
    return name
