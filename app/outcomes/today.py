"""What results have to say about an authority's day."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.outcomes.queries import list_windows
from app.shell.today import TodayItem
from app.states.releases import ReleaseState


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """The newest drafts to look at, and the newest term that is over and has no results yet."""
    items = []
    lines = list_windows(session, identity.authority_id)
    for line in lines:
        if line.state == ReleaseState.DRAFT and line.release is not None:
            items.append(
                TodayItem(
                    title=_("Look at the results of the %(term)s", term=_lower(line.name)),
                    href=url_for("outcomes.show_release", release_id=line.release.id),
                    note=_("A draft waits for you to publish it."),
                    tag=_("Draft"),
                    tone="info",
                )
            )
    if lines and lines[0].state == "ready":
        items.append(
            TodayItem(
                title=_("Put the results of the %(term)s together", term=_lower(lines[0].name)),
                href=url_for("outcomes.releases"),
                note=_("The term is over."),
                tag=_("Ready"),
                tone="info",
            )
        )
    return items


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
