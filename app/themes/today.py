"""What groups say to their schools, on the homes of those who are asked."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.shell.dates import day
from app.shell.today import TodayItem
from app.states.themes import ThemeState
from app.themes import queries
from infra.clock import today
from tenants.together import together


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """What those who lead wrote down for their group, and what the school replied."""
    with together(session) as ask:
        themes = ask(queries.list_mine, identity.own_school_id, identity.person_id)
        voices = ask(queries.list_my_voices, identity.own_school_id, identity.person_id)
        over = ask(queries.list_over)
    new, replied = queries.to_voice(themes.value, voices.value, over.value)
    items = []
    if replied:
        items.append(
            TodayItem(
                title=_("The school has replied to your group"),
                href=url_for("themes.mine"),
                note=_("Is it enough? Nobody sees who said what."),
                tag=_("New"),
                tone="info",
            )
        )
    if new:
        items.append(
            TodayItem(
                title=_("Is this what your group thinks?"),
                href=url_for("themes.mine"),
                note=_("The school reads it only if five of you say so."),
                tag=_("Your choice"),
                tone="waiting",
            )
        )
    return items


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Themes that groups have approved and that nobody has replied to."""
    return [
        TodayItem(
            title=_("Reply to a group"),
            href=url_for("themes.reply", theme_id=one.id),
            note=_("The group was told: by %(day)s.", day=day(one.reply_by))
            if one.reply_by and one.reply_by < today()
            else _("Five or more of its parents say this together."),
            on=one.reply_by,
            tag=_("Late") if one.reply_by and one.reply_by < today() else _("To reply"),
            tone="attention",
        )
        for one in queries.list_of_school(session, identity.own_school_id)
        if one.state == ThemeState.APPROVED
    ]
