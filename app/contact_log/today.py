"""What the contact log says to a home: next steps whose day has come."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.contact_log import queries
from app.contact_log.log import due_tag
from app.contact_log.subjects import PARENTS, SCHOOLS_OF_COUNCIL, Side
from app.identity.own_pages import address_of
from app.identity.websession import Identity
from app.shell.kept import kept
from app.shell.today import TodayItem

#: More than these are a list of their own.
MOST = 10


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Whom to get in touch with today, or since some days; for the lead also what nobody has any more."""
    return _items(session, PARENTS, identity)


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """The same of schools."""
    return _items(session, SCHOOLS_OF_COUNCIL, identity)


def _items(session: Session, side: Side, identity: Identity) -> list[TodayItem]:
    due = queries.list_due(session, side, identity, most=MOST + 1)
    items = [_item(side, one) for one in due[:MOST]]
    if len(due) > MOST:
        items.append(
            TodayItem(
                title=_("More next steps are due"),
                href=address_of(f"contact_log.list_with_{side.code}s", {}),
                on=due[MOST].due_on,
                tone="attention",
            )
        )
    return items


def _item(side: Side, one: queries.Open) -> TodayItem:
    tag = due_tag(one.due_on)
    return TodayItem(
        title=_("%(name)s: %(what)s", name=kept(one.name), what=one.action),
        href=address_of(side.home, {side.argument: one.subject_id}),
        note="" if one.owner else _("Whoever had this has left. Do it, or hand it to somebody."),
        on=one.due_on,
        tag=tag.text,
        tone=tag.kind,
    )
