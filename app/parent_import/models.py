"""A list of parents that a school sent: the file's columns, and its rows until a day after."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from infra.clock import now
from infra.ids import new_id


class ParentImport(db.Model):
    """One file. Its rows go a day after it was added, or sent; what was added stays in the history of each parent."""

    __tablename__ = "parent_import"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(default="columns")
    file_name: Mapped[str]
    tab: Mapped[str] = mapped_column(default="")
    headings: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: For each heading the column that it is, or nothing.
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    row_count: Mapped[int]
    by_person: Mapped[UUID]
    by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: Counts what was chosen anew: a page that was drawn before says nothing any more.
    version: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime | None]
    added_count: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_count: Mapped[int | None]
    undone_by_name: Mapped[str] = mapped_column(default="")
    #: Of a long list: how many rows have been read, whose turn it is, how often it was begun.
    read_count: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now)


class ParentImportRow(db.Model):
    """One row of a file that was read."""

    __tablename__ = "parent_import_row"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: As the spreadsheet numbers it.
    number: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[list[str]] = mapped_column(ARRAY(Text))
    verdict: Mapped[str | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    #: [[heading, words], …]
    problems: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    #: Who of the list, or which row above, it is or may be.
    like_parent: Mapped[UUID | None]
    like_row: Mapped[int | None]
    #: What they share: "phone", "email" or "name".
    like_by: Mapped[str] = mapped_column(default="")
    choice: Mapped[str | None]
    #: Who was added from it.
    parent_id: Mapped[UUID | None]
