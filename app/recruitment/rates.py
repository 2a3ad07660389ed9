"""How many of the parents whom a school asks join, and how long that takes: from its own past, never from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Float, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.recruitment.models import Parent
from app.states.parents import DO_NOT_WRITE, ParentStage
from infra.clock import now
from tenants.pages import Part
from tenants.reading import read_once

#: Whoever was asked so long ago has answered, or will not by themselves.
TO_ANSWER = timedelta(days=21)
#: Of fewer nothing can be said.
FEWEST_ASKED = 10
_SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class Rates:
    """`asked`: parents who were invited and have answered, or had three weeks; `joined` of them, and in how many `days`
    nine in ten of those did. `open_asked`: invited since, and not answered yet."""

    asked: int = 0
    joined: int = 0
    days: int = 0
    open_asked: int = 0

    @property
    def is_known(self) -> bool:
        """Whether enough were asked to say anything."""
        return self.asked >= FEWEST_ASKED and self.joined > 0

    def to_ask(self, wanted: int) -> int:
        """How many more to ask so that `wanted` more join, beside who was asked lately; where it is known."""
        # In whole numbers, so that 3 of 10 is not 0.30000000000000004.
        missing = wanted * self.asked - self.open_asked * self.joined
        return max(0, ceil(Fraction(missing, self.joined)))


_SINCE = bindparam("now", type_=DateTime(timezone=True)) - TO_ANSWER
_DONE = or_(
    Parent.joined_at.is_not(None),
    Parent.stage.in_(sorted(DO_NOT_WRITE)),
    Parent.invited_at <= _SINCE,
)
_JOINED = Parent.joined_at >= Parent.invited_at
_RATES = select(
    func.count().filter(_DONE).label("asked"),
    func.count().filter(_JOINED).label("joined"),
    func.percentile_cont(0.9)
    .within_group(func.extract("epoch", Parent.joined_at - Parent.invited_at))
    .filter(_JOINED)
    .cast(Float)
    .label("seconds"),
    func.count().filter(~_DONE).label("open_asked"),
).where(
    Parent.school_id == bindparam("school_id"),
    Parent.invited_at.is_not(None),
    Parent.stage != ParentStage.IDENTIFIED,
)


@read_once
def read_rates(session: Session, school_id: UUID) -> Rates:
    """Of one school, today."""
    return _as_rates(session.execute(_RATES, {"school_id": school_id, "now": now()}).all())


def _as_rates(rows: Sequence[Any]) -> Rates:
    row = rows[0]
    days = ceil((row.seconds or 0) / _SECONDS_A_DAY)
    return Rates(row.asked, row.joined, max(days, 1), row.open_asked)


#: What a school's home reads ahead.
RATES = Part(read_rates, _RATES, takes=("school_id",), answer=_as_rates)
