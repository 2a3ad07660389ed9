"""The brief and the agreement: drawn from what is known now, the gaps named, and drawn again when that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.queries import find_latest
from app.documents.services import request_document
from app.schools.models import Authority, School
from app.states.documents import DocumentState
from app.states.schools import ON_THE_LIST, UNSIGNED

#: The papers of a school that starts, and what their files are called.
DOCUMENTS = {"project_brief": "we-belong-brief.pdf", "agreement": "we-belong-agreement.pdf"}


#: What the agreement settles, by code -> in words. `urn`, the number it is drawn for, is never blank.
SETTLED = {
    "council_contact": _l("Who the school calls at the council"),
    "named_officer": _l("The council’s named officer for concerns"),
    "data_protection": _l("Who answers for data protection"),
    "lawful_basis": _l("The lawful basis for keeping parents’ details"),
    "lead": _l("The school’s lead, and how to reach them"),
    "lead_deputy": _l("Who steps in for the lead"),
    "school_dsl": _l("The school’s safeguarding lead"),
    "school_dsl_deputy": _l("The safeguarding lead’s deputy"),
    "room": _l("The room"),
    "starts_on": _l("When the school would like to start"),
}
#: Those of them who are people.
PEOPLE = (
    "lead",
    "lead_deputy",
    "school_dsl",
    "school_dsl_deputy",
    "council_contact",
    "named_officer",
    "data_protection",
)


def list_gaps(authority: Authority, school: School, officers: Sequence[str]) -> list[str]:
    """What the papers leave room for because nobody has told us, in words; empty when everything is known.

    `officers`: names of those who read concerns at the council.
    """
    known = {
        "council_contact": authority.contact_name and authority.contact_phone,
        "named_officer": officers and authority.officer_phone,
        "data_protection": authority.dpo_contact,
        "lawful_basis": authority.lawful_basis,
        "lead": school.contact_name and school.contact_phone,
        "lead_deputy": school.contact_deputy,
        "school_dsl": school.dsl_name and school.dsl_phone,
        "school_dsl_deputy": school.dsl_deputy,
        "room": school.room,
        "starts_on": school.planned_start_on,
    }
    return list_blank(known)


def list_blank(known: Mapping[str, object]) -> list[str]:
    """Of what the agreement settles, what is not in `known`, in words."""
    return [str(words) for code, words in SETTLED.items() if not known.get(code)]


def draw_again(session: Session, school: School, *, by: str) -> bool:
    """Have the papers that are there made anew from what is known now; False where there is none to sign.

    The agreement as long as a newer one may be sent, which is until the school leaves; the brief until it is signed.
    One that still waits to be made reads everything when it is its turn, so it is not asked for twice.
    """
    if school.stage not in ON_THE_LIST:
        return False
    asked = False
    for kind, file_name in DOCUMENTS.items():
        if kind == "project_brief" and school.stage not in UNSIGNED:
            continue
        latest = find_latest(session, school.school_id, kind)
        if latest is not None and latest.state != DocumentState.QUEUED:
            request_document(
                session, kind=kind, school_id=school.school_id, file_name=file_name, created_by=by
            )
            asked = True
    return asked


def draw_all_again(session: Session, authority_id: UUID, *, by: str) -> int:
    """The authority's own facts have changed: the papers of every school that may sign one; of how many."""
    schools = session.scalars(
        select(School).where(School.authority_id == authority_id, School.stage.in_(ON_THE_LIST))
    )
    return sum(draw_again(session, school, by=by) for school in schools.all())
