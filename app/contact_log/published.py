"""What other packages may join of the contact log: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from app.contact_log.models import ContactWithParent

#: A row for each contact with a parent: how, when, and what came of it.
WITH_PARENTS: Subquery = select(
    ContactWithParent.school_id,
    ContactWithParent.subject_id.label("parent_id"),
    ContactWithParent.how,
    ContactWithParent.outcome,
    ContactWithParent.at,
).subquery("contact_noted")
