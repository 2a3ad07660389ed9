"""What other packages may join of parents: to read, never to change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, func, select

from app.recruitment.models import Consent, Parent, ParentContact, ParentEvent
from app.states.parents import ParentStage

#: A row for each parent: the name as staff write it, and how to reach them.
CONTACTS: Subquery = select(
    ParentContact.school_id,
    ParentContact.parent_id,
    ParentContact.first_name,
    ParentContact.last_name,
    func.trim(ParentContact.first_name + " " + ParentContact.last_name).label("name"),
    ParentContact.phone,
    ParentContact.email,
    ParentContact.language,
    ParentContact.interpreter,
    ParentContact.access_needs,
    ParentContact.texts_stopped_at.is_not(None).label("texts_stopped"),
    ParentContact.emails_stopped_at.is_not(None).label("emails_stopped"),
).subquery("contact")

#: How far each parent is.
STAGES: Subquery = select(Parent.school_id, Parent.id.label("parent_id"), Parent.stage).subquery(
    "parent_stage"
)


def who_ended_it(
    school_id: SQLColumnExpression[Any],
    parent_id: SQLColumnExpression[Any],
    left_at: SQLColumnExpression[Any],
) -> ColumnElement[str]:
    """Whose doing it was (`BySide`) that a parent was in a group no more from that moment."""
    return (
        select(ParentEvent.by_side)
        .where(
            ParentEvent.school_id == school_id,
            ParentEvent.parent_id == parent_id,
            ParentEvent.from_stage == ParentStage.IN_GROUP,
            ParentEvent.at >= left_at,
        )
        .order_by(ParentEvent.at)
        .limit(1)
        .scalar_subquery()
    )


def choice(kind: str) -> Subquery:
    """A row for each parent who was asked about `kind`: `given` is what they say now."""
    return (
        select(Consent.school_id, Consent.parent_id, Consent.given)
        .where(Consent.kind == kind)
        .subquery("choice")
    )
