"""The link by which people come to a session online: who sets it, from when members see it, when it is sent.

It opens the room to whoever has it. So it stands in a table of its own, which no parent, council or paper reads; what
is queued holds no word of it. Members read it on their group's page from two hours before the session until its end
(`app.my_joining`), and an email carries it then; a text leads to that page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ARRAY, DateTime, String, Uuid, bindparam, column, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.formats import SHOWN_BEFORE
from app.cohorts.membership import refuse_over
from app.cohorts.models import Cohort, CohortSession, JoinLink
from app.messages.services import enqueue
from app.states.groups import WITH_LINK, SessionState
from app.states.messages import RecipientKind
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once

#: So long before a session without a link those who lead are asked for one.
ASKED_BEFORE = timedelta(hours=8)
LINK_CHANGED = define("cohorts:cohort:join_link_changed", keys=("taken_away",))

_ONLINE = (
    select(func.array_agg(aggregate_order_by(CohortSession.id, CohortSession.number), type_=ARRAY(Uuid)))
    .where(
        CohortSession.school_id == Cohort.school_id,
        CohortSession.cohort_id == Cohort.id,
        CohortSession.state == SessionState.PLANNED,
        CohortSession.format.in_(WITH_LINK),
    )
    .correlate(Cohort)
    .scalar_subquery()
)
_HOW = (
    select(Cohort.format, JoinLink.link, _ONLINE.label("online"))
    .outerjoin(JoinLink, (JoinLink.school_id == Cohort.school_id) & (JoinLink.cohort_id == Cohort.id))
    .where(Cohort.school_id == bindparam("school_id"), Cohort.id == bindparam("cohort_id"))
)
_MINE = text("select session_id, opens_at, ends_at, is_set, link from app.my_joining()").columns(
    column("session_id", Uuid),
    column("opens_at", DateTime(timezone=True)),
    column("ends_at", DateTime(timezone=True)),
    column("is_set"),
    column("link", String),
)
_DUE = text(
    "select s.id session_id, s.on_date, (s.on_date + s.starts_at) at time zone 'Europe/London' starts_at,"
    " e.parent_id, l.changed_at from cohort_session s"
    " join cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')"
    " join cohort_join_link l on l.school_id = s.school_id and l.cohort_id = s.cohort_id"
    " join enrolment e on e.school_id = s.school_id and e.cohort_id = s.cohort_id and e.status = 'in_group'"
    " where s.school_id = :school and s.state = 'planned' and s.format <> 'room'"
    " and (cast(:cohort as uuid) is null or s.cohort_id = :cohort)"
    " and (s.on_date + s.starts_at) at time zone 'Europe/London' > :moment"
    " and (s.on_date + s.starts_at) at time zone 'Europe/London' <= :until"
    " order by s.id, e.parent_id"
)
_WITHOUT = text(
    "select s.id session_id, s.cohort_id, s.on_date, (s.on_date + s.starts_at) at time zone 'Europe/London' starts_at,"
    " f.facilitator_id from cohort_session s"
    " join cohort c on c.school_id = s.school_id and c.id = s.cohort_id and c.state in ('forming', 'running')"
    " left join cohort_facilitator f on f.school_id = s.school_id and f.cohort_id = s.cohort_id"
    " where s.school_id = :school and s.state = 'planned' and s.format <> 'room'"
    " and not exists (select from cohort_join_link l where l.school_id = s.school_id and l.cohort_id = s.cohort_id)"
    " and (s.on_date + s.ends_at) at time zone 'Europe/London' > :moment"
    " and (s.on_date + s.starts_at) at time zone 'Europe/London' <= :until"
    " order by s.on_date, s.id, f.facilitator_id"
)


@dataclass(frozen=True, slots=True)
class HowItMeets:
    """A group's format, its link, and which of its planned sessions somebody may come to by it."""

    format: str
    link: str
    online: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Joining:
    """One session that a parent may come to online. `link`: only while it is shown."""

    session_id: UUID
    opens_at: datetime
    ends_at: datetime
    is_set: bool
    link: str

    @property
    def is_open(self) -> bool:
        """Whether the link is shown by now."""
        return self.opens_at <= now()


def _as_how(rows: Sequence[Any]) -> HowItMeets | None:
    if not rows:
        return None
    return HowItMeets(rows[0].format, rows[0].link or "", frozenset(rows[0].online or ()))


@read_once
def find_how(session: Session, school_id: UUID, cohort_id: UUID) -> HowItMeets | None:
    """How a group meets, for its school's staff and who leads it; None for another's."""
    return _as_how(session.execute(_HOW, {"school_id": school_id, "cohort_id": cohort_id}).all())


HOW = Part(find_how, _HOW, takes=("school_id", "cohort_id"), answer=_as_how)


@read_once
def list_my_joining(session: Session) -> dict[UUID, Joining]:
    """Sessions to come of the group in which the parent of this scope has a place, that may be joined online."""
    return {
        row.session_id: Joining(row.session_id, row.opens_at, row.ends_at, row.is_set, row.link or "")
        for row in session.execute(_MINE)
    }


def has_link(session: Session, school_id: UUID, cohort_id: UUID) -> bool:
    """Whether a group has a link, which whoever was sent it may still hold."""
    how = find_how(session, school_id, cohort_id)
    return how is not None and bool(how.link)


class LinkChange(StrEnum):
    """What became of a group's link."""

    NONE = "none"
    SET = "set"
    TAKEN_AWAY = "taken_away"


def set_link(session: Session, cohort: Cohort, link: str) -> LinkChange:
    """Set, change or take away the link of a group that is held. Refused once it is over.

    Whoever has been sent another today is sent this one, and told that it takes the other's place.
    """
    refuse_over(cohort)
    row = session.get(JoinLink, (cohort.school_id, cohort.id), populate_existing=True)
    if (row.link if row else "") == link:
        return LinkChange.NONE
    if row is None:
        session.add(JoinLink(school_id=cohort.school_id, cohort_id=cohort.id, link=link))
    elif link:
        row.link, row.changed_at, row.replaced_at = link, now(), now()
    else:
        session.delete(row)
    session.flush()
    record(session, LINK_CHANGED, subject_id=cohort.id, taken_away=not link)
    tell(session, cohort.school_id, cohort.id)
    return LinkChange.SET if link else LinkChange.TAKEN_AWAY


def forget_link(session: Session, school_id: UUID, cohort_id: UUID) -> None:
    """Delete the link of a group that is over."""
    row = session.get(JoinLink, (school_id, cohort_id))
    if row is not None:
        session.delete(row)
        session.flush()


def send_links(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """Write the messages with a link that are due at `moment` in this school, and ask those who lead for one that is
    missing; how many are new. As the schedule."""
    return _write(session, school_id, None, moment) + _ask_for_links(session, school_id, moment)


def tell(session: Session, school_id: UUID, cohort_id: UUID) -> int:
    """The same of one group, at once: what changes on the day itself cannot wait for the schedule."""
    return _write(session, school_id, cohort_id, now())


def _write(session: Session, school_id: UUID, cohort_id: UUID | None, moment: datetime) -> int:
    due = session.execute(
        _DUE,
        {"school": school_id, "cohort": cohort_id, "moment": moment, "until": moment + SHOWN_BEFORE},
    )
    return sum(
        len(
            enqueue(
                session,
                kind="join_link",
                school_id=school_id,
                recipient_kind=RecipientKind.PARENT,
                recipient_id=row.parent_id,
                subject_id=row.session_id,
                # Another link, or the same on another day, is told again.
                dedupe_key=f"{row.session_id}:{row.on_date}:{row.changed_at.isoformat()}:{row.parent_id}",
                not_after=row.starts_at,
            )
        )
        for row in due.all()
    )


def _ask_for_links(session: Session, school_id: UUID, moment: datetime) -> int:
    missing = session.execute(
        _WITHOUT, {"school": school_id, "moment": moment, "until": moment + ASKED_BEFORE}
    ).all()
    return sum(
        len(
            enqueue(
                session,
                kind="join_link_missing",
                school_id=school_id,
                recipient_kind=RecipientKind.FACILITATOR,
                recipient_id=row.facilitator_id,
                subject_id=row.session_id,
                dedupe_key=f"{row.session_id}:{row.on_date}:{row.facilitator_id}",
                not_after=row.starts_at,
            )
        )
        for row in missing
        if row.facilitator_id is not None and row.starts_at > moment
    )


def changed_words(change: LinkChange) -> str | tuple[str, str]:
    """What whoever set the link reads."""
    if change is LinkChange.NONE:
        return _("Nothing has changed."), "note"
    if change is LinkChange.TAKEN_AWAY:
        return _("The link is taken away. Nobody sees one. An email that has gone cannot be taken back.")
    return _(
        "Saved. Members see the link from two hours before each session, until its end. It is emailed then too."
    )


def list_without_link(session: Session, school_id: UUID, *, until: datetime) -> frozenset[UUID]:
    """Groups with a session by then that somebody may come to online, and no link to join."""
    rows = session.execute(_WITHOUT, {"school": school_id, "moment": now(), "until": until})
    return frozenset(row.cohort_id for row in rows)
