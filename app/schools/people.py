"""Colleagues in schools and authorities: invite, send again, cancel, remove, and help with a lost phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.accounts.roles import Role
from app.privacy.audit import define, record
from app.schools import queries
from app.schools.models import Authority, AuthorityMember, School, StaffMember
from app.schools.refusals import Refused
from app.shell.kept import kept
from infra.clock import now

STAFF_INVITED = define("schools:staff:invited", keys=("role",))
STAFF_CANCELLED = define("schools:staff:cancelled", keys=("role",))
STAFF_REMOVED = define("schools:staff:removed", keys=("role",))
MEMBER_INVITED = define("schools:member:invited", keys=("role",))
MEMBER_CANCELLED = define("schools:member:cancelled", keys=("role",))
MEMBER_REMOVED = define("schools:member:removed", keys=("role",))


# ---- a school's staff


def invite_staff(
    session: Session, school: School, *, role: str, name: str, email: str, job_title: str = ""
) -> StaffMember:
    """Give somebody a role in the school and send them their link. The caller holds the school's lock.

    Raises Refused when this address has the role already.
    """
    member = StaffMember(
        school_id=school.school_id,
        name=name,
        email=accounts.plain_email(email) or "",
        role=role,
        job_title=job_title,
    )
    try:
        with session.begin_nested():
            session.add(member)
            session.flush()
    except IntegrityError:
        raise Refused(
            _(
                "%(email)s is %(role)s here already. To send the link again, use “Send again” in the list.",
                email=email,
                role=Role(role).label,
            )
        ) from None
    _send(session, school.authority_id, member)
    record(session, STAFF_INVITED, school_id=school.school_id, subject_id=member.id, role=role)
    return member


def resend_staff_invitation(
    session: Session, authority_id: UUID, school_id: UUID, staff_id: UUID
) -> StaffMember:
    """A new link for somebody who has not come yet. Raises Refused when they have."""
    member = queries.get_staff(session, school_id, staff_id)
    _refuse_arrived(session, staff_id, member.name)
    member.invited_at = now()
    session.flush()
    _send(session, authority_id, member)
    return member


def cancel_staff_invitation(session: Session, school_id: UUID, staff_id: UUID) -> StaffMember:
    """Make the link worthless and take the name off the list. Raises Refused when they have come already."""
    member = queries.get_staff(session, school_id, staff_id)
    _refuse_arrived(session, staff_id, member.name)
    accounts.cancel_invitations(session, staff_id, school_id=school_id)
    _end(session, member)
    record(session, STAFF_CANCELLED, school_id=school_id, subject_id=staff_id, role=member.role)
    return member


def remove_staff(session: Session, school_id: UUID, staff_id: UUID, *, by: UUID) -> StaffMember:
    """Take a colleague's role away; whatever they have open ends now. `by` is who asks.

    Raises Refused for oneself, and for the last safeguarding lead who has come.
    """
    member = queries.get_staff(session, school_id, staff_id)
    if member.id == by:
        raise Refused(_("You cannot remove yourself. Ask another lead, or your authority."))
    others = [
        one
        for one in queries.list_staff(session, school_id)
        if one.role == member.role and one.id != staff_id
    ]
    if member.role == "school_dsl" and not others:
        raise Refused(_("Invite the next safeguarding lead first. Concerns always need a reader."))
    accounts.end_membership(session, staff_id, Role(member.role), school_id=school_id)
    accounts.cancel_invitations(session, staff_id, school_id=school_id)
    _end(session, member)
    record(session, STAFF_REMOVED, school_id=school_id, subject_id=staff_id, role=member.role)
    return member


def reset_staff_factor(session: Session, school_id: UUID, staff_id: UUID) -> StaffMember:
    """Let a colleague who lost their phone set up another. Raises Refused when there is nothing to reset."""
    member = queries.get_staff(session, school_id, staff_id)
    if not accounts.reset_second_factor(session, staff_id, school_id=school_id):
        raise Refused(_no_reset(member.name))
    return member


def note_arrivals(session: Session, people: Sequence[StaffMember | AuthorityMember]) -> None:
    """Write down who has come since the last look: accounts know it, lists keep it."""
    waiting = [one for one in people if one.accepted_at is None]
    states = accounts.account_states(session, [one.id for one in waiting])
    for one in waiting:
        state = states.get(one.id)
        if state and state.has_signed_in:
            one.accepted_at = now()
    session.flush()


# ---- an authority's people


def invite_member(
    session: Session, authority_id: UUID, *, role: str, name: str, email: str, job_title: str = ""
) -> AuthorityMember:
    """Give somebody a role in the authority and send them their link. Raises Refused when they have it."""
    # No constraint says "once while it lasts" here, so two presses wait for one another.
    session.execute(
        select(Authority.authority_id).where(Authority.authority_id == authority_id).with_for_update()
    )
    address = accounts.plain_email(email) or ""
    if any(one.role == role and one.email == address for one in queries.list_members(session, authority_id)):
        raise Refused(
            _(
                "%(email)s is %(role)s here already. To send the link again, use “Send again” in the list.",
                email=email,
                role=Role(role).label,
            )
        )
    member = AuthorityMember(
        authority_id=authority_id,
        name=name,
        email=address,
        role=role,
        job_title=job_title,
        invited_at=now(),
    )
    session.add(member)
    session.flush()
    _send(session, authority_id, member)
    record(session, MEMBER_INVITED, subject_id=member.id, role=role)
    return member


def resend_member_invitation(session: Session, authority_id: UUID, member_id: UUID) -> AuthorityMember:
    """A new link for somebody who has not come yet. Raises Refused when they have."""
    member = queries.get_member(session, authority_id, member_id)
    _refuse_arrived(session, member_id, member.name)
    member.invited_at = now()
    session.flush()
    _send(session, authority_id, member)
    return member


def cancel_member_invitation(session: Session, authority_id: UUID, member_id: UUID) -> AuthorityMember:
    """Make the link worthless and take the name off the list. Raises Refused when they have come already."""
    member = queries.get_member(session, authority_id, member_id)
    _refuse_arrived(session, member_id, member.name)
    accounts.cancel_invitations(session, member_id)
    _end(session, member)
    record(session, MEMBER_CANCELLED, subject_id=member_id, role=member.role)
    return member


def remove_member(session: Session, authority_id: UUID, member_id: UUID, *, by: UUID) -> AuthorityMember:
    """Take somebody's role away; whatever they have open ends now. Raises Refused for oneself and the last officer."""
    member = queries.get_member(session, authority_id, member_id)
    if member.id == by:
        raise Refused(_("You cannot remove yourself. Ask another authority lead."))
    officers = [one for one in queries.list_members(session, authority_id) if one.role == "named_officer"]
    if officers == [member]:
        raise Refused(_("Invite the next named officer first. Concerns about a school need a reader."))
    accounts.end_membership(session, member_id, Role(member.role))
    accounts.cancel_invitations(session, member_id)
    _end(session, member)
    record(session, MEMBER_REMOVED, subject_id=member_id, role=member.role)
    return member


def reset_member_factor(session: Session, authority_id: UUID, member_id: UUID) -> AuthorityMember:
    """Let a colleague who lost their phone set up another. Raises Refused when there is nothing to reset."""
    member = queries.get_member(session, authority_id, member_id)
    if not accounts.reset_second_factor(session, member_id):
        raise Refused(_no_reset(member.name))
    return member


# ---- both


def _send(session: Session, authority_id: UUID, member: StaffMember | AuthorityMember) -> None:
    accounts.invite(
        session,
        role=Role(member.role),
        authority_id=authority_id,
        school_id=member.school_id if isinstance(member, StaffMember) else None,
        person_id=member.id,
        email=member.email,
        name=member.name,
    )


def _refuse_arrived(session: Session, person_id: UUID, name: str) -> None:
    state = accounts.account_states(session, [person_id]).get(person_id)
    if state and state.has_signed_in:
        raise Refused(_("%(name)s has accepted already. You can remove them instead.", name=kept(name)))


def _no_reset(name: str) -> str:
    return _(
        "%(name)s has no app to reset. For your own, use a recovery code or ask a colleague.", name=kept(name)
    )


def _end(session: Session, member: StaffMember | AuthorityMember) -> None:
    moment: datetime = now()
    member.ended_at = moment
    session.flush()
