"""Replies to texts that one school has to read: who, what, when, and that somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.privacy.audit import define, record
from app.shell.errors import NotFound
from infra.clock import now

DONE = define("messages:reply:done")
#: So many are shown; the oldest that wait come first, so none is lost.
MOST = 100

_LIST = text(
    "select r.id, r.number, r.words, r.at, r.done_at, r.done_by, r.recipient_kind, r.recipient_id,"
    " coalesce(c.first_name || ' ' || c.last_name, f.name, '') as name from text_reply r"
    " left join parent_contact c on r.recipient_kind = 'parent' and c.school_id = r.school_id"
    " and c.parent_id = r.recipient_id"
    " left join facilitator f on r.recipient_kind = 'facilitator' and f.school_id = r.school_id"
    " and f.id = r.recipient_id"
    " where r.school_id = :school order by r.done_at is not null, case when r.done_at is null then r.at end,"
    " r.done_at desc, r.id limit :most"
)
_COUNT = text("select count(*) from text_reply where school_id = :school and done_at is null")
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


def list_replies(session: Session, school_id: UUID) -> Sequence[TextReply]:
    """What waits, oldest first; then what was dealt with, newest first."""
    rows: Sequence[Any] = session.execute(_LIST, {"school": school_id, "most": MOST}).all()
    return [TextReply(*row) for row in rows]


def count_waiting(session: Session, school_id: UUID) -> int:
    """How many replies nobody has dealt with."""
    return int(session.execute(_COUNT, {"school": school_id}).scalar_one())


def mark_done(session: Session, school_id: UUID, reply_id: UUID, *, by: str) -> bool:
    """Note that somebody has dealt with it; False when somebody had. Raises NotFound."""
    values = {"school": school_id, "id": reply_id, "at": now(), "by": by}
    if session.execute(_DO, values).rowcount:  # type: ignore[attr-defined]
        record(session, DONE, school_id=school_id, subject_id=reply_id)
        return True
    if session.execute(_IS_THERE, {"school": school_id, "id": reply_id}).first() is None:
        raise NotFound
    return False
