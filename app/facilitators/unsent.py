"""An application that is not sent yet: its writer's alone, kept at each press, whatever browser they come back in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, scoped_session

from app.shell.validators import without_unfit_letters
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once

#: A draft that nobody came back to is erased after this.
LIFE = timedelta(days=60)
#: Letters of all answers together; the form takes a third.
LONGEST = 100_000

AnySession = Session | scoped_session[Any]

_FIND = text(
    "select answers, is_complete from application_draft where school_id = :school and parent_id = :parent"
).columns(column("answers", JSONB), column("is_complete", Boolean))
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('application ' || :school || ' ' || :parent, 0))")
_KEEP = text(
    "insert into application_draft (school_id, parent_id, answers, is_complete, saved_at)"
    " values (:school, :parent, cast(:answers as jsonb), :complete, :at) on conflict (school_id, parent_id) do update"
    " set answers = excluded.answers, is_complete = excluded.is_complete, saved_at = excluded.saved_at"
)
_DROP = text("delete from application_draft where school_id = :school and parent_id = :parent")
_ERASE = text("delete from application_draft where school_id = :school and saved_at < :before")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote. Not complete: the form had something to say about it."""

    answers: dict[str, Any]
    is_complete: bool

    @property
    def words(self) -> str:
        """All of it in one piece, for a press that counts for what its page showed."""
        return json.dumps(self.answers, sort_keys=True)


@read_once
def find(session: AnySession, school_id: UUID, parent_id: UUID, *, hold: bool = False) -> Draft | None:
    """What this parent has written so far; None when nothing waits. `hold`: another window of theirs waits."""
    if hold:
        session.execute(_HOLD, {"school": str(school_id), "parent": str(parent_id)})
    return _as_draft(session.execute(_FIND, {"school": school_id, "parent": parent_id}).all())


def _as_draft(rows: Sequence[Any]) -> Draft | None:
    return Draft(*rows[0]) if rows else None


#: What a parent's home reads ahead.
MINE = Part(
    find,
    _FIND,
    takes=("school_id", "person_id"),
    names={"school": "school_id", "parent": "person_id"},
    answer=_as_draft,
)


def keep(
    session: AnySession, school_id: UUID, parent_id: UUID, answers: Mapping[str, Any], *, is_complete: bool
) -> None:
    """Keep these answers in the place of those before; more than the form could take is not kept.

    Also what the form refuses: letters that nothing can keep are left out, and the form says so.
    """
    written = json.dumps(_fit(dict(answers)))
    if len(written) <= LONGEST // 2:
        values = {"school": school_id, "parent": parent_id, "answers": written, "complete": is_complete}
        session.execute(_KEEP, values | {"at": now()})


def _fit(answer: Any) -> Any:
    if isinstance(answer, str):
        return without_unfit_letters(answer)
    if isinstance(answer, dict):
        return {name: _fit(one) for name, one in answer.items()}
    return [_fit(one) for one in answer] if isinstance(answer, list | tuple) else answer


def drop(session: AnySession, school_id: UUID, parent_id: UUID) -> None:
    """It was sent, or is not wanted."""
    session.execute(_DROP, {"school": school_id, "parent": parent_id})


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: erase a school's drafts that nobody came back to. It writes no message."""
    session.execute(_ERASE, {"school": school_id, "before": moment - LIFE})
    return 0
