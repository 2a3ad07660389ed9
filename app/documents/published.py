"""What other packages may join of stored documents: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from app.documents.models import StoredDocument

#: A row for each document that is about a parent: what it is, and how far.
PAPERS: Subquery = select(
    StoredDocument.school_id,
    StoredDocument.id,
    StoredDocument.kind,
    StoredDocument.parent_id,
    StoredDocument.state,
    StoredDocument.created_at,
).subquery("paper")

#: A row for each document: how far its file is, and why it was refused.
FILES: Subquery = select(
    StoredDocument.school_id, StoredDocument.id, StoredDocument.state, StoredDocument.problem
).subquery("file")
