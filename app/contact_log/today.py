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

#: More than these nobody does in a day; the next ones come up as these are done.
MOST = 10


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Whom to get in touch with today, or since some days; for the lead also what nobody has any more."""
    return _items(session, PARENTS, identity)


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """The same of schools."""
    return _items(session, SCHOOLS_OF_COUNCIL, identity)


def _items(session: Session, side: Side, identity: Identity) -> list[TodayItem]:
    return [_item(side, one) for one in queries.list_due(session, side, identity, most=MOST)]


def _item(side: Side, one: queries.Due) -> TodayItem:
    tag = due_tag(one.due_on) or {"text": "", "kind": "quiet"}
    return TodayItem(
        title=_("%(name)s: %(what)s", name=kept(one.name), what=one.action),
        href=address_of(side.home, {side.argument: one.subject_id}),
        note="" if one.owner else _("Whoever had this has left. Do it, or hand it to somebody."),
        on=one.due_on,
        tag=tag["text"],
        tone="attention" if tag["kind"] == "attention" else "waiting",
    )
