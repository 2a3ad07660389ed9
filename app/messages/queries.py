"""What staff see of messages: what did not arrive, and what one person was sent. Never words, never addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Select,
    Uuid,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.messages.catalogue import KINDS, PEOPLE, SUBJECTS
from app.messages.holds import held_until
from app.messages.kind import About
from app.messages.models import Outbox
from app.messages.problems import Explained, explain
from app.shell.errors import NotFound
from app.shell.searching import find, matches
from app.states.messages import Channel, RecipientKind, State
from infra.clock import now

PAGE = 50
#: Older trouble is history.
LOOK_BACK = timedelta(days=60)

_T = Outbox.__table__.c
_AGAIN = Outbox.__table__.alias("again")
_COLUMNS = (_T.id, _T.kind, _T.channel, _T.recipient_kind, _T.recipient_id, _T.subject_id, _T.state, _T.problem,
            _T.created_at, _T.sent_at, _T.not_after, _T.step, _T.step_before)  # fmt: skip
_OTHER = Outbox.__table__.alias("other")
#: On its way, or there.
_GOES = (State.QUEUED, State.SENDING, State.SENT, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list. `name` is empty for somebody who is known by their link alone."""

    id: UUID
    kind: str
    label: str
    channel: Channel
    recipient_kind: RecipientKind
    recipient_id: UUID
    name: str
    state: State
    problem: str
    explained: Explained | None
    created_at: datetime
    sent_at: datetime | None
    subject_id: UUID | None = None
    not_after: datetime | None = None
    step: str = ""
    step_before: str = ""
    #: Until when nothing of its channel goes, because today's number is used up; None where it may go.
    held_until: datetime | None = None
    #: What became of the one that was written in its place when somebody pressed "Send again"; None when nobody did.
    again_state: State | None = None
    again_problem: str = ""
    #: The other way by which the same message goes, or went, to this person.
    went_by: Channel | None = None
    went_state: State | None = None
    #: Whether a newer one about the same thing was written, so that this one would say what is past.
    is_replaced: bool = False

    @property
    def is_repeated(self) -> bool:
        """Whether it was written once more already."""
        return self.again_state is not None


@dataclass(frozen=True, slots=True)
class FailedPage:
    """One page of failed messages, newest first; `older` names the row to go on after."""

    rows: Sequence[MessageRow]
    older: UUID | None


def list_failed(
    session: Session, school_id: UUID, *, after: UUID | None = None, held_back: bool = False, text: str = ""
) -> FailedPage:
    """Messages that did not arrive, or with `held_back` those that we did not send; newest first.

    `text` leaves those to people who fit, or of a kind whose name does. Ids grow with time, so a page goes on after the
    last id of the one before.
    """
    statement = (
        select(*_COLUMNS, *_since())
        .where(_trouble(school_id, State.HELD_BACK if held_back else State.FAILED), _fits(text))
        .order_by(_T.created_at.desc(), _T.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        mark = session.execute(
            select(_T.created_at).where(_T.school_id == school_id, _T.id == after)
        ).scalar_one_or_none()
        if mark is None:
            raise NotFound
        statement = statement.where(or_(_T.created_at < mark, and_(_T.created_at == mark, _T.id < after)))
    found = session.execute(statement).all()
    rows = _named(session, school_id, found[:PAGE])
    return FailedPage(rows, rows[-1].id if len(found) > PAGE else None)


def count_failed(session: Session, school_id: UUID) -> int:
    """How many messages did not arrive and still need somebody.

    Not those that were sent again since or reached the person another way, nor what would say what is past.
    """
    return int(session.execute(_failed(), {"school_id": school_id}).scalar_one())


@cache
def _failed() -> Select[int]:
    is_open = (
        ~_repeated(_AGAIN.c.id).exists() & ~_replaced() & ~_otherwise(_OTHER.c.id).exists() & ~_is_over()
    )
    school_id = bindparam("school_id", type_=Uuid())
    return select(func.count()).where(_trouble(school_id, State.FAILED), is_open)


def list_unreached(session: Session, school_id: UUID, recipient_kind: RecipientKind) -> set[UUID]:
    """Those of this kind whose newest message that went anywhere did not arrive. In the scope of staff."""
    ended = (State.SENDING, State.SENT, State.DELIVERED, State.FAILED)
    went = session.execute(
        select(_T.recipient_id, _T.state)
        .where(_T.school_id == school_id, _T.recipient_kind == recipient_kind, _T.state.in_(ended))
        .order_by(_T.created_at, _T.id)
    )
    newest = {row.recipient_id: row.state for row in went}
    return {one for one, state in newest.items() if state == State.FAILED}


def list_for_recipient(
    session: Session,
    school_id: UUID,
    recipient_kind: RecipientKind | str,
    recipient_id: UUID,
    *,
    limit: int = 50,
) -> Sequence[MessageRow]:
    """What one person was sent or should have been, newest first, for their timeline."""
    found = session.execute(
        select(*_COLUMNS, held_until(_T.channel).label("held_until"))
        .where(
            _T.school_id == school_id,
            _T.recipient_kind == RecipientKind(recipient_kind),
            _T.recipient_id == recipient_id,
            _T.kind.not_in(confidential()),
        )
        .order_by(_T.created_at.desc(), _T.id.desc())
        .limit(limit)
    ).all()
    return _named(session, school_id, found)


def get_message(session: Session, school_id: UUID, message_id: UUID) -> MessageRow:
    """One message of this school, with what became of it since. Raises NotFound."""
    row = session.execute(
        select(*_COLUMNS, *_since()).where(
            _T.school_id == school_id, _T.id == message_id, _T.kind.not_in(confidential())
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _named(session, school_id, [row])[0]


def list_found(session: Session, school_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these messages that are here, and no secret to the school's staff."""
    asked = select(_T.id).where(_T.school_id == school_id, _T.id.in_(ids), _T.kind.not_in(confidential()))
    return list(session.scalars(asked))


def has_left(session: Session, school_id: UUID, kinds: Sequence[str], subject_id: UUID, *, to: UUID) -> bool:
    """Whether a message of one of these kinds about this went to `to`, or may have: they can know of it."""
    went = (State.SENDING, State.SENT, State.DELIVERED)
    asked = select(_T.id).where(
        _T.school_id == school_id,
        _T.kind.in_(kinds),
        _T.subject_id == subject_id,
        _T.recipient_id == to,
        _T.state.in_(went),
    )
    return session.execute(asked.limit(1)).first() is not None


def confidential() -> list[str]:
    """Kinds that a school's staff never find in a list."""
    return [kind.name for kind in KINDS.values() if kind.confidential]


def _about_something() -> list[str]:
    """Kinds that speak of one session or group."""
    return [kind.name for kind in KINDS.values() if kind.about is not About.NOTHING]


def _fits(typed: str) -> ColumnElement[bool]:
    found = [ids for which in ("parents", "facilitators", "staff") if (ids := find(which, typed)) is not None]
    if not found:
        return true()
    kinds = [kind.name for kind in KINDS.values() if matches(typed, str(kind.label))]
    return or_(_T.kind.in_(kinds), *(_T.recipient_id.in_(ids) for ids in found))


def _since() -> tuple[ColumnElement[Any], ...]:
    """What became of a message since it was written."""
    return (
        _repeated(_AGAIN.c.state).scalar_subquery().label("again_state"),
        _repeated(_AGAIN.c.problem).scalar_subquery().label("again_problem"),
        _otherwise(_OTHER.c.channel).scalar_subquery().label("went_by"),
        _otherwise(_OTHER.c.state).scalar_subquery().label("went_state"),
        _replaced().label("is_replaced"),
    )


def _repeated(column: ColumnElement[Any]) -> Select[Any]:
    return select(column).where(
        _AGAIN.c.school_id == _T.school_id,
        _AGAIN.c.kind == _T.kind,
        _AGAIN.c.channel == _T.channel,
        _AGAIN.c.dedupe_key == func.concat("again:", _T.id),
    )


def _otherwise(column: ColumnElement[Any]) -> Select[Any]:
    """The same message to the same person by the other channel, if that goes or went."""
    return (
        select(column)
        .where(
            _OTHER.c.school_id == _T.school_id,
            _OTHER.c.kind == _T.kind,
            _OTHER.c.recipient_kind == _T.recipient_kind,
            _OTHER.c.recipient_id == _T.recipient_id,
            _OTHER.c.channel != _T.channel,
            _OTHER.c.state.in_(_GOES),
            _OTHER.c.created_at >= _T.created_at,
            _OTHER.c.step == _T.step,
            or_(_T.kind.not_in(_about_something()), _OTHER.c.subject_id == _T.subject_id),
        )
        .order_by(_OTHER.c.created_at)
        .limit(1)
    )


def _is_over() -> ColumnElement[bool]:
    """What speaks of what is past, as whoever keeps that knows."""
    return or_(false(), *(subjects.is_over(_T) for subjects in set(SUBJECTS.values())))


def _replaced() -> ColumnElement[bool]:
    return (
        select(_AGAIN.c.id)
        .where(
            _T.topic != "",
            _AGAIN.c.school_id == _T.school_id,
            _AGAIN.c.recipient_kind == _T.recipient_kind,
            _AGAIN.c.recipient_id == _T.recipient_id,
            _AGAIN.c.topic == _T.topic,
            _AGAIN.c.channel == _T.channel,
            _AGAIN.c.id > _T.id,
        )
        .exists()
    )


def _looked_at_since() -> datetime:
    return now() - LOOK_BACK


def _trouble(school_id: UUID | BindParameter[UUID], state: State) -> Any:
    return and_(
        _T.school_id == school_id,
        _T.state == state,
        # Found when it is asked.
        _T.created_at
        > bindparam("since", callable_=_looked_at_since, unique=True, type_=DateTime(timezone=True)),
        _T.kind.not_in(confidential()),
    )


def name_people(session: Session, school_id: UUID, people: Iterable[UUID]) -> dict[UUID, str]:
    """Names of a school's parents, facilitators and colleagues by id; whoever is none of them is missing."""
    ids = list(set(people))
    if not ids:
        return {}
    lists = (people.names for people in PEOPLE.values() if people.names is not None)
    rows = session.execute(union_all(*lists), {"school": school_id, "ids": ids}).all()
    return {row.id: row.name for row in rows}


def _named(session: Session, school_id: UUID, found: Sequence[Any]) -> list[MessageRow]:
    names = name_people(session, school_id, (row.recipient_id for row in found))
    return [
        MessageRow(
            id=row.id,
            kind=row.kind,
            label=KINDS[row.kind].label if row.kind in KINDS else row.kind,
            channel=Channel(row.channel),
            recipient_kind=RecipientKind(row.recipient_kind),
            recipient_id=row.recipient_id,
            name=names.get(row.recipient_id, ""),
            state=State(row.state),
            problem=row.problem,
            explained=explain(row.problem, row.channel) if row.problem else None,
            created_at=row.created_at,
            sent_at=row.sent_at,
            subject_id=row.subject_id,
            not_after=row.not_after,
            step=row.step,
            step_before=row.step_before,
            held_until=getattr(row, "held_until", None),
            again_state=State(again) if (again := getattr(row, "again_state", None)) else None,
            again_problem=getattr(row, "again_problem", None) or "",
            went_by=Channel(other) if (other := getattr(row, "went_by", None)) else None,
            went_state=State(other) if (other := getattr(row, "went_state", None)) else None,
            is_replaced=bool(getattr(row, "is_replaced", False)),
        )
        for row in found
    ]
