"""What makes somebody ready, while they are: whether it is all still there, and what happens when it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.facilitators import groups_led, queries
from app.facilitators.models import (
    Facilitator,
    FacilitatorApplication,
    FacilitatorCheck,
    FacilitatorEvent,
    FacilitatorReference,
    FacilitatorTraining,
)
from app.facilitators.stages import missing_for
from app.facilitators.steps import note_down, step
from app.facilitators.words import AFTER_CHANGE, AFTER_FRESH_START, FOR_STAFF, LACKS
from app.identity.roles import Role
from app.messages.services import enqueue
from app.shell.state_words import Words
from app.states.facilitators import MAY_LEAD, MEMBERS, FacilitatorStage
from tenants.pages import Part, beside, looked
from tenants.reading import read_once
from tenants.together import together


def find(session: Session, school_id: UUID, facilitator_id: UUID, *, hold: bool) -> Facilitator:
    """One person; kept from others with the groups that they lead: groups first, then people. Raises NotFound."""
    if hold:
        groups_led.groups().hold_led_groups(session, school_id, facilitator_id)
    return queries.get_facilitator(session, school_id, facilitator_id, hold=hold)


def look_again(session: Session, person: Facilitator, why: str, *, anew: bool = False) -> bool:
    """What made somebody ready was changed: where something is missing now, they are not ready any more.

    They lead nobody from then on, also where that leaves a group with too few, they are told, and their own pages are
    shut: the way back is the step that takes a second person. `anew`: the second person said yes to something else.
    False when they stand where they stood.
    """
    if person.stage not in MEMBERS:
        return False
    if not anew and not missing_for("leading", queries.get_case(session, person.school_id, person.id)):
        return False
    led = groups_led.groups().take_off_all(session, person.school_id, person.id)
    event = step(session, person, FacilitatorStage.TRAINING, why)
    if not led:  # whoever led a group hears of it by the message about that group
        enqueue(
            session,
            kind="not_ready_now",
            school_id=person.school_id,
            recipient_kind="facilitator",
            recipient_id=person.id,
            dedupe_key=f"{person.id}:{event.id}",
        )
    for name in led:
        note_down(session, person, _("Does not lead %(group)s any more.", group=name))
    accounts.end_membership(session, person.id, Role.FACILITATOR)
    return True


def stepped_back(events: Iterable[FacilitatorEvent]) -> bool:
    """Whether somebody's latest step, newest first, was back from where they might lead."""
    last = next((event for event in events if event.from_stage != event.to_stage), None)
    return bool(last and last.to_stage == FacilitatorStage.TRAINING and last.from_stage in MEMBERS)


def words_of(
    session: Session, person: Facilitator, events: Sequence[FacilitatorEvent], missing: Sequence[str]
) -> Words:
    """What staff read of where somebody stands, on top of what is missing."""
    start = queries.find_fresh_start(session, person)
    if start and start.brought_back(person):
        return AFTER_FRESH_START
    if person.stage == FacilitatorStage.TRAINING and stepped_back(events):
        return AFTER_CHANGE
    return LACKS if missing and person.stage in MAY_LEAD else FOR_STAFF[person.stage]


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """Somebody who was ready and is not any more: by a fresh start, or because what made them ready has gone."""

    id: UUID
    name: str
    by_fresh_start: bool


_IN_TRAINING = (
    select(Facilitator, FacilitatorEvent)
    .outerjoin(
        FacilitatorEvent,
        and_(
            FacilitatorEvent.school_id == Facilitator.school_id,
            FacilitatorEvent.facilitator_id == Facilitator.id,
            FacilitatorEvent.from_stage.is_distinct_from(FacilitatorEvent.to_stage),
        ),
    )
    .where(Facilitator.school_id == bindparam("school_id"), Facilitator.stage == FacilitatorStage.TRAINING)
    .order_by(Facilitator.name, Facilitator.id, FacilitatorEvent.at.desc(), FacilitatorEvent.id.desc())
)


@read_once
def _list_in_training(session: Session, school_id: UUID) -> Sequence[Any]:
    """Each with each of their steps, the newest first."""
    return session.execute(_IN_TRAINING, {"school_id": school_id}).all()


def list_brought_back(session: Session, school_id: UUID) -> list[BroughtBack]:
    """Those who wait to be said ready again, by name."""
    steps: dict[Facilitator, list[FacilitatorEvent]] = defaultdict(list)
    for person, event in _list_in_training(session, school_id):
        steps[person] += [event] if event else []
    found = []
    for person, events in steps.items():
        start = queries.find_fresh_start(session, person)
        by_fresh_start = bool(start and start.brought_back(person))
        if by_fresh_start or stepped_back(events):
            found.append(BroughtBack(person.id, person.name, by_fresh_start))
    return found


def _theirs(table: Any) -> ColumnElement[bool]:
    return and_(table.school_id == Facilitator.school_id, table.facilitator_id == Facilitator.id)


_MAY_LEAD = and_(Facilitator.school_id == bindparam("school_id"), Facilitator.stage.in_(MAY_LEAD))
_PEOPLE = (
    select(Facilitator, FacilitatorCheck, FacilitatorApplication.submitted_at)
    .outerjoin(FacilitatorCheck, _theirs(FacilitatorCheck))
    .outerjoin(FacilitatorApplication, _theirs(FacilitatorApplication))
    .where(_MAY_LEAD)
    .order_by(Facilitator.name, Facilitator.id)
)
_REFERENCES = select(FacilitatorReference).join(Facilitator, _theirs(FacilitatorReference)).where(_MAY_LEAD)
_TRAINING = select(FacilitatorTraining).join(Facilitator, _theirs(FacilitatorTraining)).where(_MAY_LEAD)


@read_once
def _list_people(session: Session, school_id: UUID) -> Sequence[Any]:
    return session.execute(_PEOPLE, {"school_id": school_id}).all()


@read_once
def _list_references(session: Session, school_id: UUID) -> list[FacilitatorReference]:
    return list(session.scalars(_REFERENCES, {"school_id": school_id}))


@read_once
def _list_training(session: Session, school_id: UUID) -> list[FacilitatorTraining]:
    return list(session.scalars(_TRAINING, {"school_id": school_id}))


#: What a school's home reads ahead of it.
PARTS_OF_SCHOOL = (
    Part(
        _list_in_training,
        _IN_TRAINING,
        takes=("school_id",),
        answer=beside(Facilitator, FacilitatorEvent),
    ),
    Part(_list_people, _PEOPLE, takes=("school_id",), answer=beside(Facilitator, FacilitatorCheck)),
    Part(_list_references, _REFERENCES, takes=("school_id",), answer=looked(FacilitatorReference)),
    Part(_list_training, _TRAINING, takes=("school_id",), answer=looked(FacilitatorTraining)),
)


def list_missing(session: Session, school_id: UUID) -> dict[UUID, list[str]]:
    """Of those who may lead: who lacks something now, and what. A certificate grows old by itself."""
    with together(session) as ask:
        people = ask(_list_people, school_id)
        references = ask(_list_references, school_id)
        training = ask(_list_training, school_id)
    found = {
        person.id: missing_for(
            "leading",
            queries.case_of(
                person,
                check,
                [row for row in references.value if row.facilitator_id == person.id],
                [row for row in training.value if row.facilitator_id == person.id],
                since=since,
            ),
        )
        for person, check, since in people.value
    }
    return {key: missing for key, missing in found.items() if missing}
