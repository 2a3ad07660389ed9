"""What an authority does with its schools: choose, invite, brief, start, pause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.documents.services import request_document
from app.messages.services import enqueue
from app.schools import group_dates, people, queries, register, stage_rights
from app.schools.appointments import Invited, list_coming
from app.schools.doubts import Doubt
from app.schools.models import OnboardingEvent, School, SchoolTask, StaffMember
from app.schools.naming import short_name
from app.schools.papers import DOCUMENTS, draw_again
from app.schools.stages import STAGES, WrongStep, may_go
from app.shell.dates import day
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states import groups
from app.states.messages import RecipientKind
from app.states.schools import BEFORE_SIGNING, ON_THE_LIST, SchoolStage, Side
from infra.clock import now

CONVERTED = define("schools:school:converted", keys=("from_urn", "to_urn"))
SCHOOL_REMOVED = define("schools:school:removed", keys=("urn",))
SCHOOL_ADDED = define("schools:school:added", keys=("urn",))
STAGE_CHANGED = define("schools:stage:changed", keys=("from_stage", "to_stage"))
BRIEF_SENT = define("schools:brief:sent", keys=("readers",))


def lock_school(session: Session, school_id: UUID, *, authority_id: UUID | None = None) -> School:
    """The school as it stands now, held until this change is over. Raises NotFound."""
    query = select(School).where(School.school_id == school_id)
    if authority_id is not None:
        query = query.where(School.authority_id == authority_id)
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def move(session: Session, school: School, to_stage: str, *, by: str, side: str, note: str = "") -> None:
    """Take a locked school to its next stage and write down who did. Raises Refused."""
    before = school.stage
    if not may_go(before, to_stage):
        raise WrongStep(
            _(
                "This school is at “%(now)s”, so it cannot become “%(then)s”. Look at the page again.",
                now=STAGES[before].label,
                then=STAGES[to_stage].label,
            )
        )
    moment = now()
    school.stage, school.stage_changed_at, school.waiting_since = to_stage, moment, moment
    school.stage_reason = note if to_stage in (SchoolStage.PAUSED, SchoolStage.LEFT) else ""
    session.add(
        OnboardingEvent(
            school_id=school.school_id,
            from_stage=before,
            to_stage=to_stage,
            note=note,
            by_name=by,
            by_side=side,
            at=moment,
        )
    )
    session.flush()
    record(
        session,
        STAGE_CHANGED,
        school_id=school.school_id,
        subject_id=school.school_id,
        from_stage=before,
        to_stage=to_stage,
    )


def add_prospect(session: Session, authority_id: UUID, *, urn: int, by: str) -> School:
    """Put a school of the register on the authority's list. Raises Refused: unknown, closed, or there already."""
    authority = queries.get_authority(session, authority_id)
    entry = register.find_entry(session, authority.la_code, urn)
    if entry is None:
        raise Refused(
            _(
                "The register has no school with this number in your area. Check the number, or search by name."
            )
        )
    if not entry.is_open:
        raise Refused(_closed_words(entry.name, entry.closed_on))
    if queries.find_by_urn(session, authority_id, [urn]):
        raise Refused(_("%(school)s is already on your list.", school=entry.name))
    school = School(
        authority_id=authority_id,
        urn=urn,
        name=entry.name,
        short_name=short_name(entry.name),
        phase=entry.phase,
        controller_code=entry.trust_code or entry.federation_code or f"LA-{urn}",
        controller_name=entry.trust_name or entry.federation_name or entry.name,
        address=entry.address,
        phone=entry.phone or "",
    )
    try:
        with session.begin_nested():
            session.add(school)
            session.flush()
    except IntegrityError:  # a colleague pressed at the same moment
        raise Refused(_("%(school)s is already on your list.", school=entry.name)) from None
    session.add(
        OnboardingEvent(
            school_id=school.school_id,
            from_stage=None,
            to_stage=SchoolStage.PROSPECT,
            by_name=by,
            by_side=Side.AUTHORITY,
        )
    )
    session.flush()
    record(session, SCHOOL_ADDED, school_id=school.school_id, subject_id=school.school_id, urn=urn)
    return school


_REMOVE = text("select app.remove_school(:school_id)")


def remove_school(session: Session, authority_id: UUID, school_id: UUID) -> str:
    """Take a school off the list that was added by mistake; its name. Raises Refused once anybody was invited."""
    school = lock_school(session, school_id, authority_id=authority_id)
    name, urn = school.name, school.urn
    session.flush()
    if not session.execute(_REMOVE, {"school_id": school_id}).scalar_one():
        raise Refused(_("%(school)s has a history, so it stays. You can end its part instead.", school=name))
    session.expunge(school)
    record(session, SCHOOL_REMOVED, subject_id=school_id, urn=urn)
    return name


def bring_back(session: Session, authority_id: UUID, school_id: UUID, *, reason: str, by: str) -> None:
    """A school that left, or said no, is on the list again; it is invited and signs anew. Raises Refused.

    Those who worked there before still can; what was agreed ended when it left.
    """
    school = lock_school(session, school_id, authority_id=authority_id)
    refuse_closed(session, authority_id, school)
    move(session, school, SchoolStage.PROSPECT, by=by, side=Side.AUTHORITY, note=reason)
    task = session.get(SchoolTask, (school_id, "agreement"))
    if task is not None:
        task.done_at, task.done_by = None, ""
    session.flush()


def refuse_closed(session: Session, authority_id: UUID, school: School) -> None:
    """Raise Refused for a school that is closed in the register."""
    if words := closed_words(session, authority_id, school):
        raise Refused(words)


def closed_words(session: Session, authority_id: UUID, school: School) -> str:
    """Why nobody can be invited to lead a school that is closed in the register; empty where it is open."""
    authority = queries.get_authority(session, authority_id)
    entry = register.find_entry(session, authority.la_code, school.urn)
    return "" if entry is None or entry.is_open else _closed_words(entry.name, entry.closed_on)


def follow_conversion(session: Session, authority_id: UUID, school_id: UUID, *, by: str) -> School:
    """Go on with a school under the number of the one that took its place. Raises Refused where there is none."""
    school = lock_school(session, school_id, authority_id=authority_id)
    authority = queries.get_authority(session, authority_id)
    entry = register.find_entry(session, authority.la_code, school.urn)
    if entry is None or entry.is_open:
        raise Refused(_("This school is open in the register, so it keeps its number."))
    after = register.find_successor(session, authority.la_code, entry)
    if after is None:
        raise Refused(_("The register has no school in its place. Search for it by name."))
    if queries.find_by_urn(session, authority_id, [after.urn]):
        raise Refused(_("%(school)s is already on your list.", school=after.name))
    school.urn, school.name, school.short_name = after.urn, after.name, short_name(after.name)
    school.phase = after.phase
    school.controller_code = after.trust_code or after.federation_code or f"LA-{after.urn}"
    school.controller_name = after.trust_name or after.federation_name or after.name
    session.add(
        OnboardingEvent(
            school_id=school_id,
            from_stage=school.stage,
            to_stage=school.stage,
            note=_(
                "%(old)s (%(number)s) became %(new)s (%(now)s).",
                old=entry.name,
                number=entry.urn,
                new=after.name,
                now=after.urn,
            ),
            by_name=by,
            by_side=Side.AUTHORITY,
        )
    )
    session.flush()
    draw_again(session, school, by=by)
    for lead_id in (
        queries.list_told(session, school_id, "school_lead") if school.stage in ON_THE_LIST else ()
    ):
        enqueue(
            session,
            kind="school_converted",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{lead_id}:{school.urn}",
        )
    record(
        session, CONVERTED, school_id=school_id, subject_id=school_id, from_urn=entry.urn, to_urn=after.urn
    )
    return school


def _closed_words(name: str, closed_on: date | None) -> str:
    if closed_on:
        return _(
            "%(school)s closed on %(day)s, so it cannot take part. Look for the school that took its place.",
            school=name,
            day=day(closed_on),
        )
    return _(
        "%(school)s is closed in the register, so it cannot take part. Look for the school that took its place.",
        school=name,
    )


def invite_lead(
    session: Session, authority_id: UUID, school_id: UUID, *, name: str, email: str, by: str
) -> Invited[StaffMember]:
    """Send somebody at the school the link to lead it; a prospect becomes invited. Raises Refused.

    Where parents are at the school already, it waits for a second person.
    """
    school = lock_school(session, school_id, authority_id=authority_id)
    stage_rights.require(school.stage, "invite_lead")
    refuse_closed(session, authority_id, school)
    lead = people.invite_staff(session, school, role="school_lead", name=name, email=email)
    if school.stage == SchoolStage.PROSPECT:
        move(session, school, SchoolStage.INVITED, by=by, side=Side.AUTHORITY)
        draw_again(session, school, by=by)  # of a school that came back
    return lead


def invite_again(session: Session, authority_id: UUID, school_id: UUID, *, by: str) -> None:
    """Invite a school that came back with the leads that it has, and tell them. Raises Refused where there is none."""
    school = lock_school(session, school_id, authority_id=authority_id)
    refuse_closed(session, authority_id, school)
    leads = queries.list_told(session, school_id, "school_lead")
    if not leads:
        raise Refused(_("Nobody there can sign in and lead. Invite somebody to lead."))
    move(session, school, SchoolStage.INVITED, by=by, side=Side.AUTHORITY)
    draw_again(session, school, by=by)
    for lead_id in leads:
        enqueue(
            session,
            kind="school_invited_again",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{lead_id}:{school.stage_changed_at.isoformat()}",
        )


def resend_invitation(
    session: Session, authority_id: UUID, school_id: UUID, staff_id: UUID, *, said_no: Sequence[Doubt] = ()
) -> StaffMember:
    """The council's new link for somebody at a school. Raises Refused as the first did, also of a closed school."""
    if queries.get_staff(session, school_id, staff_id).role == "school_lead":
        refuse_closed(session, authority_id, queries.get_authority_school(session, authority_id, school_id))
    return people.resend_staff_invitation(session, authority_id, school_id, staff_id, said_no=said_no)


def send_brief(session: Session, authority_id: UUID, school_id: UUID, *, by: str) -> None:
    """Have the brief and the agreement made, and tell the leads. Raises Refused when nobody is there to read it."""
    school = lock_school(session, school_id, authority_id=authority_id)
    refuse_closed(session, authority_id, school)
    leads = [one for one in queries.list_staff(session, school_id) if one.role == "school_lead"]
    if not leads:
        raise Refused(_("Invite somebody to lead first. The brief goes to them."))
    move(session, school, SchoolStage.BRIEF_SENT, by=by, side=Side.AUTHORITY)
    for kind, file_name in DOCUMENTS.items():
        request_document(session, kind=kind, school_id=school_id, file_name=file_name, created_by=by)
    coming = list_coming(session, [lead.id for lead in leads], of_school=True)
    # Where nobody has come yet it goes to those who were invited and wait for no second person.
    readers = queries.list_told(session, school_id, "school_lead") or [
        lead.id for lead in leads if lead.id not in coming
    ]
    for lead_id in readers:
        enqueue(
            session,
            kind="onboarding_brief",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{lead_id}:{school.stage_changed_at.isoformat()}",
        )
    record(session, BRIEF_SENT, school_id=school_id, subject_id=school_id, readers=len(readers))


def tell_agreement_ready(session: Session, school_id: UUID) -> None:
    """Tell those who lead the school, and can sign in, that the agreement can be signed: each once for each brief, not
    when it is drawn anew meanwhile.

    For the worker that stored it, in its own transaction.
    """
    school = queries.get_school(session, school_id)
    if school.stage not in BEFORE_SIGNING:
        return
    since = f":{school.stage_changed_at.isoformat()}" if school.stage == SchoolStage.BRIEF_SENT else ""
    for lead_id in queries.list_told(session, school_id, "school_lead"):
        enqueue(
            session,
            kind="agreement_ready",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{lead_id}{since}",
        )


#: Who is told that a school stops or goes on, by whom they are, with the kind of message.
READERS = {"parent": RecipientKind.PARENT, "facilitator": RecipientKind.FACILITATOR}
_UNDER_WAY = text("select recipient_kind, person_id from app.people_of_open_groups(:school_id)")
#: Nothing is under way when a school leaves: who waits for a place, and who leads or has offered to.
_LEFT_BEHIND = text("select recipient_kind, person_id from app.people_told_of_leaving(:school_id)")


def tell_everybody(session: Session, school: School, kind: str) -> None:
    """Tell the school's people, and who is in or leads a group under way, that its stage has changed, with the reason.

    That it has left is told to who waits for a place, leads or has offered to.

    `kind`: "school_paused", "school_resumed" or "school_left"; each reader has words of their own.
    """
    readers = [(RecipientKind.STAFF, one) for one in queries.list_told(session, school.school_id)]
    rows = session.execute(
        _LEFT_BEHIND if kind == "school_left" else _UNDER_WAY, {"school_id": school.school_id}
    )
    readers += [(READERS[row.recipient_kind], row.person_id) for row in rows]
    for recipient_kind, recipient_id in readers:
        enqueue(
            session,
            kind=f"{kind}_{recipient_kind.value}",
            recipient_kind=recipient_kind,
            recipient_id=recipient_id,
            school_id=school.school_id,
            dedupe_key=f"{recipient_id}:{school.stage_changed_at.isoformat()}",
        )


def pause(session: Session, authority_id: UUID, school_id: UUID, *, reason: str, by: str) -> None:
    """Stop for now. Raises Refused unless the school is active."""
    school = lock_school(session, school_id, authority_id=authority_id)
    move(session, school, SchoolStage.PAUSED, by=by, side=Side.AUTHORITY, note=reason)
    tell_everybody(session, school, "school_paused")


def resume(session: Session, authority_id: UUID, school_id: UUID, *, by: str) -> None:
    """Go on after a pause. Raises Refused."""
    school = lock_school(session, school_id, authority_id=authority_id)
    if school.stage != SchoolStage.PAUSED:
        raise WrongStep(_("This school is not paused."))
    move(session, school, SchoolStage.ACTIVE, by=by, side=Side.AUTHORITY)
    tell_everybody(session, school, "school_resumed")


def leave(session: Session, authority_id: UUID, school_id: UUID, *, reason: str, by: str) -> None:
    """End a school's part, once nothing is under way there. Raises Refused, also while a group goes on.

    Invitations that nobody has used are worth nothing from now.
    """
    school = lock_school(session, school_id, authority_id=authority_id)
    if open_groups := [
        one
        for one in group_dates.groups().list_group_dates(session, school_id)
        if one.state in groups.UNDER_WAY
    ]:
        raise Refused(
            _(
                "Not ended yet: %(groups)s. The school first chooses what becomes of each, on its page “Leaving”.",
                groups="; ".join(one.label for one in open_groups),
            )
        )
    move(session, school, SchoolStage.LEFT, by=by, side=Side.AUTHORITY, note=reason)
    tell_everybody(session, school, "school_left")
    staff = queries.list_staff(session, school_id)
    people.note_arrivals(session, staff)
    for one in staff:
        if one.accepted_at is None:
            people.cancel_staff_invitation(session, school_id, one.id)
