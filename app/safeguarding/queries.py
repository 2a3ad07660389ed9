"""What is read about concerns. Every question names its owner, beside the policies that ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from app.safeguarding.models import (
    AuthorityConcern,
    AuthorityConcernAction,
    Concern,
    ConcernAction,
    ConcernReceipt,
)
from app.schools.models import Authority, School
from app.shell.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """Where concerns are read: its two tables and the key that says whose they are."""

    name: str
    concern: Any
    action: Any
    owner: str

    def owned_by(self, table: Any, owner_id: UUID) -> Any:
        return getattr(table, self.owner) == owner_id


SCHOOL_DESK = Desk("dsl", Concern, ConcernAction, "school_id")
OFFICER_DESK = Desk("officer", AuthorityConcern, AuthorityConcernAction, "authority_id")


@dataclass(frozen=True, slots=True)
class Page:
    """Some concerns out of a longer list; `first` counts from 1."""

    lines: Sequence[Row[Any]]
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what is raised in one school, and where to call them."""

    dsl_name: str
    dsl_phone: str
    officer_name: str
    officer_phone: str
    contact_name: str
    contact_phone: str


def get_readers(session: Session, school_id: UUID, authority_id: UUID) -> Readers:
    """Raises NotFound when there is no such school."""
    row = session.execute(
        select(
            School.dsl_name,
            School.dsl_phone,
            Authority.officer_name,
            Authority.officer_phone,
            School.contact_name,
            School.contact_phone,
        )
        .join(Authority, Authority.authority_id == School.authority_id)
        .where(School.school_id == school_id, School.authority_id == authority_id)
    ).first()
    if row is None:
        raise NotFound
    return Readers(*row)


def find_receipt(
    session: Session, school_id: UUID, raised_by_id: UUID, concern_id: UUID
) -> ConcernReceipt | None:
    """The receipt that this person got for it, or None."""
    return session.execute(
        select(ConcernReceipt).where(
            ConcernReceipt.school_id == school_id,
            ConcernReceipt.raised_by_id == raised_by_id,
            ConcernReceipt.id == concern_id,
        )
    ).scalar_one_or_none()


def get_receipt(session: Session, school_id: UUID, raised_by_id: UUID, concern_id: UUID) -> ConcernReceipt:
    """As find_receipt; raises NotFound."""
    receipt = find_receipt(session, school_id, raised_by_id, concern_id)
    if receipt is None:
        raise NotFound
    return receipt


def list_concerns(
    session: Session, desk: Desk, owner_id: UUID, *, closed: bool = False, number: int = 1
) -> Page:
    """Open or closed concerns, page `number`: unread first, then those with a risk today, then the newest."""
    table = desk.concern
    wanted = (
        desk.owned_by(table, owner_id),
        table.closed_at.is_not(None) if closed else table.closed_at.is_(None),
    )
    total = session.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
    columns = [
        table.id,
        table.reference,
        table.about,
        table.risk_today,
        table.raised_at,
        table.raised_by_kind,
        table.read_at,
        table.closed_at,
    ]
    statement = select(*columns).where(*wanted)
    if desk is OFFICER_DESK:
        statement = statement.add_columns(School.name.label("school")).join(
            School,
            (School.school_id == table.about_school_id) & (School.authority_id == table.authority_id),
        )
    risk_first = case((table.risk_today == "yes", 0), else_=1)
    statement = statement.order_by(
        table.closed_at.desc(), table.read_at.is_not(None), risk_first, table.raised_at.desc(), table.id
    )
    first = (number - 1) * PAGE
    lines = session.execute(statement.limit(PAGE).offset(first)).all()
    return Page(lines, first + 1 if lines else 0, total)


def list_unread(session: Session, desk: Desk, owner_id: UUID) -> Sequence[UUID]:
    """Ids of concerns that nobody has read yet, the oldest first."""
    table = desk.concern
    return (
        session.execute(
            select(table.id)
            .where(desk.owned_by(table, owner_id), table.read_at.is_(None), table.closed_at.is_(None))
            .order_by(table.raised_at, table.id)
        )
        .scalars()
        .all()
    )


def get_concern(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID) -> Any:
    """The whole concern. Raises NotFound when there is none, or it is somebody else's to read."""
    table = desk.concern
    found = session.execute(
        select(table).where(desk.owned_by(table, owner_id), table.id == concern_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def get_school_name(session: Session, authority_id: UUID, school_id: UUID) -> str:
    """The name of the school that an officer's concern is about. Raises NotFound."""
    name = session.execute(
        select(School.name).where(School.authority_id == authority_id, School.school_id == school_id)
    ).scalar_one_or_none()
    if name is None:
        raise NotFound
    return name


def list_actions(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID) -> Sequence[Any]:
    """What was done and decided, the newest first."""
    table = desk.action
    return (
        session.execute(
            select(table)
            .where(desk.owned_by(table, owner_id), table.concern_id == concern_id)
            .order_by(table.at.desc(), table.id.desc())
        )
        .scalars()
        .all()
    )


def has_decision(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID) -> bool:
    """Whether anybody has written down what was decided and why."""
    table = desk.action
    return (
        session.execute(
            select(table.id)
            .where(
                desk.owned_by(table, owner_id),
                table.concern_id == concern_id,
                table.decision != "",
                table.reason != "",
            )
            .limit(1)
        ).first()
        is not None
    )
