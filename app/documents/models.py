"""Documents of a school: made by us or uploaded, each with a key that can only be its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.states.documents import DocumentState
from infra.clock import now
from infra.ids import new_id

#: Kinds about one parent, whose page at school offers them.
OF_A_PARENT = frozenset({"group_plan", "invitation_letter", "signed_slip"})


class StoredDocument(db.Model):
    """One document. State: queued, making (generated); quarantined, checking (uploaded); ready, refused."""

    __tablename__ = "document"
    __mapper_args__ = {"eager_defaults": False}
    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    cohort_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    file_name: Mapped[str]
    state: Mapped[str]
    object_key: Mapped[str | None]
    version_id: Mapped[str | None]
    content_type: Mapped[str] = mapped_column(default="application/pdf")
    sha256: Mapped[str | None]
    #: What its pages draw (`likeness.py`), of a paper that comes back signed.
    pages_sha256: Mapped[str | None]
    #: What an agreement named when it was drawn, empty where it left room; None of other kinds, and from before.
    named: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    size: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    ready_at: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(default="")

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY
