"""Announcements, as the council keeps them and as its schools read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.announcements.models import Announcement
from app.schools.published import SCHOOL_STAGES, STAFF_HERE
from app.schools.stage_rights import stage_of
from app.shell.errors import NotFound
from infra.clock import LONDON, now, today
from tenants.pages import Part, looked
from tenants.reading import read_once


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at work who gets the email."""

    school_id: UUID
    id: UUID


def list_of_council(session: Session, authority_id: UUID) -> Sequence[Announcement]:
    """All that were written, the newest first; also those that were taken back."""
    return session.scalars(
        select(Announcement)
        .where(Announcement.authority_id == authority_id)
        .order_by(Announcement.written_at.desc(), Announcement.id.desc())
    ).all()


def get_one(session: Session, authority_id: UUID, announcement_id: UUID) -> Announcement:
    """One of this council's. Raises NotFound."""
    found = session.scalar(_one(authority_id, announcement_id))
    if found is None:
        raise NotFound
    return found


def hold_standing(session: Session, authority_id: UUID, announcement_id: UUID) -> Announcement | None:
    """The same, kept from others who would take it back; None for one that was taken back, which nobody can hold."""
    asked = _one(authority_id, announcement_id).with_for_update()
    return session.scalar(asked.execution_options(populate_existing=True))


def _one(authority_id: UUID, announcement_id: UUID) -> Select[Announcement]:
    return select(Announcement).where(
        Announcement.authority_id == authority_id, Announcement.id == announcement_id
    )


def of_today(written: Sequence[Announcement]) -> list[Announcement]:
    """Of these: what was written today; also what was taken back, whose emails may have gone."""
    begin = datetime.combine(now().astimezone(LONDON).date(), time.min, LONDON)
    return [one for one in written if one.written_at >= begin]


def list_readers(
    session: Session, authority_id: UUID, stages: Collection[str], roles: Collection[str]
) -> list[Reader]:
    """Who at schools of these stages gets the email, once for each, also where somebody has two of the roles."""
    schools, staff = SCHOOL_STAGES.c, STAFF_HERE.c
    rows = session.execute(
        select(staff.school_id, staff.id)
        .join(SCHOOL_STAGES, schools.school_id == staff.school_id)
        .where(
            schools.authority_id == authority_id,
            schools.stage.in_(sorted(stages)),
            staff.role.in_(sorted(roles)),
        )
        .order_by(staff.school_id, staff.id)
    )
    return [Reader(*row) for row in rows]


_SHOWN = (
    select(Announcement)
    .where(
        Announcement.authority_id == bindparam("authority_id"),
        Announcement.stopped_at.is_(None),
        Announcement.show_until >= bindparam("today"),
    )
    .order_by(Announcement.written_at.desc(), Announcement.id.desc())
)


@read_once
def list_shown(session: Session, authority_id: UUID) -> list[Announcement]:
    """What the council's schools read just now, the newest first, whichever schools it is for."""
    return list(session.scalars(_SHOWN, {"authority_id": authority_id, "today": today()}))


#: What a school's home reads ahead.
SHOWN = Part(list_shown, _SHOWN, takes=("authority_id",), answer=looked(Announcement))


#: So long a school reads that something was taken back: whoever got the email may come by its link.
SAID_FOR = timedelta(days=14)


def list_taken_back(session: Session, authority_id: UUID, school_id: UUID) -> Sequence[Announcement]:
    """What was taken back lately and had been for where this school stands, the newest first."""
    stopped = select(Announcement).where(
        Announcement.authority_id == authority_id, Announcement.stopped_at > now() - SAID_FOR
    )
    found = session.scalars(stopped.order_by(Announcement.stopped_at.desc(), Announcement.id)).all()
    stage = stage_of(session, school_id) if found else ""
    return [one for one in found if stage in one.stages]


def list_for_school(session: Session, authority_id: UUID, school_id: UUID) -> list[Announcement]:
    """What a school reads just now: for where it stands today."""
    shown = list_shown(session, authority_id)
    if not shown:
        return []
    stage = stage_of(session, school_id)
    return [one for one in shown if stage in one.stages]
