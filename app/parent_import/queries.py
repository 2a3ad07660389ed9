"""What is known of a list that a school sent. Scope first; another school's is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from app.parent_import.columns import as_kept
from app.parent_import.models import ParentImport as ParentImport
from app.parent_import.models import ParentImportRow
from app.recruitment import sharing
from app.recruitment.published import CONTACTS
from app.recruitment.services import ParentDetails
from app.shell.errors import NotFound
from app.states.imports import Choice, ImportState, Verdict
from infra.clock import now

#: Rows of a kind that one page shows.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of each kind."""

    new: int
    same: int
    wrong: int
    #: May be here already; of them without a choice, and with each.
    possible: int
    undecided: int
    kept_one: int

    @property
    def to_add(self) -> int:
        return self.new + self.possible - self.kept_one - self.undecided


@dataclass(frozen=True, slots=True)
class RowToAdd:
    """A row that becomes a parent."""

    number: int
    details: dict[str, Any]
    choice: str | None
    like_parent: UUID | None
    like_row: int | None


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A row as it was read, and what it was found to be."""

    number: int
    details: dict[str, Any] | None
    verdict: str | None
    like_parent: UUID | None
    like_row: int | None


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that became a parent."""

    number: int
    details: dict[str, Any]
    parent_id: UUID


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with what is wrong in it, and its cells by heading."""

    number: int
    cells: Sequence[str]
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LikeRow:
    """A row of somebody who is new, is here already or may be, with whom."""

    number: int
    details: dict[str, Any]
    by: str
    like_row: int | None
    like_parent: UUID | None
    like_name: str
    choice: str | None

    @property
    def name(self) -> str:
        return f"{self.details['first_name']} {self.details['last_name']}".strip()


def get_import(session: Session, school_id: UUID, import_id: UUID, *, hold: bool = False) -> ParentImport:
    """One list, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(
        ParentImport, (school_id, import_id), populate_existing=hold, with_for_update=hold or None
    )
    if found is None:
        raise NotFound
    return found


def list_imports(session: Session, school_id: UUID, *, since: datetime) -> list[ParentImport]:
    """The school's lists that are not gone yet, newest first."""
    return list(
        session.scalars(
            select(ParentImport)
            .where(
                ParentImport.school_id == school_id,
                func.coalesce(ParentImport.added_at, ParentImport.created_at) >= since,
            )
            .order_by(ParentImport.created_at.desc(), ParentImport.id)
            .limit(10)
        )
    )


def _rows(school_id: UUID, import_id: UUID) -> tuple[Any, Any]:
    return ParentImportRow.school_id == school_id, ParentImportRow.import_id == import_id


def list_cells(
    session: Session, school_id: UUID, import_id: UUID, *, offset: int = 0, most: int | None = None
) -> list[tuple[int, list[str]]]:
    """Rows as they were sent, from the place `offset` on."""
    rows = session.execute(
        select(ParentImportRow.number, ParentImportRow.cells)
        .where(*_rows(school_id, import_id))
        .order_by(ParentImportRow.number)
        .offset(offset)
        .limit(most)
    )
    return [(row.number, row.cells) for row in rows]


def may_be_headings(found: ParentImport, cells: Sequence[str]) -> bool:
    """Whether nobody but somebody can tell if a file's first row, with these cells, is its headings or a parent."""
    return any(found.headings) and list(cells) == as_kept(found.headings)


def list_samples(session: Session, school_id: UUID, import_id: UUID) -> list[list[str]]:
    """The first rows as they were sent, to tell the columns by."""
    rows = session.scalars(
        select(ParentImportRow.cells)
        .where(*_rows(school_id, import_id))
        .order_by(ParentImportRow.number)
        .limit(3)
    )
    return list(rows)


def drop_headings(session: Session, found: ParentImport) -> None:
    """Take the first row out of the rows, where it may be the headings and somebody said that it is."""
    cells = list_cells(session, found.school_id, found.id)
    if cells and may_be_headings(found, cells[0][1]):
        row = ParentImportRow
        session.execute(delete(row).where(*_rows(found.school_id, found.id), row.number == cells[0][0]))


def list_said(session: Session, school_id: UUID, import_id: UUID) -> list[SaidRow]:
    """What each row was found to be."""
    row = ParentImportRow
    rows = session.execute(
        select(row.number, row.details, row.verdict, row.like_parent, row.like_row)
        .where(*_rows(school_id, import_id))
        .order_by(row.number)
    )
    return [SaidRow(*one) for one in rows]


def count_rows(session: Session, school_id: UUID, import_id: UUID) -> Counts:
    """How many rows of each kind there are."""
    row = ParentImportRow
    possible = row.verdict == Verdict.POSSIBLE
    counted = session.execute(
        select(
            func.count().filter(row.verdict == Verdict.NEW),
            func.count().filter(row.verdict == Verdict.SAME),
            func.count().filter(row.verdict == Verdict.WRONG),
            func.count().filter(possible),
            func.count().filter(possible, row.choice.is_(None)),
            func.count().filter(possible, row.choice == Choice.KEEP_ONE),
        ).where(*_rows(school_id, import_id))
    ).one()
    return Counts(*counted)


def list_to_add(session: Session, school_id: UUID, import_id: UUID) -> list[RowToAdd]:
    """Rows that become parents: the new, and those of whom somebody said so."""
    row = ParentImportRow
    rows = session.execute(
        select(row.number, row.details, row.choice, row.like_parent, row.like_row)
        .where(
            *_rows(school_id, import_id),
            (row.verdict == Verdict.NEW)
            | ((row.verdict == Verdict.POSSIBLE) & row.choice.in_((Choice.KEEP_BOTH, Choice.HOUSEHOLD))),
        )
        .order_by(row.number)
    )
    return [RowToAdd(*one) for one in rows]


def list_added(session: Session, school_id: UUID, import_id: UUID) -> list[AddedRow]:
    """Rows that became parents."""
    row = ParentImportRow
    rows = session.execute(
        select(row.number, row.details, row.parent_id)
        .where(*_rows(school_id, import_id), row.parent_id.is_not(None))
        .order_by(row.number)
    )
    return [AddedRow(*one) for one in rows]


def list_wrong(session: Session, school_id: UUID, import_id: UUID, *, offset: int = 0) -> list[WrongRow]:
    """A page of the rows in which something cannot be read."""
    row = ParentImportRow
    rows = session.execute(
        select(row.number, row.cells, row.problems)
        .where(*_rows(school_id, import_id), row.verdict == Verdict.WRONG)
        .order_by(row.number)
        .limit(PAGE)
        .offset(offset)
    )
    return [WrongRow(one.number, one.cells, [(at, words) for at, words in one.problems]) for one in rows]


def list_like(
    session: Session, school_id: UUID, import_id: UUID, *, offset: int = 0
) -> dict[Verdict, list[LikeRow]]:
    """A page of those who are new, of those who are here already, and of those who may be, with whom they are like."""
    # A page of each first: nothing of ten thousand rows is joined but what is shown.
    placed = (
        select(
            ParentImportRow,
            func.row_number()
            .over(partition_by=ParentImportRow.verdict, order_by=ParentImportRow.number)
            .label("place"),
        )
        .where(*_rows(school_id, import_id), ParentImportRow.verdict != Verdict.WRONG)
        .subquery()
    )
    of_page = select(placed).where(placed.c.place.between(offset + 1, offset + PAGE)).cte("of_page")
    row, above = of_page.c, aliased(ParentImportRow)
    rows = session.execute(
        select(
            row.verdict,
            row.number,
            row.details,
            row.like_by,
            row.like_row,
            row.like_parent,
            func.coalesce(
                CONTACTS.c.name,
                func.trim(above.details["first_name"].astext + " " + above.details["last_name"].astext),
                "",
            ),
            row.choice,
        )
        .select_from(of_page)
        .join(
            CONTACTS,
            (CONTACTS.c.school_id == row.school_id) & (CONTACTS.c.parent_id == row.like_parent),
            isouter=True,
        )
        .join(
            above,
            (above.school_id == row.school_id)
            & (above.import_id == row.import_id)
            & (above.number == row.like_row),
            isouter=True,
        )
        .order_by(row.number)
    )
    found: dict[Verdict, list[LikeRow]] = {verdict: [] for verdict in Verdict}
    for verdict, *one in rows:
        found[Verdict(verdict)].append(LikeRow(*one))
    return found


def list_said_before(session: Session, school_id: UUID, rows: Sequence[LikeRow]) -> dict[int, list[str]]:
    """By row, who of the list like it said no or left, or wants no messages, in words."""
    people = {row.number: ParentDetails(**row.details) for row in rows}
    if not rows:
        return {}
    others = sharing.list_of_people(
        session, school_id, people.values(), [row.like_parent for row in rows if row.like_parent]
    )
    return {
        row.number: [
            sharing.said(one)
            for one in others
            if one.id == row.like_parent or sharing.at_addresses_of(people[row.number], [one])
        ]
        for row in rows
    }


def has_stopped(found: ParentImport) -> bool:
    """Whether whoever read this list has given up, or has not been heard of for as long as it was theirs."""
    if found.state == ImportState.READING:
        return found.lease_until is not None and found.lease_until < now()
    return found.state == ImportState.STOPPED


def may_be_undone(found: ParentImport, *, since: datetime) -> bool:
    """Whether this list can still be taken back."""
    return found.state == ImportState.ADDED and found.added_at is not None and found.added_at >= since
