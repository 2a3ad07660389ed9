"""What the council announced, on a school's home."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.announcements import queries
from app.identity.websession import Identity
from app.shell.today import TodayItem


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Each that is shown just now, by its heading."""
    assert identity.school_id is not None  # noqa: S101 - people of a school
    found = queries.list_for_school(session, identity.authority_id, identity.school_id)
    return [
        TodayItem(
            title=one.heading,
            href=url_for("announcements.of_school"),
            note=one.words,
            tag=_("From the council"),
            tone="info",
        )
        for one in found
    ]
