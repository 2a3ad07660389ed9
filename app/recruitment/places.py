"""What recruitment asks of groups, which stand above it: a parent's places, and what their page shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import FromClause
from sqlalchemy.orm import Session

from app.shell.handed_in import HandedIn


class Places(Protocol):
    """Answered by `app/cohorts/places.py`."""

    def list_cohort_ids(self, session: Session, school_id: UUID, parent_id: UUID) -> list[UUID]:
        """Groups that a parent is, or was, in."""

    def give_back_places(
        self, session: Session, school_id: UUID, parent_id: UUID, *, reason: str = ""
    ) -> int:
        """End every place that a parent holds; how many."""

    def for_their_page(self, session: Session, school_id: UUID, parent_id: UUID) -> dict[str, Any]:
        """What the parent's page at school shows of their group: `group`, `plan`, `to_tell`, `know`."""


class Answers(Protocol):
    """Answered by `app/measures/queries.py`."""

    def has_answered(self, session: Session, school_id: UUID, parent_id: UUID) -> bool:
        """Whether a parent has answered any of our questions."""


class Merges(Protocol):
    """Answered by `app/merging/records.py`."""

    def list_merges(self, session: Session, school_id: UUID, parent_id: UUID) -> Sequence[Any]:
        """What was put together with this record, and is still: `id`, `gone_name`, `at`."""


places: HandedIn[Places] = HandedIn("a parent's places")
#: Whoever may be named for what they did at a school: `school_id`, `id`, `name`.
actors: HandedIn[FromClause] = HandedIn("the people whom a trail names")
merges: HandedIn[Merges] = HandedIn("records that were put together")
answers: HandedIn[Answers] = HandedIn("a parent's answers")
