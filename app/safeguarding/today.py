"""What safeguarding says to each home: a concern that waits comes before everything else."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.websession import Identity
from app.safeguarding.queries import SCHOOL_DESK, list_unread
from app.shell.today import TodayItem


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Concerns that nobody has read, to the safeguarding lead alone; a lead learns not even how many."""
    if identity.role is not Role.SCHOOL_DSL or identity.school_id is None:
        return []
    waiting = list_unread(session, SCHOOL_DESK, identity.school_id)
    if not waiting:
        return []
    alone = len(waiting) == 1
    return [
        TodayItem(
            title=ngettext("A concern is waiting", "%(num)s concerns are waiting", len(waiting)),
            href=url_for("safeguarding.read_concern", concern_id=waiting[0])
            if alone
            else url_for("safeguarding.list_concerns"),
            note=_("Please read it today. Only you can.")
            if alone
            else _("Please read them today. Only you can."),
            tag=_("New"),
            tone="attention",
        )
    ]
