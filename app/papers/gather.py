"""What stands in each generated document, read at the moment of making it, in the school's own scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.calendar.school_year import closed_because
from app.cohorts import queries as cohorts
from app.cohorts.formats import ONLINE, is_online
from app.cohorts.members import list_member_ids, list_names
from app.cohorts.messages.days import days_ever
from app.cohorts.models import CohortSession
from app.cohorts.timetable import is_to_come, weeks_off
from app.cohorts.topics import title_of
from app.documents.models import StoredDocument
from app.documents.queries import list_documents
from app.facilitators import queries as facilitators
from app.meetings.notes import get_notes
from app.papers import kinds
from app.recruitment import queries as recruitment
from app.recruitment.consents import LANGUAGES
from app.recruitment.words import reach_notes
from app.schools import queries as schools
from app.schools import year_queries
from app.schools.models import Authority, School
from app.shell.errors import NotFound
from app.shell.parsing import readable_phone
from app.states.groups import OVER, SessionState
from infra.clock import LONDON, now, today


def gather(session: Session, authority_id: UUID, row: StoredDocument) -> kinds.Document:
    """The data of `row`'s document. Raises NotFound when what it is about is gone."""
    school = schools.get_school(session, row.school_id)
    authority = schools.get_authority(session, authority_id)
    return MAKERS[row.kind](session, authority, school, row)


def _project_brief(
    _session: Session, authority: Authority, school: School, _row: StoredDocument
) -> kinds.ProjectBrief:
    return kinds.ProjectBrief(
        school=school.name,
        authority=authority.name,
        issued_on=today(),
        contact=_authority_contact(authority),
        reply_by=today() + timedelta(days=21),
    )


def _agreement(
    session: Session, authority: Authority, school: School, row: StoredDocument
) -> kinds.Agreement:
    drawn = [one.id for one in reversed(list_documents(session, school.school_id, ("agreement",)))]
    # Each drawing is another text, and two that say different things never have one number.
    return agreement_of(
        authority, school, officers=schools.list_officers(session), version=drawn.index(row.id) + 1
    )


def agreement_of(
    authority: Authority, school: School, *, officers: Sequence[str], version: int = 1
) -> kinds.Agreement:
    """The agreement from what is known; `officers`: who reads concerns at the council, by their accounts."""
    officer = kinds.Contact(name=", ".join(officers), role="LADO", phone=authority.officer_phone)
    lead = kinds.Contact(
        name=school.contact_name,
        role=school.contact_role,
        phone=school.contact_phone,
        email=school.contact_email,
    )
    return kinds.Agreement(
        school=school.name,
        authority=authority.name,
        reference=f"{authority.la_code}-{school.urn}",
        issued_on=today(),
        version=version,
        school_urn=str(school.urn),
        starts_on=school.planned_start_on,
        lead=lead if school.contact_name else None,
        deputy=kinds.Contact(name=school.contact_deputy) if school.contact_deputy else None,
        dsl=kinds.Contact(name=school.dsl_name, role="DSL", phone=school.dsl_phone)
        if school.dsl_name
        else None,
        dsl_deputy=kinds.Contact(name=school.dsl_deputy, role="Deputy DSL") if school.dsl_deputy else None,
        authority_lead=_authority_contact(authority) if authority.contact_name else None,
        lado=officer if officers else None,
        data_contact=kinds.Contact(name=authority.dpo_contact) if authority.dpo_contact else None,
        lawful_basis=authority.lawful_basis,
        room=school.room,
        signatories=(
            kinds.Signatory(party=school.name, role="Head teacher or deputy"),
            kinds.Signatory(party=authority.name, name=authority.contact_name),
        ),
    )


def _learning_notes(
    session: Session, authority: Authority, school: School, row: StoredDocument
) -> kinds.LearningNotes:
    held = cohorts.get_session(session, school.school_id, _subject(row))
    notes = get_notes(session, school.school_id, held.id)
    following = _session_after(session, held)
    points = [line.strip(" -•\t") for line in notes.main_points.splitlines() if line.strip(" -•\t")]
    if notes.try_at_home.strip():
        points.append(notes.try_at_home.strip())
    return kinds.LearningNotes(
        school=school.name,
        group=cohorts.get_cohort(session, school.school_id, held.cohort_id).name,
        session_number=held.number,
        held_on=held.on_date,
        topic=title_of(held.topic),
        main_points=tuple(points),
        links=tuple(kinds.Link(title=link["title"] or link["url"], url=link["url"]) for link in notes.links),
        next_starts_at=_moment(following.on_date, following) if following else None,
        next_room=following.room if following else "",
        contact=_school_contact(school),
        support_lines=_support(authority),
    )


def _session_register(
    session: Session, _authority: Authority, school: School, row: StoredDocument
) -> kinds.SessionRegister:
    held = cohorts.get_session(session, school.school_id, _subject(row))
    return kinds.SessionRegister(
        school=school.name,
        group=cohorts.get_cohort(session, school.school_id, held.cohort_id).name,
        session_number=held.number,
        starts_at=_moment(held.on_date, held),
        ends_at=datetime.combine(held.on_date, held.ends_at, LONDON),
        room=held.room,
        names=tuple(list_names(session, school.school_id, held)),
        topic=title_of(held.topic),
        facilitators=_leaders(session, school.school_id, held.cohort_id),
    )


def _contact_sheet(
    session: Session, _authority: Authority, school: School, row: StoredDocument
) -> kinds.ContactSheet:
    if row.cohort_id is None:
        raise NotFound
    cohort = cohorts.get_cohort(session, school.school_id, row.cohort_id)
    if cohort.state in OVER:
        raise NotFound
    last = max(
        (held.on_date for held in cohorts.list_sessions(session, school.school_id, cohort.id)),
        default=today(),
    )
    return kinds.ContactSheet(
        school=school.name,
        group=cohort.name,
        printed_at=now(),
        printed_by=row.created_by,
        people=tuple(
            kinds.ContactRow(
                name=contact.name,
                phone=readable_phone(contact.phone),
                email=contact.email,
                notes=", ".join(
                    reach_notes(
                        phone=contact.phone,
                        email=contact.email,
                        texts_stopped=contact.texts_stopped_at is not None,
                        emails_stopped=contact.emails_stopped_at is not None,
                        interpreter=contact.interpreter,
                    )
                ),
                speaks=LANGUAGES.get(contact.language, "") if contact.language != "en" else "",
            )
            for contact in _people(session, school.school_id, cohort.id)
        ),
        keeper=_school_contact(school),
        destroy_by=last + timedelta(days=7),
    )


def _group_plan(
    session: Session, authority: Authority, school: School, row: StoredDocument
) -> kinds.GroupPlan:
    if row.cohort_id is None or row.parent_id is None:
        raise NotFound
    cohort = cohorts.get_cohort(session, school.school_id, row.cohort_id)
    all_of_it = cohorts.list_sessions(session, school.school_id, cohort.id)
    planned = [held for held in all_of_it if held.state != SessionState.CANCELLED]
    # Whoever joins late needs the days to come; of a group that is over, those that were.
    meetings = [held for held in planned if is_to_come(held)] or planned
    gone = _gone_days(all_of_it, days_ever(session, school.school_id, cohort.id, all_of_it))
    return kinds.GroupPlan(
        first_name=recruitment.get_contact(session, school.school_id, row.parent_id).first_name,
        school=school.name,
        group=cohort.name,
        room=cohort.room,
        has_room=any(held.room != ONLINE for held in meetings),
        is_online=any(is_online(held.room) for held in meetings),
        sessions=tuple(
            kinds.PlannedSession(
                number=held.number,
                starts_at=_moment(held.on_date, held),
                ends_at=datetime.combine(held.on_date, held.ends_at, LONDON),
                topic=title_of(held.topic),
                room=held.room,
            )
            for held in meetings
        ),
        # A day that is gone says more than that the school is shut on it.
        breaks=tuple(
            one for one in _breaks(session, authority, meetings) if one.on not in {day.on for day in gone}
        ),
        gone=gone,
        printed_on=today(),
        contact=_school_contact(school),
        support_lines=_support(authority),
    )


def _certificate(
    session: Session, authority: Authority, school: School, row: StoredDocument
) -> kinds.Certificate:
    if row.cohort_id is None or row.parent_id is None:
        raise NotFound
    cohort = cohorts.get_cohort(session, school.school_id, row.cohort_id)
    return kinds.Certificate(
        name=recruitment.get_contact(session, school.school_id, row.parent_id).name,
        school=school.name,
        authority=authority.name,
        finished_on=(cohort.closed_at or now()).astimezone(LONDON).date(),
        group=cohort.name,
    )


def _invitation_letter(
    session: Session, authority: Authority, school: School, row: StoredDocument
) -> kinds.InvitationLetter:
    if row.parent_id is None:
        raise NotFound
    contact = recruitment.get_contact(session, school.school_id, row.parent_id)
    first = _first_meeting(session, school.school_id)
    lines = [line.strip() for line in school.address.replace("\n", ",").split(",")]
    return kinds.InvitationLetter(
        first_name=contact.known_as or contact.first_name,
        full_name=contact.name,
        school=school.name,
        staff_name=school.contact_name or row.created_by,
        staff_role=school.contact_role or "staff",
        phone=readable_phone(school.contact_phone or school.phone or authority.contact_phone),
        written_on=today(),
        room=(first.room if first else "") or school.room,
        starts_at=_moment(first.on_date, first) if first else None,
        ends_at=datetime.combine(first.on_date, first.ends_at, LONDON) if first else None,
        # No home addresses are kept: the name stands in the window, and staff write the rest under it.
        address=(contact.name,),
        school_address=tuple(dict.fromkeys((school.name, *filter(None, lines)))),
        authority=authority.name,
    )


MAKERS: dict[str, Callable[[Session, Authority, School, StoredDocument], Any]] = {
    "project_brief": _project_brief,
    "agreement": _agreement,
    "learning_notes": _learning_notes,
    "session_register": _session_register,
    "contact_sheet": _contact_sheet,
    "group_plan": _group_plan,
    "certificate": _certificate,
    "invitation_letter": _invitation_letter,
}


def _subject(row: StoredDocument) -> UUID:
    if row.subject_id is None:
        raise NotFound
    return row.subject_id


def _moment(on: date, held: CohortSession) -> datetime:
    return datetime.combine(on, held.starts_at, LONDON)


def _session_after(session: Session, held: CohortSession) -> CohortSession | None:
    later = [
        other
        for other in cohorts.list_sessions(session, held.school_id, held.cohort_id)
        if other.on_date > held.on_date and other.state == SessionState.PLANNED
    ]
    return min(later, key=lambda other: other.on_date, default=None)


def _first_meeting(session: Session, school_id: UUID) -> CohortSession | None:
    """The first session of the group that begins next; None when no group is forming with dates to come."""
    firsts = [
        held
        for group in cohorts.list_groups(session, school_id, ("forming",))
        for held in cohorts.list_sessions(session, school_id, group.id)[:1]
        if held.state == SessionState.PLANNED and held.on_date > today()
    ]
    return min(firsts, key=lambda held: held.on_date, default=None)


def _people(session: Session, school_id: UUID, cohort_id: UUID) -> list[Any]:
    members = list_member_ids(session, school_id, cohort_id)
    contacts = recruitment.list_contacts(session, school_id, members)
    return sorted(contacts.values(), key=lambda contact: (contact.first_name, contact.last_name))


def _leaders(session: Session, school_id: UUID, cohort_id: UUID) -> tuple[str, ...]:
    return tuple(
        facilitators.get_facilitator(session, school_id, facilitator_id).name
        for facilitator_id in cohorts.list_facilitator_ids(session, school_id, cohort_id)
    )


def _gone_days(sessions: list[CohortSession], ever: Mapping[UUID, set[date]]) -> tuple[kinds.GoneDay, ...]:
    """Days to come on which the group does not meet, though it was to once; `ever`: the days that each session had.

    An older sheet may name any of them, not only the one before.
    """
    meets = {held.on_date for held in sessions if held.state != SessionState.CANCELLED}
    gone: dict[date, kinds.GoneDay] = {}
    for held in sessions:
        is_off = held.state == SessionState.CANCELLED
        days = {held.on_date, *ever[held.id]} | ({held.moved_from} if held.moved_from else set())
        for was in days:
            if was >= today() and was not in meets:
                gone.setdefault(was, kinds.GoneDay(was, held.number, None if is_off else held.on_date))
    return tuple(sorted(gone.values(), key=lambda one: (one.on, one.number)))


def _breaks(session: Session, authority: Authority, meetings: list[CohortSession]) -> tuple[kinds.Break, ...]:
    """The weeks in between on which the group does not meet, with the reason where the calendar knows it."""
    terms = year_queries.list_terms(session, authority.authority_id)
    reasons = [
        (day, closed_because(day, terms, ())) for day in weeks_off([held.on_date for held in meetings])
    ]
    return tuple(kinds.Break(on=day, reason=reason) for day, reason in reasons if reason)


def _school_contact(school: School) -> kinds.Contact | None:
    if not school.contact_name:
        return None
    return kinds.Contact(name=school.contact_name, role=school.contact_role, phone=school.contact_phone)


def _authority_contact(authority: Authority) -> kinds.Contact:
    return kinds.Contact(
        name=authority.contact_name or authority.name,
        phone=authority.contact_phone,
        email=authority.contact_email,
    )


def _support(authority: Authority) -> tuple[kinds.SupportLine, ...]:
    return tuple(
        kinds.SupportLine(name=line["name"], contact=line["number"], note=line["note"])
        for line in authority.support_lines
    )
