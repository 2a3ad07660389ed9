"""The brief and the agreement: drawn from what is known now, the gaps named, and drawn again until it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.queries import find_latest
from app.documents.services import request_document
from app.schools.models import Authority, School
from app.states.documents import DocumentState
from app.states.schools import UNSIGNED

#: The papers of a school that starts, and what their files are called.
DOCUMENTS = {"project_brief": "we-belong-brief.pdf", "agreement": "we-belong-agreement.pdf"}


def list_gaps(authority: Authority, school: School, officers: Sequence[str]) -> list[str]:
    """What the papers leave room for because nobody has told us, in words; empty when everything is known.

    `officers`: names of those who read concerns at the council.
    """
    known = {
        _("Whom the school calls at the council"): authority.contact_name and authority.contact_phone,
        _("The council’s named officer for concerns"): officers and authority.officer_phone,
        _("Who answers for data protection"): authority.dpo_contact,
        _("The lawful basis for keeping parents’ details"): authority.lawful_basis,
        _("The school’s lead, and how to reach them"): school.contact_name and school.contact_phone,
        _("Who steps in for the lead"): school.contact_deputy,
        _("The school’s safeguarding lead"): school.dsl_name and school.dsl_phone,
        _("The safeguarding lead’s deputy"): school.dsl_deputy,
        _("The room"): school.room,
        _("When the school would like to start"): school.planned_start_on,
    }
    return [words for words, value in known.items() if not value]


def draw_again(session: Session, school: School, *, by: str) -> bool:
    """Have the papers that are there made anew from what is known now; False once they are signed, or with none yet.

    A paper that still waits to be made reads everything when it is its turn, so it is not asked for twice.
    """
    if school.stage not in UNSIGNED:
        return False
    asked = False
    for kind, file_name in DOCUMENTS.items():
        latest = find_latest(session, school.school_id, kind)
        if latest is not None and latest.state != DocumentState.QUEUED:
            request_document(
                session, kind=kind, school_id=school.school_id, file_name=file_name, created_by=by
            )
            asked = True
    return asked


def draw_all_again(session: Session, authority_id: UUID, *, by: str) -> int:
    """The authority's own facts have changed: the papers of every school that has not signed; of how many."""
    schools = session.scalars(
        select(School).where(School.authority_id == authority_id, School.stage.in_(UNSIGNED))
    )
    return sum(draw_again(session, school, by=by) for school in schools.all())
