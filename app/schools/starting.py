"""What a school whose list is done still needs before it begins, and the council's word that it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.messages.services import enqueue
from app.schools import agreements, appointments, pipeline, queries, register, services
from app.schools.agreements import Signed
from app.schools.models import School, StaffMember
from app.schools.pipeline import PipelineRow
from app.schools.signing_anew import why_anew
from app.shell.kept import kept
from app.shell.parsing import listed
from app.shell.refusals import Refused
from app.states.documents import DocumentState
from app.states.messages import RecipientKind
from app.states.schools import SchoolStage, Side
from tenants.together import together


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is missing, as the council reads it and as the school does."""

    council: str
    school: str


def list_obstacles(session: Session, school: School) -> list[Obstacle]:
    """All that keeps a school that is set up from beginning; none at another stage.

    In the scope of its authority or of the school itself. `activate` asks the same.
    """
    if school.stage != SchoolStage.SET_UP:
        return []
    staff = queries.list_staff(session, school.school_id)
    found = []
    for role, nobody in (
        ("school_lead", _("Nobody leads this at the school")),
        ("school_dsl", _("The school has no safeguarding lead, so nobody there could read a concern")),
    ):
        if not queries.list_acting(session, role, school_id=school.school_id):
            there = [one for one in staff if one.role == role]
            found.append(_same(_not_there(session, there) or nobody))
    if not queries.get_authority(session, school.authority_id).out_of_hours_phone:
        found.append(
            Obstacle(
                _("The number that answers out of hours: enter it in your settings"),
                _("The number that answers out of hours: your council enters it"),
            )
        )
    return found + _of_agreement(agreements.find_signed(session, school.school_id))


def _not_there(session: Session, people: Sequence[StaffMember]) -> str:
    """Who was invited and is still to come, or to begin; empty where nobody was."""
    if not people:
        return ""
    if coming := appointments.list_coming(session, [one.id for one in people], of_school=True):
        return "; ".join(
            _("%(name)s: %(how)s", name=kept(one.name), how=coming[one.id][0])
            for one in people
            if one.id in coming
        )
    names = {"names": listed([one.name for one in people])}
    if all(one.accepted_at for one in people):
        return _("%(names)s cannot sign in at the moment", **names)
    return _("%(names)s has not signed in yet", **names)


def _of_agreement(signed: Signed | None) -> list[Obstacle]:
    if signed is None:
        return [_same(_("The signed agreement"))]
    if signed.in_force:
        return []
    if signed.document.state == DocumentState.REFUSED:
        return [
            Obstacle(
                _("The signed agreement did not pass our checks: ask the school to send it again"),
                _("The signed agreement did not pass our checks: upload it again"),
            )
        ]
    if not signed.document.is_ready:
        return [_same(_("The signed agreement is being checked: look again in a minute"))]
    return [
        Obstacle(
            _("Read the signed agreement, and accept it or return it"),
            _("Your council reads the signed agreement and accepts it"),
        )
    ]


def _same(words: str) -> Obstacle:
    return Obstacle(words, words)


def list_pipeline(
    session: Session, authority_id: UUID, *, stage: str | None = None, text: str = ""
) -> list[PipelineRow]:
    """As pipeline.list_pipeline, with what the register, an agreement or a list that is done asks of the council."""
    rows = pipeline.list_pipeline(session, authority_id, stage=stage, text=text)
    with together(session) as ask:
        agreed = ask(agreements.list_signed, authority_id, [row.school for row in rows])
        closed = ask(register.list_closed, authority_id)
    found = []
    for row in rows:
        signed = agreed.value.get(row.school.school_id)
        if row.school.urn in closed.value:
            row = replace(row, missing=(_("Closed in the register"),))
        elif obstacles := list_obstacles(session, row.school):
            row = replace(row, missing=tuple(one.council for one in obstacles))
        elif agreements.is_to_read(row.school.stage, signed):
            row = replace(row, missing=(_("Read the signed agreement"), *row.missing))
        elif why_anew(row.school, signed):
            row = replace(row, missing=(_("A new agreement to sign"), *row.missing))
        found.append(row)
    return found


def activate(session: Session, authority_id: UUID, school_id: UUID, *, by: str) -> None:
    """Let the school find parents and form groups, and tell its people.

    Raises Refused while something is missing, and Refused unless the school is set up.
    """
    school = services.lock_school(session, school_id, authority_id=authority_id)
    if school.stage == SchoolStage.PAUSED:
        raise Refused(_("This school is paused. Choose “Start again”."))
    services.refuse_closed(session, authority_id, school)
    obstacles = list_obstacles(session, school)
    if obstacles:
        raise Refused(_("Not yet. %(missing)s.", missing=". ".join(one.council for one in obstacles)))
    services.move(session, school, SchoolStage.ACTIVE, by=by, side=Side.AUTHORITY)
    for one in queries.list_told(session, school_id):
        enqueue(
            session,
            kind="school_activated",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=one,
            school_id=school_id,
            dedupe_key=f"{one}:{school.stage_changed_at.isoformat()}",
        )
