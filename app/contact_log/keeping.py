"""How long what was noted of a contact is kept: a year after it was over. The schedule erases it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.contact_log.models import ContactWithParent, ContactWithSchool
from infra.logs import get_logger
from tenants.session import rows_written

log = get_logger()


def erase_old(session: Session, *, school_id: UUID, moment: datetime) -> int:
    """The schedule's job: the database shows it nothing but what was over a year ago. It writes no message."""
    for table in (ContactWithParent, ContactWithSchool):
        gone = session.execute(
            delete(table).where(table.school_id == school_id, table.at < moment),
            execution_options={"synchronize_session": False},
        )
        if count := rows_written(gone):
            log.info("contacts_erased", school_id=str(school_id), count=count, queue=table.__tablename__)
    return 0
