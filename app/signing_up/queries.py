"""What a school knows of its sign-up page and of those who wrote there; its own alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.identity import signups
from app.recruitment.passed_on import KEPT
from app.shell.errors import NotFound
from app.signing_up.models import Signup, SignupLink
from app.states.signing_up import LinkKind
from infra.clock import LONDON, today
from tenants.pages import Part, first, looked
from tenants.reading import read_once

#: How many who asked a page shows.
MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many have asked and have no answer yet, and when the first of them is deleted."""

    count: int
    first_goes_on: date | None


_PAGE = select(SignupLink).where(
    SignupLink.school_id == bindparam("school_id"),
    SignupLink.kind == LinkKind.PAGE,
    SignupLink.ended_at.is_(None),
)
_WAITING = select(func.count().label("waiting"), func.min(Signup.said_at).label("first")).where(
    Signup.school_id == bindparam("school_id"), Signup.accepted_at.is_(None)
)


@read_once
def find_page(session: Session, school_id: UUID, *, hold: bool = False) -> SignupLink | None:
    """The school's sign-up page with the address that is in use; None before the first, or once it was taken back."""
    held = _PAGE.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if hold else _PAGE, {"school_id": school_id})


def is_open(page: SignupLink | None) -> bool:
    """Whether it takes anything today, as `identity.sign_up` has it; the school's stage apart."""
    return page is not None and page.closed_at is None and page.open_until >= today()


def secret_in_use(page: SignupLink | None, secret_key: str) -> str:
    """The secret of its address; empty where there is none, or the service's key was changed since it was made."""
    if page is None:
        return ""
    secret = signups.secret_of(secret_key, page.id)
    return secret if signups.find_page(secret) else ""


def shown(page: SignupLink | None) -> tuple[object, ...]:
    """What a press about the page counts for (`app/shell/as_shown.py`)."""
    return (page.id, page.open_until, page.closed_at) if page else ()


def list_waiting(session: Session, school_id: UUID) -> list[tuple[Signup, SignupLink | None]]:
    """Who has asked and has no answer yet, and by which link or none, the longest waiting first; as many as a page
    shows."""
    rows = session.execute(
        select(Signup, SignupLink)
        .outerjoin(SignupLink, (SignupLink.school_id == Signup.school_id) & (SignupLink.id == Signup.link_id))
        .where(Signup.school_id == school_id, Signup.accepted_at.is_(None))
        .order_by(Signup.said_at, Signup.id)
        .limit(MOST)
    )
    return [(one, link) for one, link in rows]


def list_links(session: Session, school_id: UUID) -> Sequence[SignupLink]:
    """Links for those who pass parents on that still lead somewhere, the newest first."""
    return session.scalars(
        select(SignupLink)
        .where(
            SignupLink.school_id == school_id,
            SignupLink.kind != LinkKind.PAGE,
            SignupLink.ended_at.is_(None),
            SignupLink.open_until >= today(),
        )
        .order_by(SignupLink.made_at.desc(), SignupLink.id)
    ).all()


def get_link(session: Session, school_id: UUID, link_id: UUID, *, hold: bool = False) -> SignupLink:
    """One of them, or a page, also one that has ended. Raises NotFound."""
    found = session.get(
        SignupLink, (school_id, link_id), populate_existing=hold, with_for_update=hold or None
    )
    if found is None:
        raise NotFound
    return found


def find_link(session: Session, one: Signup) -> SignupLink | None:
    """By which of them somebody came; None for who asked from their own account."""
    return get_link(session, one.school_id, one.link_id) if one.link_id else None


def get_signup(session: Session, school_id: UUID, signup_id: UUID, *, hold: bool = False) -> Signup:
    """What one of them wrote. Raises NotFound, also once it was set aside or is 28 days old."""
    found = session.get(Signup, (school_id, signup_id), populate_existing=hold, with_for_update=hold or None)
    if found is None:
        raise NotFound
    return found


@read_once
def count_waiting(session: Session, school_id: UUID) -> Waiting:
    """How many wait for an answer."""
    return _as_waiting(session.execute(_WAITING, {"school_id": school_id}).all())


def _as_waiting(rows: Sequence[Any]) -> Waiting:
    count, first_at = rows[0]
    return Waiting(count, first_at.astimezone(LONDON).date() + KEPT if first_at else None)


#: What a school's home reads ahead.
PARTS = (
    Part(find_page, _PAGE, takes=("school_id",), answer=first(looked(SignupLink))),
    Part(count_waiting, _WAITING, takes=("school_id",), answer=_as_waiting),
)


def goes_on(one: Signup) -> date:
    """The day on which it is deleted, whatever came of it."""
    return one.said_at.astimezone(LONDON).date() + KEPT
