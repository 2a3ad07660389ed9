"""Steps on the way to leading a group: each with a reason, an event and, where there is one, its message."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.facilitators import queries
from app.facilitators.models import Facilitator, FacilitatorApplication, FacilitatorEvent
from app.facilitators.staff_too import refuse_staff
from app.facilitators.stages import STAGES, may_go, missing_for
from app.facilitators.steps import BY_ITSELF, acting_id, locked, note, note_down, step
from app.identity.roles import Role
from app.messages.services import enqueue
from app.recruitment import queries as recruitment
from app.schools import stage_rights
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.facilitators import APPLICANTS, ENDS, MAY_LEAD, MAY_REAPPLY, MEMBERS, FacilitatorStage
from app.states.parents import ParentStage
from infra.clock import now
from infra.database import broken_constraint
from infra.ids import new_id

APPLIED = define("facilitators:application:sent", keys=("again",))
ADDED = define("facilitators:facilitator:added", keys=("kind",))


class AlreadyKnown(Refused):
    """Somebody of this name, with this email or phone, is in the list already."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody of this name and with this email or mobile number is in your list. Look there first.")
        )


def apply(session: Session, school_id: UUID, parent_id: UUID, answers: Mapping[str, Any]) -> bool:
    """Send a graduate's application; False when one is under way already, which then stays as it is.

    Raises Refused for a parent who has not finished a group.
    """
    stage_rights.check(session, school_id, "apply")
    if recruitment.get_parent(session, school_id, parent_id).stage != ParentStage.GRADUATED:
        raise Refused(_("You can offer when you have finished a group."))
    person = queries.find_of_parent(session, school_id, parent_id)
    if person is not None:
        return _apply_again(session, person, answers)
    contact = recruitment.get_contact(session, school_id, parent_id)
    person = Facilitator(
        school_id=school_id,
        id=new_id(),
        parent_id=parent_id,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
    )
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
    except IntegrityError:
        # The same press twice: the first has it.
        return False
    session.add(
        FacilitatorApplication(
            school_id=school_id, facilitator_id=person.id, parent_id=parent_id, answers=dict(answers)
        )
    )
    event = note(session, person, None, "applied", "")
    record(session, APPLIED, subject_id=person.id, again=False)
    _tell(session, person, event, STAGES["applied"].message)
    return True


def _apply_again(session: Session, person: Facilitator, answers: Mapping[str, Any]) -> bool:
    session.refresh(person, with_for_update=True)
    if person.stage not in MAY_REAPPLY:
        return False
    application = queries.find_application(session, person.school_id, person.id)
    if application is None:
        try:
            with session.begin_nested():
                session.add(
                    FacilitatorApplication(
                        school_id=person.school_id,
                        facilitator_id=person.id,
                        parent_id=person.parent_id,
                        answers=dict(answers),
                    )
                )
                session.flush()
        except IntegrityError:
            # One from before a fresh start is there, and shut.
            return False
    else:
        application.answers, application.submitted_at = dict(answers), now()
    event = step(session, person, "applied", "")
    record(session, APPLIED, subject_id=person.id, again=True)
    _tell(session, person, event, STAGES["applied"].message)
    return True


def withdraw(session: Session, school_id: UUID, parent_id: UUID, reason: str = "") -> bool:
    """Take one's own application back; False when there is none under way."""
    person = queries.find_of_parent(session, school_id, parent_id)
    if person is None:
        return False
    session.refresh(person, with_for_update=True)
    if person.stage not in APPLICANTS:
        return False
    step(session, person, "withdrawn", reason)
    return True


def move(
    session: Session,
    school_id: UUID,
    authority_id: UUID,
    facilitator_id: UUID,
    to_stage: str,
    reason: str,
    *,
    from_stage: str | None = None,
) -> None:
    """Bring somebody one step on, tell them, and let them in when they are ready.

    `from_stage`: where they stood when the page was shown. Raises Refused with all that is missing.
    """
    if to_stage not in ENDS:  # to end is always open
        stage_rights.check(session, school_id, "find_facilitators")
    person = locked(session, school_id, facilitator_id)
    if from_stage is not None and from_stage != person.stage:
        raise Refused(_("Somebody moved them while you were reading. Look again before you go on."))
    if not may_go(person.stage, to_stage):
        raise Refused(
            _(
                "From “%(here)s” nobody goes straight to “%(there)s”. Take one step at a time.",
                here=STAGES[person.stage].label,
                there=STAGES[to_stage].label,
            )
        )
    if to_stage == FacilitatorStage.READY:
        refuse_staff(session, school_id, name=person.name, email=person.email, phone=person.phone)
    if missing := missing_for(to_stage, queries.get_case(session, school_id, facilitator_id, by=acting_id())):
        raise Refused(missing)
    was_member = person.stage in MEMBERS
    _refresh(session, person)
    try:
        with session.begin_nested():
            event = step(session, person, to_stage, reason)
    except IntegrityError as error:
        # The database knows who acts: it refuses also what changed since we looked.
        if broken_constraint(error) not in ("facilitator_ready_takes_two", "facilitator_one_step"):
            raise
        session.expire(person)
        raise Refused(_("This step takes another person, or another step first. Look again.")) from None
    _tell(session, person, event, letter_of_step(event.from_stage, to_stage))
    if to_stage == FacilitatorStage.READY:
        with suppress(Refused):  # six today: the button on their page sends one tomorrow
            let_in(session, school_id, authority_id, facilitator_id)
    elif was_member and to_stage not in MEMBERS:
        accounts.end_membership(session, facilitator_id, Role.FACILITATOR)


def let_in(session: Session, school_id: UUID, authority_id: UUID, facilitator_id: UUID) -> bool:
    """Offer somebody their facilitator pages: at the way in that they have, else by invitation.

    False when nothing was needed or nothing could be sent.
    """
    stage_rights.check(session, school_id, "find_facilitators")
    person = queries.get_facilitator(session, school_id, facilitator_id)
    if person.stage not in MEMBERS:
        raise Refused(_("They get their own pages when they are ready to lead."))
    try:
        if accounts.offer_facilitator(session, person.parent_id, facilitator_id):
            return True
        return _invite(session, authority_id, person)
    except accounts.InvitedOften:
        raise Refused(_("They have had six invitations today. Try again tomorrow.")) from None


def letter_of_let_in(session: Session, person: Facilitator) -> str | None:
    """The kind of message by which `let_in` offers somebody their pages; None where nothing of it goes."""
    states = accounts.account_states(session, [one for one in (person.id, person.parent_id) if one])
    own, as_parent = states.get(person.id), states.get(person.parent_id) if person.parent_id else None
    if own and own.has_signed_in:
        return None
    if as_parent and as_parent.has_signed_in:
        return "role_offered"
    return "facilitator_invitation" if person.email or person.phone else None


def letter_of_step(from_stage: str | None, to_stage: str) -> str | None:
    """The kind of message by which staff's step is told to whom it is about; None where none goes."""
    if from_stage == FacilitatorStage.RESTING:  # whoever comes back from a rest knows
        return None
    if from_stage in MAY_REAPPLY and to_stage == FacilitatorStage.APPLIED:
        return "application_reopened"  # the other one thanks for an application that has just come
    return STAGES[to_stage].message


def _invite(session: Session, authority_id: UUID, person: Facilitator) -> bool:
    state = accounts.account_states(session, [person.id]).get(person.id)
    if (state and state.has_signed_in) or not (person.email or person.phone):
        return False
    try:
        sent = accounts.invite(
            session,
            role=Role.FACILITATOR,
            authority_id=authority_id,
            school_id=person.school_id,
            person_id=person.id,
            email=person.email,
            phone=None if person.email else person.phone,
            name=person.name,
        )
    except (accounts.HasAccount, accounts.NotThem):
        return False
    return bool(sent)


def add_professional(
    session: Session, school_id: UUID, *, name: str, email: str, phone: str, reason: str
) -> Facilitator:
    """Add somebody who leads as their profession; they start at references.

    Two people may share an address or a number. Raises AlreadyKnown for the same person once more, and
    Refused for whoever works at the school.
    """
    stage_rights.check(session, school_id, "find_facilitators")
    refuse_staff(session, school_id, name=name, email=email, phone=phone)
    same = [
        column == value for column, value in ((Facilitator.email, email), (Facilitator.phone, phone)) if value
    ]
    for condition in same:
        names = session.scalars(select(Facilitator.name).where(Facilitator.school_id == school_id, condition))
        if _plain(name) in map(_plain, names):
            raise AlreadyKnown
    person = Facilitator(
        school_id=school_id,
        id=new_id(),
        name=name,
        email=email,
        phone=phone,
        kind="professional",
        stage=FacilitatorStage.REFERENCES,
    )
    session.add(person)
    session.flush()
    note(session, person, None, "references", reason)
    record(session, ADDED, subject_id=person.id, kind="professional")
    return person


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def start_leading(session: Session, school_id: UUID, facilitator_id: UUID) -> None:
    """Somebody was chosen for a group. Refused unless they may lead and all that it takes is there."""
    person = locked(session, school_id, facilitator_id)
    if person.stage not in MAY_LEAD:
        raise Refused(_("They are not ready to lead yet."))
    refuse_staff(session, school_id, name=person.name, email=person.email, phone=person.phone)
    if missing := missing_for("leading", queries.get_case(session, school_id, facilitator_id)):
        raise Refused(
            [_("%(name)s cannot be chosen now. Something is missing:", name=kept(person.name)), *missing]
        )
    if person.stage == FacilitatorStage.READY:
        step(session, person, "leading", "")


def stop_leading(session: Session, school_id: UUID, facilitator_id: UUID, reason: str) -> bool:
    """Somebody was taken off a group: whoever leads no other may be chosen again. False when they go on leading.

    Their history keeps it either way: the group's row that said so is gone.
    """
    person = locked(session, school_id, facilitator_id)
    if (
        person.stage != FacilitatorStage.LEADING
        or queries.get_case(session, school_id, facilitator_id).leads_now
    ):
        note_down(session, person, reason)
        return False
    step(session, person, "ready", reason)
    return True


def rest(session: Session, school_id: UUID, facilitator_id: UUID, reason: str = "") -> None:
    """Somebody who may lead has a rest. Raises Refused while they lead a group, or when they may not lead."""
    person = locked(session, school_id, facilitator_id)
    if person.stage == FacilitatorStage.RESTING:
        return
    if person.stage not in MAY_LEAD:
        raise Refused(_("They are not ready to lead yet."))
    if missing := missing_for("resting", queries.get_case(session, school_id, facilitator_id)):
        raise Refused(missing)
    step(session, person, "resting", reason)


def rest_after(session: Session, school_id: UUID, facilitator_id: UUID) -> bool:
    """A group is over: whoever leads no other has a rest, written down by the service itself. False when they go on."""
    person = locked(session, school_id, facilitator_id)
    if person.stage != FacilitatorStage.LEADING or missing_for(
        "resting", queries.get_case(session, school_id, facilitator_id)
    ):
        return False
    step(session, person, "resting", _("Their group is over."), by_name=BY_ITSELF)
    return True


def _tell(session: Session, person: Facilitator, event: FacilitatorEvent, kind: str | None) -> None:
    if kind is None:
        return
    enqueue(
        session,
        kind=kind,
        school_id=person.school_id,
        recipient_kind="facilitator",
        recipient_id=person.id,
        dedupe_key=f"{person.id}:{event.id}",
    )


def _refresh(session: Session, person: Facilitator) -> None:
    """A graduate is reached where they are reached as a parent, whatever changed since they offered."""
    if person.parent_id:
        contact = recruitment.get_contact(session, person.school_id, person.parent_id)
        person.name, person.email, person.phone = contact.name, contact.email, contact.phone
