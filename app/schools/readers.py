"""Who is invited to read a school's concerns, and how far that is, until the school says that everybody is invited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, column, exists, select, table
from sqlalchemy.orm import Session

from app.schools.models import School, StaffMember
from app.schools.stages import TASKS
from app.shell.kept import kept
from app.shell.parsing import listed
from tenants.reading import read_once

_ASKED = table(
    "appointment",
    *(column(name) for name in ("school_id", "person_id", "kind", "basis", "agreed_at", "stopped_at")),
)
_WAITS = exists().where(
    _ASKED.c.school_id == StaffMember.school_id,
    _ASKED.c.person_id == StaffMember.id,
    _ASKED.c.kind == "appoint",
    _ASKED.c.basis == "second_person",
    _ASKED.c.agreed_at.is_(None),
    _ASKED.c.stopped_at.is_(None),
)


_ONE = select(School.school_id).where(School.school_id == bindparam("school_id"))


@dataclass(frozen=True, slots=True)
class Readers:
    """Names of those invited, the first before deputies, and of those among them for whom nobody has agreed yet."""

    invited: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def invited_of(which: Select[UUID]) -> Select[UUID, str, bool]:
    """The statement for schools that `which` selects."""
    return (
        select(StaffMember.school_id, StaffMember.name, _WAITS.label("waits"))
        .where(
            StaffMember.school_id.in_(which), StaffMember.role == "school_dsl", StaffMember.ended_at.is_(None)
        )
        .order_by(StaffMember.is_deputy, StaffMember.name, StaffMember.id)
    )


@read_once
def list_invited(session: Session, /, which: Select[UUID], **ids: UUID) -> dict[UUID, Readers]:
    """Of the schools that `which` selects by `ids`; a school where nobody is invited is left out."""
    return as_invited(session.execute(invited_of(which), ids))


def as_invited(rows: Iterable[Any]) -> dict[UUID, Readers]:
    """School -> who is invited there."""
    found: dict[UUID, Readers] = {}
    for school_id, name, waits in rows:
        before = found.get(school_id, Readers())
        found[school_id] = Readers((*before.invited, name), (*before.waiting, *([name] if waits else [])))
    return found


def find_invited(session: Session, school_id: UUID) -> Readers:
    """Of one school."""
    return list_invited(session, _ONE, school_id=school_id).get(school_id, Readers())


def at_council(readers: Readers) -> list[str]:
    """What is missing while the school has not said that everybody is invited, as its council reads it."""
    if not readers.invited:
        return [_("No safeguarding lead invited")]
    waiting = [_waits(readers)] if readers.waiting else []
    return [*waiting, _("The school has not said that everybody is invited")]


def at_school(readers: Readers) -> str:
    """The same under the task of the school's own list."""
    if not readers.invited:
        return str(TASKS["staff"][1])
    there = (
        _waits(readers) if readers.waiting else _("Safeguarding: %(names)s", names=_named(readers.invited))
    )
    return _("%(there)s. When everybody is invited, say so.", there=there)


def _waits(readers: Readers) -> str:
    return _("Waits for a second person: %(names)s", names=_named(readers.waiting))


def _named(names: Sequence[str]) -> str:
    return listed([kept(name) for name in names])
