"""Browser sessions as rows: the cookie holds a secret that means nothing without its row.

Flask's own signed cookie cannot be ended from the server, so it is not used. What a row holds is sealed with the
browser's secret and ours: whoever can write rows cannot write what we believe (that a password was right, say), and
whoever can read them reads nothing that was typed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from flask_login import UserMixin
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import CallbackDict

from app.extensions import db
from app.identity.gate import ask, ask_signing_in, function
from app.identity.roles import LINK_ROLES, Role, label_of
from app.identity.secrets import Unreadable, seal_for, unseal_for
from infra.clock import now
from infra.ids import new_id
from infra.logs import get_logger
from tenants.scope import Scope

#: How long a session may live, and how long it may lie idle. `identity.start_session` and `save_session` allow no more
#: than twelve hours and two.
STAFF_LIFE, STAFF_IDLE = timedelta(hours=12), timedelta(minutes=30)
PARENT_LIFE, PARENT_IDLE = timedelta(hours=12), timedelta(hours=2)
VISITOR_LIFE, VISITOR_IDLE = timedelta(hours=4), timedelta(hours=2)

#: What is raised when no connection can be had.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)

#: The id of no school.
NO_SCHOOL = UUID(int=0)

log = get_logger()

OPEN = function("open_session", "hash")
SAVE = function("save_session", "hash", "id", "data", "expires_at", "idle", "label")
START = function(
    "start_session", "old_hash", "hash", "id", "membership_id", "data", "expires_at", "idle", "label"
)
END = function("end_session", "hash")


def idle_seconds(role: Role) -> int:
    """How long a session of this role may lie idle."""
    return int((PARENT_IDLE if role in LINK_ROLES else STAFF_IDLE).total_seconds())


def hash_secret(secret: str) -> bytes:
    """What the database knows of a secret."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class Identity(UserMixin):
    """Who asks, in the role that they act in now."""

    account_id: UUID
    membership_id: UUID
    person_id: UUID
    role: Role
    name: str
    email: str | None
    authority_id: UUID
    authority_name: str
    school_id: UUID | None
    school_name: str | None
    other_memberships: int
    has_second_factor: bool
    #: Of their authority: `#17504a`.
    brand_colour: str = ""
    #: Whether they stand in for a safeguarding lead, as it was when they signed in.
    is_deputy: bool = False

    # Fields of the page header.
    @property
    def role_label(self) -> str:
        return label_of(self.role, is_deputy=self.is_deputy)

    @property
    def audience(self) -> str:
        return self.role.audience.value

    @property
    def has_other_roles(self) -> bool:
        return self.other_memberships > 0

    @property
    def tenant_name(self) -> str:
        return self.school_name or self.authority_name

    @property
    def scope(self) -> Scope:
        return Scope(self.role.audience, self.authority_id, self.school_id, self.person_id)

    @property
    def own_school_id(self) -> UUID:
        """The school that this role is at; for a role of an authority one that nobody has.

        The access tables keep such a role out. Behind them the database answers, and has nothing for it.
        """
        return self.school_id or NO_SCHOOL

    def get_id(self) -> str:
        return str(self.membership_id)


#: In a session's data: whether the role that it is signed in to is a deputy's.
DEPUTY = "deputy"
#: Answers that are the same for everybody, or go by their address alone.
WITHOUT_A_SESSION = ("/static/", "/theme/", "/healthz", "/readyz", "/feed/")


class WebSession(CallbackDict[str, Any], SessionMixin):
    """What one browser has with us: small data (CSRF token, notices, a journey's answers) and an identity."""

    def __init__(self, secret: str | None = None, data: dict[str, Any] | None = None) -> None:
        super().__init__(data or {}, on_update=lambda _: setattr(self, "modified", True))
        self.secret = secret
        self.identity: Identity | None = None
        #: Whether another person has an address by which this one comes in.
        self.shares_address = False
        self.modified = False
        self.accessed = True
        self.is_new_secret = False
        #: Whether the new secret takes the place of one that the browser had.
        self.replaced = False
        self.is_over = False
        self.forget_cookie = False
        self.is_unreachable = False

    def __bool__(self) -> bool:
        # `if session` asks whether there is one, not whether it holds data: somebody signed in may have none yet.
        return True


class RowSessionInterface(SessionInterface):
    """Loads and saves WebSession through the identity functions.

    Loading is the request's first trip: its transaction has begun and serves that person.
    """

    def cookie_name(self, app: Flask) -> str:
        # The __Host- prefix needs TLS; a demo on plain http has none.
        return "__Host-webelong" if app.config["SESSION_COOKIE_SECURE"] else "webelong"

    def open_session(self, app: Flask, request: Request) -> WebSession:
        secret = request.cookies.get(self.cookie_name(app))
        if not secret or len(secret) > 100 or request.path.startswith(WITHOUT_A_SESSION):
            return WebSession()
        try:
            row = db.session().enter_by(hash_secret(secret))
        except DATABASE_AWAY:
            # The answer is 503; signing out here would lose the cookie.
            session = WebSession(secret)
            session.is_unreachable = True
            return session
        if row is None:
            session = WebSession()
            session.is_over = True
            return session
        session = WebSession(secret, _opened(app, secret, row["data"]))
        if row["membership_id"]:
            session.shares_address = row["shares_address"]
            session.identity = _identity(row, is_deputy=bool(session.get(DEPUTY)))
        elif row["account_id"]:
            session.is_over = True
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, WebSession) or session.is_unreachable:
            return
        if session.forget_cookie:
            response.delete_cookie(
                self.cookie_name(app),
                path="/",
                secure=app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
            return
        if not session.modified and not session.is_new_secret:
            return
        if session.modified and (len(session) or session.secret):
            if session.secret is None:
                session.secret = secrets.token_urlsafe(32)
                session.is_new_secret = True
            try:
                _save(app, session)
            except DATABASE_AWAY:
                # What the page did is done; only a notice is lost.
                log.warning("session_not_saved")
                return
        if session.is_new_secret and session.secret:
            response.set_cookie(
                self.cookie_name(app),
                session.secret,
                path="/",
                httponly=True,
                secure=app.config["SESSION_COOKIE_SECURE"],
                samesite="Lax",
            )


def _identity(row: Mapping[str, Any], *, is_deputy: bool) -> Identity:
    return Identity(
        account_id=UUID(row["account_id"]),
        membership_id=UUID(row["membership_id"]),
        person_id=UUID(row["person_id"]),
        role=Role(row["role"]),
        name=row["account_name"],
        email=row["account_email"],
        authority_id=UUID(row["authority_id"]),
        authority_name=row["authority_name"] or "",
        school_id=UUID(row["school_id"]) if row["school_id"] else None,
        school_name=row["school_name"],
        other_memberships=row["other_memberships"],
        has_second_factor=row["has_second_factor"],
        brand_colour=row["brand_colour"] or "",
        is_deputy=is_deputy,
    )


def _opened(app: Flask, secret: str, data: Any) -> dict[str, Any]:
    # Nothing yet, or of an older version that kept it open.
    if not isinstance(data, str):
        return {}
    try:
        return json.loads(unseal_for(app.config["SECRET_KEY"], secret, data))
    except Unreadable:
        return {}


def _save(app: Flask, session: WebSession) -> None:
    secret = session.secret or ""
    ask(
        SAVE,
        hash=hash_secret(secret),
        id=new_id(),
        data=json.dumps(seal_for(app.config["SECRET_KEY"], secret, json.dumps(dict(session)))),
        expires_at=now() + VISITOR_LIFE,
        idle=VISITOR_IDLE,
        label="",
    )


def start_session(
    session: WebSession, membership_id: UUID, *, role: Role, label: str = "", since: datetime | None = None
) -> bool:
    """Sign this browser in as `membership_id`, with a new secret. False when that membership has ended.

    `since`: when this person proved who they are, if that was before; a life is counted from there.
    """
    life, idle = (PARENT_LIFE, PARENT_IDLE) if role in LINK_ROLES else (STAFF_LIFE, STAFF_IDLE)
    secret = secrets.token_urlsafe(32)
    started = ask_signing_in(
        START,
        old_hash=hash_secret(session.secret or ""),
        hash=hash_secret(secret),
        id=new_id(),
        membership_id=membership_id,
        data="{}",
        expires_at=(since or now()) + life,
        idle=idle,
        label=label[:80],
    )[0][0]
    if not started:
        return False
    log.info("signed_in", kind=role.value, row_id=str(membership_id))
    session.clear()
    session.replaced = session.secret is not None
    session.secret = secret
    session.is_new_secret = True
    session.modified = False
    return True


def renew_secret(session: WebSession) -> None:
    """Give this browser a new secret and keep what it had: before somebody proves who they are, for instance."""
    if session.secret:
        ask(END, hash=hash_secret(session.secret))
        session.replaced = True
    session.secret = secrets.token_urlsafe(32)
    session.is_new_secret = True
    session.modified = True


def end_session(session: WebSession) -> None:
    """Sign this browser out: the row goes, and with it everything that the cookie could do."""
    if session.secret:
        ask(END, hash=hash_secret(session.secret))
        log.info("signed_out")
    session.clear()
    session.secret = None
    session.identity = None
    session.forget_cookie = True
