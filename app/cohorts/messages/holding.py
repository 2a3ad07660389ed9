"""Whether a message about a session or group still holds when its turn comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.messages.kind import About, Kind
from app.messages.problems import Problem
from app.states.groups import GroupState, SessionState
from infra.clock import LONDON


@dataclass(frozen=True, slots=True)
class PlanFact:
    """The session or group that it speaks of, and whether its reader is in the group or leads it."""

    cohort_state: str
    is_in_group: bool
    session_state: str | None = None
    on_date: date | None = None
    starts_at: datetime | None = None
    closed_at: datetime | None = None
    #: Whether the school is shut on its day.
    is_shut: bool = False
    #: Whether it is joined by a link, and has one.
    has_link: bool = True

    def why_not(self, kind: Kind, written_at: datetime | None, moment: datetime) -> Problem | None:
        """Why a message of this kind that was written then does not go now; None when it does."""
        if kind.about is About.LEFT_COHORT:
            # Whoever was put back meanwhile has not left; of a group that is over since, it stays true.
            return Problem.PLAN_CHANGED if self.is_in_group else None
        if self.cohort_state == GroupState.CANCELLED and not kind.outlives_group:
            return Problem.PLAN_CHANGED
        if not self.is_in_group:
            return Problem.NOT_IN_GROUP
        return self._why_not_the_session(kind, written_at, moment) if kind.about is About.SESSION else None

    def _why_not_the_session(
        self, kind: Kind, written_at: datetime | None, moment: datetime
    ) -> Problem | None:
        if kind.session_state and self.session_state != kind.session_state:
            return Problem.PLAN_CHANGED
        if kind.session_state == SessionState.PLANNED and self.is_shut:
            return Problem.PLAN_CHANGED
        if (kind.joins and not self.has_link) or (kind.asks_for_link and self.has_link):
            return Problem.PLAN_CHANGED
        if kind.session_state == SessionState.CLOSED:
            # Closed, opened again and closed once more: what was written for the first time is not sent.
            was_reopened = self.closed_at and written_at and written_at < self.closed_at
            return Problem.PLAN_CHANGED if was_reopened else None
        if kind.session_state and self.starts_at and self.starts_at <= moment:
            return Problem.TOO_LATE
        if kind.days_before and self.on_date:
            fewest, most = kind.days_before
            away = (self.on_date - moment.astimezone(LONDON).date()).days
            if not fewest <= away <= most:
                return Problem.PLAN_CHANGED
        return None
