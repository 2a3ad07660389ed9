"""What is known about a school's parents. Scope first; another school's parent is not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Select, String, any_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import Session, undefer

from app.recruitment.models import (
    Consent,
    ConsentEvent,
    Parent,
    ParentContact,
    ParentEvent,
    RecruitmentProfile,
)
from app.recruitment.stages import STAGES
from app.recruitment.words import reach_notes
from app.shell.errors import NotFound
from app.shell.searching import narrow
from app.states.parents import BEFORE_JOINING, HAS_JOINED, READY, ParentStage
from tenants.pages import Part
from tenants.reading import read_once
from tenants.ready import Ready

#: Whom a list of everybody begins with: those whom staff owe the next step.
_BY_STEP = (
    "interested",
    "identified",
    "waiting",
    "joined",
    "invited",
    "in_group",
    "graduated",
    "said_no",
    "left",
)
_IN_ORDER = case(
    {stage: place for place, stage in enumerate(_BY_STEP)}, value=Parent.stage, else_=len(_BY_STEP)
)


class Reachable(Protocol):
    """What tells one person from another, and where each is reached."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ParentLine:
    """A parent in the school's list."""

    id: UUID
    name: str
    stage: str
    stage_changed_at: datetime
    phone: str
    email: str
    language: str
    interpreter: bool
    texts_stopped: bool
    year_group: str
    next_step: str
    joined_at: datetime | None
    access_needs: str = ""
    needs: str = ""
    #: A yes that they have to confirm themselves.
    said_yes: bool = False
    emails_stopped: bool = False

    @property
    def is_on_paper(self) -> bool:
        """As `ParentContact.is_on_paper`."""
        return not ((self.email and not self.emails_stopped) or (self.phone and not self.texts_stopped))

    @property
    def reach_notes(self) -> list[str]:
        return reach_notes(
            phone=self.phone,
            email=self.email,
            texts_stopped=self.texts_stopped,
            emails_stopped=self.emails_stopped,
            interpreter=self.interpreter,
        )


_COUNTS = Ready(
    select(Parent.stage, func.count())
    .where(Parent.school_id == bindparam("school_id"))
    .group_by(Parent.stage)
)


@read_once
def stage_counts(session: Session, school_id: UUID) -> dict[str, int]:
    """Number of parents per stage, with a zero for each that has none."""
    return _as_counts(_COUNTS.all(session, {"school_id": school_id}))


def _as_counts(rows: Sequence[Any]) -> dict[str, int]:
    return dict.fromkeys(STAGES, 0) | {row[0]: row[1] for row in rows}


COUNTS = Part(stage_counts, _COUNTS, takes=("school_id",), answer=_as_counts)


def count_ready(counts: Mapping[str, int]) -> int:
    """How many of these are ready for a place."""
    return sum(counts[stage] for stage in READY)


_LINES = (
    select(
        Parent.id,
        func.trim(ParentContact.first_name + " " + ParentContact.last_name),
        Parent.stage,
        Parent.stage_changed_at,
        ParentContact.phone,
        ParentContact.email,
        ParentContact.language,
        ParentContact.interpreter,
        ParentContact.texts_stopped_at.is_not(None),
        func.coalesce(RecruitmentProfile.year_group, ""),
        func.coalesce(RecruitmentProfile.next_step, ""),
        Parent.joined_at,
        ParentContact.access_needs,
        func.coalesce(RecruitmentProfile.needs, ""),
        Parent.said_yes_at.is_not(None),
        ParentContact.emails_stopped_at.is_not(None),
    )
    .join(
        ParentContact,
        (ParentContact.school_id == Parent.school_id) & (ParentContact.parent_id == Parent.id),
    )
    .join(
        RecruitmentProfile,
        (RecruitmentProfile.school_id == Parent.school_id) & (RecruitmentProfile.parent_id == Parent.id),
        isouter=True,
    )
)
_ORDER = (_IN_ORDER, Parent.stage_changed_at, Parent.id)
_LINES_OF_STAGES = Ready(
    _LINES.where(
        Parent.school_id == bindparam("school_id"),
        Parent.stage == any_(bindparam("stages", type_=ARRAY(String))),
    )
    .order_by(*_ORDER)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)


def list_parents(
    session: Session,
    school_id: UUID,
    *,
    stages: Sequence[str] = (),
    text: str = "",
    language: str = "",
    limit: int | None = 50,
    offset: int = 0,
) -> tuple[list[ParentLine], int]:
    """A page of the school's parents and how many there are in all. Without a limit, all of them.

    Those who wait for us come first, those who have left last; within a step the longest there first.
    """
    if stages and not (text or language):
        # As most pages ask: whoever waits, whoever was just asked.
        values = {"school_id": school_id, "stages": list(stages), "most": limit, "after": offset}
        rows = _LINES_OF_STAGES.all(session, values)
    else:
        page = _narrowed(school_id, stages, text, language).order_by(*_ORDER).limit(limit).offset(offset)
        rows = session.execute(page).all()
    lines = [ParentLine(*row) for row in rows]
    if limit is None or (len(lines) < limit and (lines or not offset)):
        return lines, offset + len(lines)  # the last page says how many there are
    all_of_them = _narrowed(school_id, stages, text, language).subquery()
    return lines, session.scalar(select(func.count()).select_from(all_of_them)) or 0


def _narrowed(school_id: UUID, stages: Sequence[str], text: str, language: str) -> Select[*tuple[Any, ...]]:
    """What chooses these lines, whatever they are narrowed by."""
    query = _LINES.where(Parent.school_id == school_id)
    if stages:
        query = query.where(Parent.stage.in_(stages))
    if language:
        query = query.where(ParentContact.language == language)
    return narrow(query, "parents", ParentContact.parent_id, text)


@read_once
def get_parent(session: Session, school_id: UUID, parent_id: UUID, *, hold: bool = False) -> Parent:
    """One parent's pipeline row, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(Parent, (school_id, parent_id), populate_existing=hold, with_for_update=hold or None)
    if found is None:
        raise NotFound
    return found


def find_parent(session: Session, school_id: UUID, parent_id: UUID) -> Parent | None:
    """The row of one parent; None where there is none in this scope."""
    return session.get(Parent, (school_id, parent_id))


#: Pages about one of them ask for it; lists and homes do not.
_WITH_OFFICE = (undefer(ParentContact.not_for_office), undefer(ParentContact.off_office_by_self))


@read_once
def get_contact(session: Session, school_id: UUID, parent_id: UUID, *, hold: bool = False) -> ParentContact:
    """How to reach one parent, as it is now and kept so when it is to be held. Raises NotFound."""
    found = session.get(
        ParentContact,
        (school_id, parent_id),
        populate_existing=hold,
        with_for_update=hold or None,
        options=_WITH_OFFICE,
    )
    if found is None:
        raise NotFound
    return found


#: Of one parent.
CONSENTS = select(Consent).where(
    Consent.school_id == bindparam("school_id"), Consent.parent_id == bindparam("parent_id")
)


def agreed_before(session: Session, school_id: UUID, parent_id: UUID, kind: str) -> bool:
    """Whether this parent ever said yes to it."""
    wanted = select(ConsentEvent.id).where(
        ConsentEvent.school_id == school_id,
        ConsentEvent.parent_id == parent_id,
        ConsentEvent.kind == kind,
        ConsentEvent.given,
    )
    return session.execute(wanted.limit(1)).first() is not None


def get_profile(session: Session, school_id: UUID, parent_id: UUID) -> RecruitmentProfile:
    """What staff noted about one parent; an empty one when nothing was noted yet."""
    found = session.get(RecruitmentProfile, (school_id, parent_id))
    return found or RecruitmentProfile(
        school_id=school_id,
        parent_id=parent_id,
        year_group="",
        attendance_band="",
        needs="",
        found_by="",
        next_step="",
    )


def find_same(session: Session, school_id: UUID, person: Reachable) -> UUID | None:
    """The parent who has this name and this email or phone, or who has neither as they do; None when nobody is."""
    addresses = [
        column == value
        for column, value in ((ParentContact.email, person.email), (ParentContact.phone, person.phone))
        if value
    ] or [(ParentContact.email == "") & (ParentContact.phone == "")]
    return session.scalar(
        select(ParentContact.parent_id)
        .where(
            ParentContact.school_id == school_id,
            or_(*addresses),
            func.lower(ParentContact.first_name) == person.first_name.lower(),
            func.lower(ParentContact.last_name) == person.last_name.lower(),
        )
        .limit(1)
    )


def list_sharers(
    session: Session, school_id: UUID, field: str, address: str, *, but: UUID | None
) -> list[str]:
    """Names of the school's parents who have this `field` ("email" or "phone"), without `but`; three at most."""
    column = ParentContact.email if field == "email" else ParentContact.phone
    rows = session.scalars(
        select(ParentContact)
        .where(ParentContact.school_id == school_id, column == address)
        .where(ParentContact.parent_id != but if but else true())
        .order_by(ParentContact.first_name, ParentContact.parent_id)
        .limit(3)
    )
    return [row.name for row in rows]


def list_contacts(
    session: Session, school_id: UUID, parent_ids: Sequence[UUID] | Select[UUID]
) -> dict[UUID, ParentContact]:
    """Contacts of these parents, or of those that a statement selects, by id; those out of scope are missing."""
    rows = session.scalars(
        select(ParentContact).where(
            ParentContact.school_id == school_id, ParentContact.parent_id.in_(parent_ids)
        )
    )
    return {row.parent_id: row for row in rows}


@read_once
def list_events(session: Session, school_id: UUID, parent_id: UUID) -> list[ParentEvent]:
    """What happened with one parent, newest first."""
    return list(
        session.scalars(
            select(ParentEvent)
            .where(ParentEvent.school_id == school_id, ParentEvent.parent_id == parent_id)
            .order_by(ParentEvent.at.desc(), ParentEvent.id.desc())
        )
    )


@read_once
def list_consents(session: Session, school_id: UUID, parent_id: UUID) -> dict[str, Consent]:
    """One parent's choices by kind, as far as this scope may know them; a choice not made yet is missing."""
    statement = CONSENTS.execution_options(populate_existing=True)
    rows = session.scalars(statement, {"school_id": school_id, "parent_id": parent_id})
    return by_kind(rows.all())


def by_kind(rows: Sequence[Consent]) -> dict[str, Consent]:
    """Choices by their kind."""
    return {row.kind: row for row in rows}


def has_to_choose(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """Whether this parent has still to say yes or no to joining."""
    return get_parent(session, school_id, parent_id).stage in BEFORE_JOINING


def has_joined(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """Whether this parent has ever joined; what they then got stays theirs when they leave."""
    try:
        return get_parent(session, school_id, parent_id).stage in HAS_JOINED
    except NotFound:
        return False


#: So many who asked for a call stand on a home.
MOST_TO_HEAR = 5


@read_once
def list_to_hear(session: Session, school_id: UUID) -> list[ParentLine]:
    """Those who asked for a call, or said yes and have to confirm it: the first of them."""
    return _as_lines(_LINES_OF_STAGES.all(session, {"school_id": school_id, **_TO_HEAR}))


def _as_lines(rows: Sequence[Any]) -> list[ParentLine]:
    return [ParentLine(*row) for row in rows]


_TO_HEAR = {"stages": [ParentStage.INTERESTED.value], "most": MOST_TO_HEAR, "after": 0}
TO_HEAR = Part(list_to_hear, _LINES_OF_STAGES, takes=("school_id",), fixed=_TO_HEAR, answer=_as_lines)


@read_once
def list_waiting(session: Session, school_id: UUID) -> list[ParentLine]:
    """Parents who are ready for a place, in the order in which they said yes (`waiting.list_in_order`)."""
    lines, _total = list_parents(session, school_id, stages=READY, limit=None)
    return _as_waiting(lines)


def _as_waiting(lines: Sequence[ParentLine]) -> list[ParentLine]:
    return sorted(lines, key=lambda line: (line.joined_at or line.stage_changed_at, str(line.id)))


WAITING = Part(
    list_waiting,
    _LINES_OF_STAGES,
    takes=("school_id",),
    fixed={"stages": [*READY], "most": None, "after": 0},
    answer=lambda rows: _as_waiting([ParentLine(*row) for row in rows]),
)


def list_graduates_to_ask(session: Session, school_id: UUID, *, since: datetime) -> list[UUID]:
    """Graduates since `since` or longer who agreed to be asked about helping to lead."""
    agreed = select(Consent.parent_id).where(
        Consent.school_id == school_id, Consent.kind == "ask_to_lead", Consent.given
    )
    query = select(Parent.id).where(
        Parent.school_id == school_id,
        Parent.stage == ParentStage.GRADUATED,
        Parent.stage_changed_at <= since,
        Parent.id.in_(agreed),
    )
    return list(session.scalars(query.order_by(Parent.id)))
