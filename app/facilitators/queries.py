"""What is known about a school's facilitators. Scope first; another school's are not found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, bindparam, func, select, text
from sqlalchemy.orm import Session

from app.facilitators import groups_led
from app.facilitators.check_level import needs_certificate
from app.facilitators.gates import is_somebody_else, problem_of_certificate_day
from app.facilitators.models import (
    Facilitator,
    FacilitatorApplication,
    FacilitatorCheck,
    FacilitatorEvent,
    FacilitatorReference,
    FacilitatorTraining,
)
from app.facilitators.stages import STAGES, Case, Wait, waited
from app.schools.queries import find_staff
from app.shell.errors import NotFound
from app.shell.searching import narrow
from app.states.facilitators import MAY_LEAD, FacilitatorStage
from app.states.groups import UNDER_WAY
from tenants.pages import first, looked, own_part
from tenants.reading import read_once
from tenants.ready import Ready
from tenants.together import together

#: How long staff read that somebody took their offer back.
NEWS = timedelta(days=7)
#: What is written about one person, several rows of a kind.
Kept = TypeVar("Kept", FacilitatorEvent, FacilitatorReference, FacilitatorTraining)

_MAY_SAY_READY = text("select identity.may_say_ready(:first)")
#: The latest fresh start of somebody who leads, or of the parent that they are.
_FRESH_START = text(
    "select asked_by, asked_by_name, ended_at from fresh_start where school_id = :school and ended = 'done'"
    " and person_id in (:id, :parent) order by ended_at desc limit 1"
)
_CAME_IN_AT = text("select identity.my_way_since() = :at")


@dataclass(frozen=True, slots=True)
class FacilitatorLine:
    """Somebody in the school's list."""

    id: UUID
    name: str
    kind: str
    stage: str
    stage_changed_at: datetime
    wait: Wait
    #: Where the list is read by itself; empty on homes.
    phone: str = ""
    email: str = ""


COUNTS = Ready(
    select(Facilitator.stage, func.count())
    .where(Facilitator.school_id == bindparam("school_id"))
    .group_by(Facilitator.stage)
)


@read_once
def stage_counts(session: Session, school_id: UUID) -> dict[str, int]:
    """Number of facilitators and applicants per stage; a stage without any is missing."""
    return as_counts(COUNTS.all(session, {"school_id": school_id}))


def as_counts(rows: Sequence[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def count_may_lead(counts: Mapping[str, int]) -> int:
    """How many can be chosen for the next group: ready, or leading one now."""
    return sum(counts.get(stage, 0) for stage in MAY_LEAD)


@read_once
def get_facilitator(
    session: Session, school_id: UUID, facilitator_id: UUID, *, hold: bool = False
) -> Facilitator:
    """One facilitator or applicant, as they are now and kept so when they are to be held. Raises NotFound."""
    found = session.get(
        Facilitator, (school_id, facilitator_id), populate_existing=hold, with_for_update=hold or None
    )
    if found is None:
        raise NotFound
    return found


_OF_PARENT = select(Facilitator).where(
    Facilitator.school_id == bindparam("school_id"), Facilitator.parent_id == bindparam("parent_id")
)


@read_once
def find_of_parent(session: Session, school_id: UUID, parent_id: UUID) -> Facilitator | None:
    """The facilitator or applicant that this parent is, if any."""
    return session.scalars(_OF_PARENT, {"school_id": school_id, "parent_id": parent_id}).one_or_none()


#: What a parent's home reads ahead.
OF_PARENT = own_part(find_of_parent, _OF_PARENT, first(looked(Facilitator)))


_ALL: Select[*tuple[Any, ...]] = select(
    Facilitator.id, Facilitator.name, Facilitator.kind, Facilitator.stage, Facilitator.stage_changed_at
).where(Facilitator.school_id == bindparam("school_id"))
READY_ALL = Ready(_ALL)


def list_facilitators(
    session: Session, school_id: UUID, stage: str = "", *, text: str = ""
) -> list[FacilitatorLine]:
    """The school's facilitators and applicants by stage, those who wait longest first; of `text` those who fit."""
    query = narrow(
        _ALL.add_columns(Facilitator.phone, Facilitator.email), "facilitators", Facilitator.id, text
    )
    if stage:
        query = query.where(Facilitator.stage == stage)
    return as_lines(session.execute(query, {"school_id": school_id}).all())


@read_once
def list_all(session: Session, school_id: UUID) -> list[FacilitatorLine]:
    """The same of everybody."""
    return as_lines(READY_ALL.all(session, {"school_id": school_id}))


def as_lines(rows: Sequence[Any]) -> list[FacilitatorLine]:
    order = list(STAGES)
    lines = [
        FacilitatorLine(
            row.id,
            row.name,
            row.kind,
            row.stage,
            row.stage_changed_at,
            waited(row.stage, row.stage_changed_at),
            getattr(row, "phone", ""),
            getattr(row, "email", ""),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (order.index(line.stage), line.stage_changed_at, str(line.id)))


CAN_LEAD = (
    select(Facilitator)
    .where(Facilitator.school_id == bindparam("school_id"), Facilitator.stage.in_(MAY_LEAD))
    .order_by(Facilitator.name, Facilitator.id)
)


@read_once
def list_ready(session: Session, school_id: UUID) -> list[Facilitator]:
    """Those who may be chosen for a group: ready, or leading already; by name."""
    return list(session.scalars(CAN_LEAD, {"school_id": school_id}))


def among(chosen: Select[*tuple[Any, ...]]) -> Select[Facilitator]:
    """What reads those whom `chosen` names by `id`, of one school, in the order of its `at`."""
    named = chosen.subquery()
    return (
        select(Facilitator)
        .join(named, named.c.id == Facilitator.id)
        .where(Facilitator.school_id == bindparam("school_id"))
        .order_by(named.c.at, Facilitator.id)
    )


#: Makes of its rows what a page shows.
shown = looked(Facilitator)


def list_may_lead(session: Session, school_id: UUID, *, but: Collection[UUID]) -> list[Facilitator]:
    """Facilitators who are ready or leading, those who lead none first."""
    return list(
        session.scalars(
            select(Facilitator)
            .where(
                Facilitator.school_id == school_id,
                Facilitator.stage.in_(MAY_LEAD),
                Facilitator.id.not_in(but),
            )
            .order_by(Facilitator.stage != FacilitatorStage.READY, Facilitator.name, Facilitator.id)
        )
    )


@read_once
def find_application(
    session: Session, school_id: UUID, facilitator_id: UUID
) -> FacilitatorApplication | None:
    """What they wrote, if they applied."""
    return session.get(FacilitatorApplication, (school_id, facilitator_id))


def list_events(session: Session, school_id: UUID, facilitator_id: UUID) -> list[FacilitatorEvent]:
    """Every step of one person, newest first."""
    return _of(session, FacilitatorEvent, school_id, facilitator_id, FacilitatorEvent.at.desc())


@read_once
def list_references(session: Session, school_id: UUID, facilitator_id: UUID) -> list[FacilitatorReference]:
    """The people who are asked about somebody, in the order in which they were added."""
    return _of(session, FacilitatorReference, school_id, facilitator_id, FacilitatorReference.id)


def get_reference(
    session: Session, school_id: UUID, facilitator_id: UUID, reference_id: UUID, *, hold: bool = False
) -> FacilitatorReference:
    """One reference of this person, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(
        FacilitatorReference,
        (school_id, reference_id),
        populate_existing=hold,
        with_for_update=hold or None,
    )
    if found is None or found.facilitator_id != facilitator_id:
        raise NotFound
    return found


@read_once
def find_check(session: Session, school_id: UUID, facilitator_id: UUID) -> FacilitatorCheck | None:
    """The decision about somebody's check, if there is one."""
    return session.get(FacilitatorCheck, (school_id, facilitator_id))


@read_once
def list_training(session: Session, school_id: UUID, facilitator_id: UUID) -> list[FacilitatorTraining]:
    """Training that somebody had, first to last."""
    return _of(session, FacilitatorTraining, school_id, facilitator_id, FacilitatorTraining.on_date)


def get_training(
    session: Session, school_id: UUID, facilitator_id: UUID, training_id: UUID
) -> FacilitatorTraining:
    """One training of this person. Raises NotFound."""
    found = session.get(FacilitatorTraining, (school_id, training_id))
    if found is None or found.facilitator_id != facilitator_id:
        raise NotFound
    return found


def get_case(session: Session, school_id: UUID, facilitator_id: UUID, *, by: UUID | None = None) -> Case:
    """What the next step depends on, for the colleague `by` who would take it. Raises NotFound."""
    with together(session) as ask:
        own = ask(get_facilitator, school_id, facilitator_id)
        applied = ask(find_application, school_id, facilitator_id)
        decided = ask(find_check, school_id, facilitator_id)
        named = ask(list_references, school_id, facilitator_id)
        training = ask(list_training, school_id, facilitator_id)
        led = ask(groups_led.groups().list_led_groups, school_id, facilitator_id)
    person, application, check, groups = own.value, applied.value, decided.value, led.value
    fresh_start = find_fresh_start(session, person)
    at_the_step = by is not None and person.stage == FacilitatorStage.TRAINING
    return replace(
        case_of(
            person,
            check,
            named.value,
            training.value,
            since=application.submitted_at if application else None,
        ),
        carried_by_me=bool(check and by and _is_same_person(session, school_id, by, check)),
        may_second=_may_second(session, _carried_by(check)) if check and at_the_step else True,
        fresh_start_by=fresh_start.asked_by_name if fresh_start else "",
        may_second_fresh_start=_may_second(session, fresh_start.asked_by)
        if fresh_start and at_the_step
        else True,
        leads_now=any(group.state in UNDER_WAY for group in groups),
    )


def case_of(
    person: Facilitator,
    check: FacilitatorCheck | None,
    references: Sequence[FacilitatorReference],
    training: Sequence[FacilitatorTraining],
    *,
    since: datetime | None,
) -> Case:
    """What is written down about one person, as far as a step depends on it; `since`: when they offered last."""
    return Case(
        stage=person.stage,
        good_references=_count_people(person, [one for one in references if not is_of_before(one, since)]),
        level=check.level if check else "",
        certificate_seen=bool(check and needs_certificate(check.level) and check.seen_on),
        certificate_is_old=bool(check and check.issued_on and problem_of_certificate_day(check.issued_on)),
        trained=sum(item.minutes for item in training),
    )


def is_of_before(reference: FacilitatorReference, since: datetime | None) -> bool:
    """Whether somebody answered, or was asked, about an earlier offer than that of `since`."""
    at = reference.received_at or reference.asked_at
    return bool(since and at and at < since)


def _count_people(person: Facilitator, references: Sequence[FacilitatorReference]) -> int:
    """How many different people, none of them the applicant, gave a good reference."""
    found = [(person.email, person.name), (person.phone, person.name)]
    fewest = len(found)
    for item in references:
        one = (item.referee_contact, item.referee_name)
        if item.received_at and item.satisfactory and is_somebody_else(*one, found):
            found.append(one)
    return len(found) - fewest


def _is_same_person(session: Session, school_id: UUID, by: UUID, check: FacilitatorCheck) -> bool:
    """Whether the colleague `by` carried the check, by id or by address; by name where no id was kept."""
    other_id = _carried_by(check)
    me = find_staff(session, school_id, by)
    if me is None or other_id == by:
        return True
    other = find_staff(session, school_id, other_id) if other_id else None
    if other is None:
        return me.name == (check.seen_by if needs_certificate(check.level) else check.decided_by)
    return me.email.casefold() == other.email.casefold()


def _may_second(session: Session, first: UUID | None) -> bool:
    """Whether whoever asks may say *ready* after this colleague, who carried the check; the database says the same."""
    return bool(session.scalar(_MAY_SAY_READY, {"first": first}))


@dataclass(frozen=True, slots=True)
class AfterFreshStart:
    """The latest fresh start of somebody who leads or led."""

    asked_by: UUID
    asked_by_name: str
    ended_at: datetime

    def brought_back(self, person: Facilitator) -> bool:
        """Whether it is why they stand where they stand: both were written in one moment."""
        return person.stage == FacilitatorStage.TRAINING and person.stage_changed_at == self.ended_at


@read_once
def find_fresh_start(session: Session, person: Facilitator) -> AfterFreshStart | None:
    """The latest fresh start by which this person came in, as somebody who leads or as a parent; for staff."""
    row = session.execute(
        _FRESH_START, {"school": person.school_id, "id": person.id, "parent": person.parent_id}
    ).one_or_none()
    return AfterFreshStart(*row) if row else None


def brought_me_back(session: Session, person: Facilitator) -> bool:
    """The same for the parent whose session this is, who may not read who asked."""
    return person.stage == FacilitatorStage.TRAINING and bool(
        session.scalar(_CAME_IN_AT, {"at": person.stage_changed_at})
    )


def _carried_by(check: FacilitatorCheck) -> UUID | None:
    """Who carried the check: who saw the certificate, else who decided that none is needed."""
    return check.seen_by_id if needs_certificate(check.level) else check.decided_by_id


def _of(
    session: Session,
    table: type[Kept],
    school_id: UUID,
    facilitator_id: UUID,
    order: SQLColumnExpression[Any],
) -> list[Kept]:
    """Rows of `table` that belong to one person."""
    return list(
        session.scalars(
            select(table)
            .where(table.school_id == school_id, table.facilitator_id == facilitator_id)
            .order_by(order, table.id)
        )
    )
