"""That letters lie in the pile, on the homes of a school's staff: those parents count as asked, and know nothing."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.letters.queries import count_to_give
from app.schools import stage_rights
from app.shell.today import TodayItem


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """One item for the pile, while the school may invite."""
    school_id = identity.own_school_id
    number = count_to_give(session, school_id)
    if not number or not stage_rights.may_now(session, school_id, "invite_parents"):
        return []
    return [
        TodayItem(
            title=ngettext("Hand out one letter", "Hand out %(num)d letters", number),
            href=url_for("letters.pile"),
            note=ngettext(
                "It is made, and nobody has noted yet that it went.",
                "They are made, and nobody has noted yet that they went.",
                number,
            ),
            tag=_("To hand out"),
            tone="waiting",
        )
    ]
