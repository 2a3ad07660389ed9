"""What questions have to say about a parent's day."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.measures.queries import list_changes, list_journeys
from app.programme.numbers import QUESTIONS
from app.shell.today import TodayItem


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """Questions that can be answered now, and the change once both were."""
    if identity.school_id is None:
        return []
    journeys = list_journeys(session, identity.school_id, identity.person_id)
    titles = {
        ("before", "open"): _("Your first %(count)s questions", count=QUESTIONS),
        ("before", "begun"): _("Go on with your first %(count)s questions", count=QUESTIONS),
        ("after", "open"): _("The same %(count)s questions, now that the group is over", count=QUESTIONS),
        ("after", "begun"): _("Go on with your last %(count)s questions", count=QUESTIONS),
    }
    items = [
        TodayItem(
            title=titles[journey.occasion, journey.state],
            href=url_for("measures.intro", occasion=journey.occasion),
            note=_("About 5 minutes. Skip any you like. School staff never see your answers."),
            tag=_("Begun") if journey.state == "begun" else "",
            tone="waiting",
        )
        for journey in journeys
        if journey.is_open
    ]
    if list_changes(journeys):
        items.append(
            TodayItem(
                title=_("See how your answers moved"),
                href=url_for("measures.my_change"),
                note=_("Only you see this page."),
            )
        )
    return items
