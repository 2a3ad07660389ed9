"""What messages have to say about somebody's day."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.accounts.websession import Identity
from app.messages.queries import count_failed
from app.shell.today import TodayItem


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Messages that did not arrive."""
    assert identity.school_id is not None  # noqa: S101 - a school's role always has one
    failed = count_failed(session, identity.school_id)
    if not failed:
        return []
    return [
        TodayItem(
            title=ngettext("%(num)s message did not arrive", "%(num)s messages did not arrive", failed),
            href=url_for("messages.failed"),
            note=_("See why, and what to do."),
            tag=_("Not delivered"),
            tone="attention",
        )
    ]
