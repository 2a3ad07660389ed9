"""People on their way in: a colleague with password and app, links as they stand in messages, the browser's cookie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.accounts import oidc, second_factor, staff
from app.accounts.services import invite, offer_facilitator
from app.extensions import db
from app.identity.current import session as web_session
from app.identity.gate import ask_signing_in
from app.identity.roles import Role
from app.identity.secrets import seal
from app.identity.websession import Identity, RowSessionInterface, start_session
from app.messages.services import link_token
from infra.clock import now
from infra.ids import new_id
from infra.openid_client import Proof, clients_for
from tenants.session import ASSUME
from tests.support.borrowed import as_login
from tests.support.client import PageClient
from tests.support.links import sent
from tests.support.openid import FakeProvider, running_provider
from tests.support.world import Person, World

PASSWORD = "kettle harbour nine"


@dataclass
class Colleague:
    """Somebody at work whose password and app a test knows."""

    person: Person
    secret: str | None
    codes: list[str]
    password: str = PASSWORD

    def app_code(self, steps: int = 0) -> str:
        """What their app shows; `steps` half-minutes later."""
        return pyotp.TOTP(self.secret or "").at(now() + timedelta(seconds=30 * steps))


@pytest.fixture
def colleague_of(app: Flask) -> Callable[..., Colleague]:
    """Give a person of the world a password, and an app unless `has_app` is false."""

    def make(person: Person, *, has_app: bool = True) -> Colleague:
        with app.test_request_context():
            staff.change_password(person.account_id, PASSWORD)
            if not has_app:
                return Colleague(person, None, [])
            secret, codes = second_factor.new_secret(), second_factor.new_recovery_codes()
            ask_signing_in(
                staff.SET_TOTP,
                account_id=person.account_id,
                secret=seal(app.config["SECRET_KEY"], secret),
                step=0,
                codes=[staff._code_hash(person.account_id, code) for code in codes],
            )
        return Colleague(person, secret, codes)

    return make


@pytest.fixture
def acting_as(app: Flask) -> Callable[[Person], AbstractContextManager[Session]]:
    """A request of that person: the block's database session serves them, and is committed at its end.

    Closed before a browser asks for anything, so that nothing of it is left in the application's context.
    """

    @contextmanager
    def act(person: Person) -> Iterator[Session]:
        with app.test_request_context():
            web_session.identity = Identity(
                account_id=person.account_id,
                membership_id=person.membership_id,
                person_id=person.person_id,
                role=person.role,
                name=person.name,
                email=person.email,
                authority_id=person.authority_id,
                authority_name="",
                school_id=person.school_id,
                school_name=None,
                other_memberships=0,
                has_second_factor=True,
            )
            session = db.session()
            session.enter(person.scope)
            yield session
            session.commit()
            db.session.remove()

    return act


@pytest.fixture
def invitation_to(
    app: Flask, acting_as: Callable, world: World, connection: Connection
) -> Callable[..., str]:
    """The secret of an invitation that the school's lead sends, to somebody who is on the school's list."""

    def make(
        role: Role,
        *,
        email: str | None = None,
        phone: str | None = None,
        person_id: UUID | None = None,
        by: Person | None = None,
        name: str = "Amina Test",
    ) -> str:
        by, person_id = by or world.school.lead, person_id or new_id()
        with acting_as(by) as session:
            listed(session, by, role, person_id, name)
            if role is Role.FACILITATOR:
                become_ready(session, person_id)
            ids = invite(
                session,
                role=role,
                authority_id=by.authority_id,
                school_id=by.school_id,
                person_id=person_id,
                email=email,
                phone=phone,
                name=name,
            )
        return sent(connection, app.config["SECRET_KEY"], ids[0])

    return make


def become_ready(session: Session, facilitator_id: UUID) -> None:
    """The two last steps of somebody who may lead."""
    for stage in ("training", "ready"):
        session.execute(
            text("update facilitator set stage = :stage where id = :id"),
            {"stage": stage, "id": facilitator_id},
        )


def listed(session: Session, by: Person, role: Role, person_id: UUID, name: str = "Amina Test") -> UUID:
    """Put somebody on the list of their place, unless they are there: an invitation is for nobody else."""
    values = {
        "school": by.school_id,
        "authority": by.authority_id,
        "id": person_id,
        "name": name,
        "first": name.split()[0],
        "last": name.split()[-1],
        "role": role.value,
        "email": f"{person_id}@list.example.org",
    }
    if role is Role.PARENT:
        new = session.execute(
            text(
                "insert into parent (school_id, id, stage_changed_at, created_at) select :school, :id, app.now(),"
                " app.now() where not exists (select from parent where school_id = :school and id = :id)"
            ),
            values,
        )
        if new.rowcount:  # type: ignore[attr-defined]
            session.execute(
                text(
                    "insert into parent_contact (school_id, parent_id, first_name, last_name, email)"
                    " values (:school, :id, :first, :last, :email)"
                ),
                values,
            )
    elif role is Role.FACILITATOR:
        session.execute(
            text(
                "insert into facilitator (school_id, id, name, stage_changed_at, created_at)"
                " select :school, :id, :name, app.now(), app.now()"
                " where not exists (select from facilitator where school_id = :school and id = :id)"
            ),
            values,
        )
    elif by.school_id is not None:
        session.execute(
            text(
                "insert into staff_member (school_id, id, name, email, role, invited_at)"
                " select :school, :id, :name, :email, :role, app.now()"
                " where not exists (select from staff_member where school_id = :school and id = :id)"
            ),
            values,
        )
    else:
        session.execute(
            text(
                "insert into authority_member (authority_id, id, name, email, role)"
                " select :authority, :id, :name, :email, :role"
                " where not exists (select from authority_member where authority_id = :authority and id = :id)"
            ),
            values,
        )
    return person_id


@pytest.fixture
def is_parent_too(connection: Connection) -> Callable[[UUID, Person], None]:
    """Make a facilitator and a parent one person; as the superuser, for nobody may do so to a row that stands."""

    def make(facilitator_id: UUID, parent: Person) -> None:
        with as_login(connection, "postgres"):
            connection.execute(
                text("update facilitator set parent_id = :parent where id = :id"),
                {"parent": parent.person_id, "id": facilitator_id},
            )

    return make


@pytest.fixture
def offered_to(
    acting_as: Callable, is_parent_too: Callable[[UUID, Person], None], world: World
) -> Callable[[Person], UUID]:
    """Offer a parent of the school the facilitator's pages; the facilitator's id."""

    def make(parent: Person) -> UUID:
        with acting_as(world.school.lead) as session:
            person_id = listed(session, world.school.lead, Role.FACILITATOR, new_id())
        is_parent_too(person_id, parent)
        with acting_as(world.school.lead) as session:
            assert not offer_facilitator(session, parent.person_id, person_id), "not before they are ready"
            become_ready(session, person_id)
            assert offer_facilitator(session, parent.person_id, person_id)
        return person_id

    return make


def accept_offer(client: PageClient) -> None:
    """Press *Accept this role* and go on in it."""
    offer = re.search(r'name="offer" value="([^"]+)"', client.get("/change-role").text)
    assert offer
    assert client.post("/change-role", data={"offer": offer.group(1)}).status_code == 303


@pytest.fixture
def link_asked_by(
    app: Flask, connection: Connection, world: World
) -> Callable[[PageClient, str], str | None]:
    """The secret in the message that follows when `client` asks for a link; None when no message does."""

    def messages() -> list[UUID]:
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        return list(connection.execute(text("select id from outbox where kind = 'sign_in_link'")).scalars())

    def ask_for(client: PageClient, address: str) -> str | None:
        before = set(messages())
        assert client.post("/new-link", data={"address": address}).status_code == 303
        new = [message_id for message_id in messages() if message_id not in before]
        return link_token(app.config["SECRET_KEY"], new[0]) if new else None

    return ask_for


@pytest.fixture
def links_asked_by(
    app: Flask, connection: Connection, world: World
) -> Callable[[PageClient, str], list[str]]:
    """The secrets in all messages that follow when `client` asks for a link: one for each who shares the address."""

    def ask_for(client: PageClient, address: str) -> list[str]:
        def messages() -> list[UUID]:
            connection.execute(ASSUME, world.school.lead.scope.as_parameters())
            return list(
                connection.execute(text("select id from outbox where kind = 'sign_in_link'")).scalars()
            )

        before = messages()
        client.post("/new-link", data={"address": address})
        return [link_token(app.config["SECRET_KEY"], one) for one in messages() if one not in before]

    return ask_for


@pytest.fixture
def cookie_of(app: Flask) -> Callable[[PageClient], str | None]:
    """The secret that a browser holds."""

    def read(client: PageClient) -> str | None:
        cookie = client.get_cookie(RowSessionInterface().cookie_name(app))
        return cookie.value if cookie else None

    return read


@pytest.fixture
def with_csrf(app: Flask) -> Iterator[None]:
    """The token check is on, as it is outside tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def provider(app: Flask) -> Iterator[FakeProvider]:
    """A directory, "Larkfield ID", that people at work may sign in with."""
    with running_provider() as found:
        app.extensions["openid"] = clients_for([found.settings()])
        yield found
        app.extensions["openid"] = {}


@pytest.fixture
def connected(app: Flask, provider: FakeProvider) -> Callable[..., Person]:
    """Connect a person of the world with a subject at the provider, who now sits at the browser."""

    def make(person: Person, subject: str = "person-1") -> Person:
        with app.test_request_context():
            start_session(web_session, person.membership_id, role=person.role)
            assert oidc.connect("larkfield", Proof(provider.issuer, subject, True, True))
        provider.subject = subject
        return person

    return make


@pytest.fixture
def entered(acting_as: Callable, world: World) -> Callable[..., UUID]:
    """Somebody on a school's list, or a facilitator, with an address."""

    def make(
        *, by: Person | None = None, email: str = "", phone: str = "", table: str = "parent_contact"
    ) -> UUID:
        by, person = by or world.school.lead, new_id()
        values = {"school": by.school_id, "id": person, "email": email, "phone": phone}
        with acting_as(by) as session:
            if table == "parent_contact":
                session.execute(
                    text(
                        "insert into parent (school_id, id, stage_changed_at, created_at)"
                        " values (:school, :id, app.now(), app.now())"
                    ),
                    values,
                )
                session.execute(
                    text(
                        "insert into parent_contact (school_id, parent_id, first_name, last_name, email, phone)"
                        " values (:school, :id, 'Ada', 'Couple', :email, :phone)"
                    ),
                    values,
                )
            else:
                session.execute(
                    text(
                        "insert into facilitator (school_id, id, name, email, phone, stage_changed_at, created_at)"
                        " values (:school, :id, 'Ada Couple', :email, :phone, app.now(), app.now())"
                    ),
                    values,
                )
        return person

    return make


@pytest.fixture
def joined(client_for: Callable, invitation_to: Callable) -> Callable[..., PageClient]:
    """A browser of Ben, who opened his invitation just now."""

    def make(**address: str) -> PageClient:
        client = client_for(None)
        link = invitation_to(Role.PARENT, name="Ben Couple", **(address or {"email": "couple@example.org"}))
        assert client.post(f"/link/{link}").status_code == 303
        return client

    return make
