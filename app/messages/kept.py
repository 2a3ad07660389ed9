"""Replies to texts that one school has to read: who, what, when, and that somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, case, column, func, select, table, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.shell.errors import NotFound
from app.shell.searching import holds
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once
from tenants.session import rows_written

DONE = define("messages:reply:done")
#: So many are shown; the oldest that wait come first, so none is lost.
MOST = 100

_R = table(
    "text_reply",
    *(
        column(name)
        for name in (
            "school_id",
            "id",
            "number",
            "words",
            "at",
            "done_at",
            "done_by",
            "recipient_kind",
            "recipient_id",
        )
    ),
).alias("r")
_C = table(
    "parent_contact", *(column(name) for name in ("school_id", "parent_id", "first_name", "last_name"))
).alias("c")
_F = table("facilitator", *(column(name) for name in ("school_id", "id", "name"))).alias("f")
_STANDING = func.app.standing_parent(_R.c.recipient_id)
_NAME = func.coalesce(_C.c.first_name + " " + _C.c.last_name, _F.c.name, "")
#: As people dial it at home.
_AT_HOME = func.regexp_replace(_R.c.number, "^[+]44", "0")
_ROWS = (
    select(
        *(_R.c[name] for name in ("id", "number", "words", "at", "done_at", "done_by")),
        _R.c.recipient_kind,
        _STANDING.label("recipient_id"),
        _NAME.label("name"),
    )
    .select_from(_R)
    .outerjoin(
        _C,
        and_(
            _R.c.recipient_kind == "parent",
            _C.c.school_id == _R.c.school_id,
            # Whoever was put together with another since is read as the one that stands.
            _C.c.parent_id == _STANDING,
        ),
    )
    .outerjoin(
        _F,
        and_(
            _R.c.recipient_kind == "facilitator",
            _F.c.school_id == _R.c.school_id,
            _F.c.id == _R.c.recipient_id,
        ),
    )
    .order_by(
        _R.c.done_at.is_not(None), case((_R.c.done_at.is_(None), _R.c.at)), _R.c.done_at.desc(), _R.c.id
    )
    .limit(MOST)
)
_COUNT = text(
    "select count(*) waiting from text_reply where school_id = :school and done_at is null"
).columns(column("waiting", Integer))
_DO = text(
    "update text_reply set done_at = :at, done_by = :by where school_id = :school and id = :id and done_at is null"
)
_IS_THERE = text("select 1 from text_reply where school_id = :school and id = :id")


@dataclass(frozen=True, slots=True)
class TextReply:
    """`name` is empty when only the number is known."""

    id: UUID
    number: str
    words: str
    at: datetime
    done_at: datetime | None
    done_by: str
    recipient_kind: str
    recipient_id: UUID
    name: str


def list_replies(session: Session, school_id: UUID, typed: str = "") -> Sequence[TextReply]:
    """What waits, oldest first; then what was dealt with, newest first.

    `typed` leaves those from people, numbers or of words that fit, or that somebody who fits has dealt with.
    """
    fits = holds(typed, _NAME, _R.c.number, _AT_HOME, _R.c.words, _R.c.done_by)
    rows: Sequence[Any] = session.execute(_ROWS.where(_R.c.school_id == school_id, fits)).all()
    return [TextReply(*row) for row in rows]


@read_once
def count_waiting(session: Session, school_id: UUID) -> int:
    """How many replies nobody has dealt with."""
    return int(session.execute(_COUNT, {"school": school_id}).scalar_one())


WAITING = Part(
    count_waiting, _COUNT, takes=("school_id",), names={"school": "school_id"}, answer=lambda rows: rows[0][0]
)


def mark_done(session: Session, school_id: UUID, reply_id: UUID, *, by: str) -> bool:
    """Note that somebody has dealt with it; False when somebody had. Raises NotFound."""
    values = {"school": school_id, "id": reply_id, "at": now(), "by": by}
    if rows_written(session.execute(_DO, values)):
        record(session, DONE, school_id=school_id, subject_id=reply_id)
        return True
    if session.execute(_IS_THERE, {"school": school_id, "id": reply_id}).first() is None:
        raise NotFound
    return False
