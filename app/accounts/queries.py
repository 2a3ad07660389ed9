"""What a signed-in person may know about their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.deputies import stands_in
from app.extensions import db
from app.identity.current import session
from app.identity.gate import ask_signing_in, function
from app.identity.roles import PASSWORD_ROLES, Role, label_of
from app.identity.websession import hash_secret
from infra.ids import new_id

SESSIONS = function("list_sessions", "hash")
MEMBERSHIPS = function("list_memberships", "hash")
OFFERS = function("list_offers", "hash")
ACCEPT = function("accept_offer", "hash", "offer_id", "membership_id")
MY_SEALED = function("my_sealed")
END_OTHER = function("end_other_session", "hash", "session_id")


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that this account has, and where."""

    membership_id: UUID
    role: Role
    place: str
    is_this: bool
    role_label: str

    @property
    def needs_password(self) -> bool:
        return self.role in PASSWORD_ROLES


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that waits for this person to take it."""

    offer_id: UUID
    role: Role
    place: str
    invited_by: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which this account is signed in."""

    session_id: UUID
    label: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def list_memberships() -> list[Membership]:
    """The live roles of the account behind this session."""
    return [
        Membership(
            row.membership_id,
            role := Role(row.role),
            row.school_name or row.authority_name or "",
            row.is_this,
            label_of(role, is_deputy=stands_in(role, membership=row.membership_id)),
        )
        for row in ask_signing_in(MEMBERSHIPS, hash=_this())
    ]


def leads_here() -> bool:
    """Whether the account behind this session helps to lead at the place that this session is for."""
    roles = list_memberships()
    here = {one.place for one in roles if one.is_this}
    return any(one.role is Role.FACILITATOR and one.place in here for one in roles)


def list_offers() -> list[Offer]:
    """Roles that were offered to the account behind this session and that it has not taken."""
    return [
        Offer(row.offer_id, Role(row.role), row.school_name or "", row.invited_by)
        for row in ask_signing_in(OFFERS, hash=_this())
    ]


def accept_offer(offer_id: UUID) -> UUID | None:
    """Take a role that was offered: the new membership; None when it was not offered here, or is over."""
    found: UUID | None = ask_signing_in(ACCEPT, hash=_this(), offer_id=offer_id, membership_id=new_id())[0][0]
    return found


def has_sealed() -> bool:
    """Whether something is kept that the parent of this session wrote before a fresh start, and may not read."""
    return bool(db.session.execute(MY_SEALED).scalar_one())


def list_sessions() -> list[OpenSession]:
    """Where the account behind this session is signed in, the latest first."""
    return [
        OpenSession(row.session_id, row.label, row.created_at, row.last_seen_at, row.is_this)
        for row in ask_signing_in(SESSIONS, hash=_this())
    ]


def end_other_session(session_id: UUID) -> bool:
    """Sign out there. False when it is not one of this account's, or is this one."""
    return ask_signing_in(END_OTHER, hash=_this(), session_id=session_id)[0][0]


def _this() -> bytes:
    return hash_secret(session.secret or "")
