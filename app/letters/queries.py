"""How many letters wait to be handed out, for the homes of a school's staff; `pile.py` says which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.contact_log.published import WITH_PARENTS
from app.documents.published import PAPERS
from app.letters.forms import GIVEN
from app.recruitment.letters import KIND, LETTER_LIFE
from app.recruitment.published import STAGES
from app.states.contacts import How
from app.states.documents import DocumentState
from app.states.parents import BEFORE_JOINING
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once

_PAPER, _NOTED = PAPERS.c, WITH_PARENTS.c


def _is_among(function: str) -> ColumnElement[bool]:
    """Whether a function of the database picks this paper."""
    picked = getattr(func.identity, function)(array([_PAPER.id])).table_valued("id")
    return exists().select_from(picked)


_TO_GIVE = select(func.count(_PAPER.parent_id.distinct())).where(
    _PAPER.school_id == bindparam("school_id"),
    _PAPER.kind == KIND,
    _PAPER.state != DocumentState.REFUSED,
    _PAPER.created_at > bindparam("now", type_=DateTime(timezone=True)) - LETTER_LIFE,
    exists().where(
        STAGES.c.school_id == _PAPER.school_id,
        STAGES.c.parent_id == _PAPER.parent_id,
        STAGES.c.stage.in_(sorted(BEFORE_JOINING)),
    ),
    ~exists().where(
        _NOTED.school_id == _PAPER.school_id,
        _NOTED.parent_id == _PAPER.parent_id,
        _NOTED.how == How.LETTER,
        _NOTED.outcome.in_(GIVEN),
        _NOTED.at >= _PAPER.created_at,
    ),
    # What was made without a link is for somebody who signs in as they did.
    or_(_is_among("open_letters"), ~_is_among("linked_letters")),
)


@read_once
def count_to_give(session: Session, school_id: UUID) -> int:
    """Parents whose letter was made and, as far as anybody noted, has not left the house."""
    return _first(session.execute(_TO_GIVE, {"school_id": school_id, "now": now()}).all())


def _first(rows: Sequence[Any]) -> int:
    return int(rows[0][0])


TO_GIVE = Part(count_to_give, _TO_GIVE, takes=("school_id",), answer=_first)
