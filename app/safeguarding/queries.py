"""What is read about concerns. Every question names its owner, beside the policies that ask again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.safeguarding import words
from app.safeguarding.models import (
    AuthorityConcern,
    AuthorityConcernAction,
    Concern,
    ConcernAction,
    ConcernHandover,
    ConcernReceipt,
)
from app.schools.models import School
from app.schools.published import SCHOOLS
from app.schools.queries import get_authority_school, list_by_ids
from app.shell.errors import NotFound
from app.shell.searching import holds
from infra.clock import LONDON
from tenants.reading import read_once
from tenants.together import together

PAGE = 50
#: Sent so shortly before, a concern is most likely about the same.
JUST_BEFORE = timedelta(minutes=15)


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
#: A school's concern that was handed to the officer: the school's rows, by the officer's rights.
HANDED_DESK = Desk("handed", Concern, ConcernAction, "school_id")

UNOPENED = sql("select concern_id, school_id, reference, raised_at from identity.unopened_concerns()")


@dataclass(frozen=True, slots=True)
class Unopened:
    """An urgent concern that nobody at its school has opened; nothing of what it says."""

    concern_id: UUID
    school: str
    reference: str
    raised_at: datetime
    #: Who to call there: (name, number), the safeguarding lead first.
    to_call: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some concerns out of a longer list; `first` counts from 1."""

    lines: Sequence[Row[Any]]
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def find_handover(session: Session, authority_id: UUID, concern_id: UUID) -> ConcernHandover | None:
    """How a school's concern came to the officer; None when it did not."""
    return session.execute(
        select(ConcernHandover).where(
            ConcernHandover.authority_id == authority_id, ConcernHandover.concern_id == concern_id
        )
    ).scalar_one_or_none()


@read_once
def find_own_handover(session: Session, school_id: UUID, concern_id: UUID) -> ConcernHandover | None:
    """The same, as the school's safeguarding lead sees it, or whoever raised it."""
    return session.get(ConcernHandover, (school_id, concern_id))


def list_unopened(session: Session, authority_id: UUID) -> Sequence[Unopened]:
    """Urgent concerns of the officer's schools that nobody has opened for half an hour, the oldest first."""
    found = session.execute(UNOPENED).all()
    schools = {
        school.school_id: school
        for school in list_by_ids(session, [row.school_id for row in found])
        if school.authority_id == authority_id
    }
    return [
        Unopened(
            row.concern_id,
            schools[row.school_id].name,
            row.reference,
            row.raised_at,
            tuple(_to_call(schools[row.school_id])),
        )
        for row in found
    ]


def _to_call(school: School) -> Iterator[tuple[str, str]]:
    """Names and numbers of a school, the safeguarding lead first; each number once."""
    numbers = set()
    for name, number in (
        (school.dsl_name, school.dsl_phone),
        (school.contact_name, school.contact_phone),
        (school.name, school.phone),
    ):
        if number and number not in numbers:
            numbers.add(number)
            yield name or school.name, number


@read_once
def list_handed(
    session: Session, authority_id: UUID, *, closed: bool, text: str = ""
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Schools' concerns that were handed to the officer, the newest first; at most a page of them that fit `text`."""
    return session.execute(
        select(
            Concern.id,
            Concern.reference,
            Concern.about,
            Concern.risk_today,
            Concern.raised_at,
            Concern.raised_by_kind,
            Concern.read_at,
            Concern.closed_at,
            SCHOOLS.c.name.label("school"),
        )
        .join(
            ConcernHandover,
            (ConcernHandover.school_id == Concern.school_id) & (ConcernHandover.concern_id == Concern.id),
        )
        .join(SCHOOLS, SCHOOLS.c.school_id == Concern.school_id)
        .where(
            ConcernHandover.authority_id == authority_id,
            Concern.closed_at.is_not(None) if closed else Concern.closed_at.is_(None),
            _fits(text, Concern, SCHOOLS.c.name),
        )
        .order_by(Concern.raised_at.desc(), Concern.id)
        .limit(PAGE)
    ).all()


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


def list_receipts_before(session: Session, receipt: ConcernReceipt) -> Sequence[ConcernReceipt]:
    """What the same person sent within the quarter of an hour before it, the oldest first."""
    return session.scalars(
        select(ConcernReceipt)
        .where(
            ConcernReceipt.school_id == receipt.school_id,
            ConcernReceipt.raised_by_id == receipt.raised_by_id,
            ConcernReceipt.id != receipt.id,
            ConcernReceipt.raised_at.between(receipt.raised_at - JUST_BEFORE, receipt.raised_at),
        )
        .order_by(ConcernReceipt.raised_at, ConcernReceipt.id)
    ).all()


def get_receipt(session: Session, school_id: UUID, raised_by_id: UUID, concern_id: UUID) -> ConcernReceipt:
    """As find_receipt; raises NotFound."""
    receipt = find_receipt(session, school_id, raised_by_id, concern_id)
    if receipt is None:
        raise NotFound
    return receipt


def list_concerns(
    session: Session, desk: Desk, owner_id: UUID, *, closed: bool = False, number: int = 1, text: str = ""
) -> Page:
    """Open or closed concerns, page `number`: unread first, then those with a risk today, then the newest.

    `text` leaves those that fit by what the list says of them, or by the name of their subject or sender. The words of
    a concern stand in no second place for that: they are compared as they are read, by the reader's own rights.
    """
    table = desk.concern
    wanted = [
        desk.owned_by(table, owner_id),
        table.closed_at.is_not(None) if closed else table.closed_at.is_(None),
    ]
    counted = select(func.count()).select_from(table)
    if desk is OFFICER_DESK:
        school = (SCHOOLS.c.school_id == table.about_school_id) & (
            SCHOOLS.c.authority_id == table.authority_id
        )
        counted = counted.join(SCHOOLS, school)
        wanted.append(_fits(text, table, SCHOOLS.c.name))
    else:
        wanted.append(_fits(text, table))
    total = session.execute(counted.where(*wanted)).scalar_one()
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
        statement = statement.add_columns(SCHOOLS.c.name.label("school")).join(SCHOOLS, school)
    risk_first = case((table.risk_today == "yes", 0), (table.risk_today == "not_sure", 1), else_=2)
    statement = statement.order_by(
        table.closed_at.desc(), table.read_at.is_not(None), risk_first, table.raised_at.desc(), table.id
    )
    first = (number - 1) * PAGE
    lines = session.execute(statement.limit(PAGE).offset(first)).all()
    return Page(lines, first + 1 if lines else 0, total)


def _fits(text: str, table: Any, *more: Any) -> ColumnElement[bool]:
    """Whether a concern fits what was typed: all that its reader sees in the list, and the names in it."""

    def said(labels: Mapping[str, object], value: Any) -> ColumnElement[str]:
        return case({code: str(label) for code, label in labels.items()}, value=value, else_="")

    state = case((table.closed_at.is_not(None), "closed"), (table.read_at.is_(None), "new"), else_="open")
    return holds(
        text,
        table.reference,
        table.about_name,
        table.raised_by_name,
        said(words.ABOUT, table.about),
        said(words.RAISED_BY, table.raised_by_kind),
        said(words.URGENT, table.risk_today),
        said({code: one["label"] for code, one in words.STATES.items()}, state),
        func.to_char(func.timezone(LONDON.key, table.raised_at), "FMDD FMMonth YYYY"),
        *more,
    )


def list_unread(session: Session, desk: Desk, owner_id: UUID) -> Sequence[Row[Any]]:
    """What waits to be read by this desk, each with id, reference, raised_at and risk_today, the oldest first."""
    table = desk.concern
    wanted = [desk.owned_by(table, owner_id), table.read_at.is_(None), table.closed_at.is_(None)]
    if desk is SCHOOL_DESK:  # what went to the officer waits for the officer
        handed = select(ConcernHandover.concern_id).where(ConcernHandover.school_id == owner_id)
        wanted.append(table.id.not_in(handed))
    return session.execute(
        select(table.id, table.reference, table.raised_at, table.risk_today)
        .where(*wanted)
        .order_by(table.raised_at, table.id)
    ).all()


def list_urgent(session: Session, desk: Desk, owner_id: UUID) -> list[Row[Any]]:
    """Of what nobody has read yet on this desk, where somebody could be hurt that day or may be, the oldest first.

    On the officers' desk with what schools handed to them.
    """
    with together(session) as ask:
        unread = ask(list_unread, desk, owner_id)
        handed = ask(list_handed, owner_id, closed=False) if desk is OFFICER_DESK else None
    found = [*unread.value, *(row for row in (handed.value if handed else []) if row.read_at is None)]
    return sorted((row for row in found if row.risk_today in words.URGENT), key=lambda row: row.raised_at)


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
    return get_authority_school(session, authority_id, school_id).name


def list_actions(session: Session, desk: Desk, owner_id: UUID, concern_id: UUID) -> Sequence[Any]:
    """What was done and decided, the newest first."""
    table = desk.action
    return session.scalars(
        select(table)
        .where(desk.owned_by(table, owner_id), table.concern_id == concern_id)
        .order_by(table.at.desc(), table.id.desc())
    ).all()


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
