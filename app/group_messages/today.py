"""What a parent's group was told of late, on their home."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.group_messages import queries
from app.identity.websession import Identity
from app.shell.today import TodayItem
from infra.clock import now


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """The newest message to their group, while it is news."""
    found = queries.list_mine(session, identity.own_school_id, identity.person_id)
    return [
        TodayItem(
            title=_("A message to your group"),
            href=url_for("group_messages.mine"),
            note=one.words,
            tag=_("New"),
            tone="info",
        )
        for one in found[:1]
        if one.goes_at > now() - queries.NEW_FOR
    ]
