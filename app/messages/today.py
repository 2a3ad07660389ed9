"""What messages have to say about somebody's day."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.messages.door_budget import is_over
from app.messages.kept import count_waiting
from app.messages.own_key import find_key
from app.messages.queries import count_failed
from app.shell.dates import day
from app.shell.today import TodayItem
from tenants.together import together


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """A key at Notify that is refused: nothing goes to anybody at the council's schools."""
    key = find_key(session, identity.authority_id)
    if key is None or key.refused_since is None:
        return []
    return [
        TodayItem(
            title=_("GOV.UK Notify refuses your key"),
            href=url_for("messages.notify_key"),
            note=_("Messages of your schools wait since %(day)s. None is lost.", day=day(key.refused_since)),
            tag=_("Needs you"),
            tone="attention",
        )
    ]


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Replies that wait, and messages that did not arrive."""
    items = []
    with together(session) as ask:
        asked_for = ask(is_over, identity.own_school_id)
        replies = ask(count_waiting, identity.own_school_id)
        not_arrived = ask(count_failed, identity.own_school_id)
    if over := asked_for.value:
        items.append(
            TodayItem(
                title=_("%(num)s sign-in links and codes were asked for since yesterday", num=over),
                href=url_for("messages.failed"),
                note=_("That is far more than usual. Ask whoever runs this service if somebody is guessing."),
                tag=_("Unusual"),
                tone="attention",
            )
        )
    if waiting := replies.value:
        items.append(
            TodayItem(
                title=ngettext("%(num)s reply to a text", "%(num)s replies to texts", waiting),
                href=url_for("messages.replies"),
                note=_("Somebody wrote back. Please read it today."),
                tag=_("To read"),
                tone="attention",
            )
        )
    if failed := not_arrived.value:
        items.append(
            TodayItem(
                title=ngettext("%(num)s message did not arrive", "%(num)s messages did not arrive", failed),
                href=url_for("messages.failed"),
                note=_("See why, and what to do."),
                tag=_("Not delivered"),
                tone="attention",
            )
        )
    return items
