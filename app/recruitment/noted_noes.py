"""A no to single choices that staff noted by mistake, such as for the wrong parent: which there are, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.trail import record
from app.recruitment.consents import FOR_STAFF
from app.recruitment.noting import CHOICE_TAKEN_BACK, Noted, remember
from app.recruitment.queries import get_contact
from app.schools import stage_rights
from app.shell.refusals import Refused
from infra.clock import now

_LIST = text("select app.noted_noes(:parent)")
_TAKE_BACK = text("select kind, noted_at from app.take_back_noes(:parent, :kinds, :at)")
#: Which stop mark goes with a choice.
_STOPS = {"text": "texts_stopped_at", "email": "emails_stopped_at"}


def list_noted(session: Session, parent_id: UUID) -> list[str]:
    """The choices to which staff noted a no that the parent has not answered since."""
    found = session.execute(_LIST, {"parent": parent_id}).scalar_one()
    return [kind for kind in FOR_STAFF if kind in found]


def take_back(
    session: Session, school_id: UUID, parent_id: UUID, kinds: Sequence[str], *, reason: str, by_name: str
) -> None:
    """These choices are again what they were, or unanswered. Raises Refused where the parent has spoken since."""
    stage_rights.check(session, school_id, "answer_for_parents")
    contact = get_contact(session, school_id, parent_id)
    rows = session.execute(_TAKE_BACK, {"parent": parent_id, "kinds": list(kinds), "at": now()}).all()
    if {row.kind for row in rows} != set(kinds):
        raise Refused(
            _("They said something themselves since, or a colleague took it back. Look at their page.")
        )
    for row in rows:
        # One that they sent themselves, before, stays.
        if (stop := _STOPS.get(row.kind)) and (at := getattr(contact, stop)) and at >= row.noted_at:
            setattr(contact, stop, None)
        record(session, CHOICE_TAKEN_BACK, subject_id=parent_id, kind=row.kind)
    words = ", ".join(str(words) for kind, words in FOR_STAFF.items() if kind in kinds)
    said = _("Noted by mistake, and taken back: the no to %(what)s. %(reason)s", what=words, reason=reason)
    remember(session, school_id, parent_id, Noted("mistake", by_name), said)
