"""Colleagues in schools and authorities: invite, send again, cancel, remove, and help with a lost phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.history import list_last
from app.audit.trail import define, record
from app.identity.roles import Role, label_of
from app.schools import queries
from app.schools.appointments import Invited, ask_to_appoint, ask_to_reset, drop
from app.schools.doubts import Doubt
from app.schools.models import Authority, AuthorityMember, School, StaffMember
from app.schools.naming import plain_name
from app.schools.papers import draw_all_again
from app.shell.kept import kept
from app.shell.refusals import Refused
from infra.clock import now
from infra.database import broken_constraint
from tenants.scope import Scope
from tenants.together import together

STAFF_INVITED = define("schools:staff:invited", keys=("role",))
STAFF_CANCELLED = define("schools:staff:cancelled", keys=("role",))
STAFF_REMOVED = define("schools:staff:removed", keys=("role",))
MEMBER_INVITED = define("schools:member:invited", keys=("role",))
MEMBER_CANCELLED = define("schools:member:cancelled", keys=("role",))
MEMBER_REMOVED = define("schools:member:removed", keys=("role",))

#: What the form calls a safeguarding lead who stands in for the first.
DEPUTY = "school_dsl_deputy"

#: Why the last who can act in a role stays. Somebody who is only invited does not count.
LAST = {
    "school_lead": _l("Nobody else can act as lead yet. The next lead must have signed in first."),
    "school_dsl": _l(
        "Nobody else can read concerns yet. The next safeguarding lead must have signed in first."
    ),
    "named_officer": _l(
        "Nobody else can read concerns yet. The next named officer must have signed in first."
    ),
    "authority_admin": _l(
        "Nobody else can act as authority lead yet. The next one must have signed in first."
    ),
}


# ---- a school's staff


def invite_staff(
    session: Session, school: School, *, role: str, name: str, email: str, job_title: str = ""
) -> Invited[StaffMember]:
    """Give somebody a role in the school and send them their link. The caller holds the school's lock.

    A role that sees more than whoever gives it waits for a second person; the link goes out, and opens nothing before.
    Two people may share an address. Raises Refused when somebody of this name and address has the role already, or
    nobody could be the second person.
    """
    role, is_deputy = ("school_dsl", True) if role == DEPUTY else (role, False)
    member = StaffMember(
        school_id=school.school_id,
        name=name,
        email=accounts.plain_email(email) or "",
        role=role,
        job_title=job_title,
        is_deputy=is_deputy,
    )
    try:
        with session.begin_nested():
            session.add(member)
            session.flush()
            waits = ask_to_appoint(session, member.id, school_id=school.school_id)
    except IntegrityError:
        raise _has_role(name, role, is_deputy=is_deputy) from None
    _send(session, school.authority_id, member)
    record(session, STAFF_INVITED, school_id=school.school_id, subject_id=member.id, role=role)
    return Invited(member, waits)


def _has_role(name: str, role: str, *, is_deputy: bool = False) -> Refused:
    return Refused(
        _(
            "%(name)s is already %(role)s here. To send the link again, use “Send again” in the list.",
            name=kept(name),
            role=label_of(Role(role), is_deputy=is_deputy),
        )
    )


def resend_staff_invitation(
    session: Session, authority_id: UUID, school_id: UUID, staff_id: UUID, *, said_no: Sequence[Doubt] = ()
) -> StaffMember:
    """A new link for somebody who has not come yet. Raises Refused when they have.

    Also for those in `said_no`: somebody at their address said “This is not me”, and nobody has asked them since.
    """
    member = queries.get_staff(session, school_id, staff_id)
    _refuse_arrived(session, staff_id, member.name)
    _refuse_doubted(member, said_no)
    _send(session, authority_id, member)
    member.invited_at = now()
    session.flush()
    return member


def cancel_staff_invitation(session: Session, school_id: UUID, staff_id: UUID) -> StaffMember:
    """Make the link worthless and take the name off the list. Raises Refused when they have come already."""
    member = queries.get_staff(session, school_id, staff_id)
    _refuse_arrived(session, staff_id, member.name)
    accounts.cancel_invitations(session, staff_id, school_id=school_id)
    _end(session, member)
    drop(session, staff_id, school_id=school_id)
    record(session, STAFF_CANCELLED, school_id=school_id, subject_id=staff_id, role=member.role)
    return member


def remove_staff(session: Session, school_id: UUID, staff_id: UUID, *, by: UUID) -> StaffMember:
    """Take a colleague's role away; whatever they have open ends now. `by` is who asks.

    Raises Refused for oneself, and for the last of a running school who can act as its lead or safeguarding lead.
    """
    member = queries.get_staff(session, school_id, staff_id)
    if member.id == by:
        raise Refused(_("You cannot remove yourself. Ask another lead, or your authority."))
    _end_role(session, member, school_id=school_id)
    accounts.cancel_invitations(session, staff_id, school_id=school_id)
    _end(session, member)
    record(session, STAFF_REMOVED, school_id=school_id, subject_id=staff_id, role=member.role)
    return member


def reset_staff_factor(session: Session, school_id: UUID, staff_id: UUID) -> Invited[StaffMember]:
    """Let a colleague who lost their phone set up another, or ask a second person where they see more.

    Raises Refused when there is nothing to reset.
    """
    member = queries.get_staff(session, school_id, staff_id)
    return Invited(member, _reset(session, member, school_id=school_id))


def note_arrivals(session: Session, people: Sequence[StaffMember | AuthorityMember]) -> None:
    """Write down who has come since the last look: accounts know it, lists keep it."""
    waiting = [one for one in people if one.accepted_at is None]
    states = accounts.account_states(session, [one.id for one in waiting])
    for one in waiting:
        state = states.get(one.id)
        if state and state.has_signed_in:
            one.accepted_at = now()
            if isinstance(one, AuthorityMember) and one.role == "named_officer":
                draw_all_again(session, one.authority_id, by=one.name)  # the agreement names them
    session.flush()


# ---- an authority's people


def invite_member(
    session: Session, authority_id: UUID, *, role: str, name: str, email: str, job_title: str = ""
) -> Invited[AuthorityMember]:
    """Give somebody a role in the authority and send them their link; all but commissioners wait for a second person.

    Raises Refused when they have it, or nobody could be the second person.
    """
    # No constraint says "once while it lasts" here, so two presses wait for one another.
    session.execute(
        select(Authority.authority_id).where(Authority.authority_id == authority_id).with_for_update()
    )
    address = accounts.plain_email(email) or ""
    if any(
        (one.role, one.email, plain_name(one.name)) == (role, address, plain_name(name))
        for one in queries.list_members(session, authority_id)
    ):
        raise _has_role(name, role)
    member = AuthorityMember(
        authority_id=authority_id,
        name=name,
        email=address,
        role=role,
        job_title=job_title,
        invited_at=now(),
    )
    with session.begin_nested():
        session.add(member)
        session.flush()
        waits = ask_to_appoint(session, member.id, school_id=None)
    _send(session, authority_id, member)
    record(session, MEMBER_INVITED, subject_id=member.id, role=role)
    return Invited(member, waits)


def resend_member_invitation(
    session: Session, authority_id: UUID, member_id: UUID, *, said_no: Sequence[Doubt] = ()
) -> AuthorityMember:
    """A new link for somebody who has not come yet. Raises Refused as `resend_staff_invitation` does."""
    member = queries.get_member(session, authority_id, member_id)
    _refuse_arrived(session, member_id, member.name)
    _refuse_doubted(member, said_no)
    _send(session, authority_id, member)
    member.invited_at = now()
    session.flush()
    return member


def cancel_member_invitation(session: Session, authority_id: UUID, member_id: UUID) -> AuthorityMember:
    """Make the link worthless and take the name off the list. Raises Refused when they have come already."""
    member = queries.get_member(session, authority_id, member_id)
    _refuse_arrived(session, member_id, member.name)
    accounts.cancel_invitations(session, member_id)
    _end(session, member)
    drop(session, member_id, school_id=None)
    record(session, MEMBER_CANCELLED, subject_id=member_id, role=member.role)
    return member


def remove_member(session: Session, authority_id: UUID, member_id: UUID, *, by: UUID) -> AuthorityMember:
    """Take somebody's role away; whatever they have open ends now.

    Raises Refused for oneself, and for the last who can act as named officer or authority lead.
    """
    member = queries.get_member(session, authority_id, member_id)
    if member.id == by:
        raise Refused(_("You cannot remove yourself. Ask another authority lead."))
    _end_role(session, member)
    accounts.cancel_invitations(session, member_id)
    _end(session, member)
    record(session, MEMBER_REMOVED, subject_id=member_id, role=member.role)
    if member.role == "named_officer":
        draw_all_again(session, authority_id, by="")
    return member


def reset_member_factor(session: Session, authority_id: UUID, member_id: UUID) -> Invited[AuthorityMember]:
    """The same for somebody of the authority. Raises Refused when there is nothing to reset."""
    member = queries.get_member(session, authority_id, member_id)
    return Invited(member, _reset(session, member, school_id=None))


# ---- both


def facts(state: accounts.AccountState | None, taken_at: datetime | None) -> tuple[object, ...]:
    """What a list shows of how somebody comes in, for a press that takes it away: whether they came, until when their
    link opens, whether they have an app, and when one was taken from them before (`FACTOR_RESET`)."""
    ways = (state.has_signed_in, state.has_second_factor, state.invitation_until) if state else ()
    return (*ways, taken_at)


def how_they_stand(session: Session, scope: Scope, person_id: UUID) -> tuple[object, ...]:
    """The same, as it is now. A council does not read the trail of a school: it is not told of an app that was set up
    anew after it took one away there."""
    with together(session) as ask:
        states = ask(accounts.account_states, [person_id])
        taken = ask(list_last, scope, accounts.FACTOR_RESET, [person_id])
    return facts(states.value.get(person_id), taken.value.get(person_id))


def _send(session: Session, authority_id: UUID, member: StaffMember | AuthorityMember) -> None:
    try:
        accounts.invite(
            session,
            role=Role(member.role),
            authority_id=authority_id,
            school_id=member.school_id if isinstance(member, StaffMember) else None,
            person_id=member.id,
            email=member.email,
            name=member.name,
        )
    except accounts.InvitedOften:
        raise Refused(
            _("%(name)s has had six invitations today. Try again tomorrow.", name=kept(member.name))
        ) from None


def _end_role(
    session: Session, member: StaffMember | AuthorityMember, *, school_id: UUID | None = None
) -> None:
    """End the role; the database counts, under its lock, who else could act in it."""
    try:
        with session.begin_nested():
            accounts.end_membership(session, member.id, Role(member.role), school_id=school_id)
    except IntegrityError as error:
        if broken_constraint(error) != "somebody_must_act":
            raise
        raise Refused(str(LAST[member.role])) from None


def _refuse_arrived(session: Session, person_id: UUID, name: str) -> None:
    state = accounts.account_states(session, [person_id]).get(person_id)
    if state and state.has_signed_in:
        raise Refused(_("%(name)s has already accepted. You can remove them instead.", name=kept(name)))


def _refuse_doubted(member: StaffMember | AuthorityMember, said_no: Sequence[Doubt]) -> None:
    """Nothing more goes to an address whose owner said that they are somebody else."""
    if any(doubt.person_id == member.id for doubt in said_no):
        raise Refused(
            _(
                "Somebody at %(email)s said “This is not me”. Check the address with %(name)s first. If it is wrong,"
                " cancel this invitation and invite them at the right one.",
                email=kept(member.email),
                name=kept(member.name),
            )
        )


def _reset(session: Session, member: StaffMember | AuthorityMember, *, school_id: UUID | None) -> bool:
    """Take away their app; where they see more than the one who asks, only once a second person has agreed.

    True when that was asked now, and nothing is reset yet.
    """
    try:
        with session.begin_nested():
            done = accounts.reset_second_factor(session, member.id, school_id=school_id)
    except IntegrityError as error:
        if broken_constraint(error) != "reset_takes_two":
            raise
        ask_to_reset(session, member.id, school_id=school_id)
        return True
    if not done:
        raise Refused(_no_reset(member.name))
    return False


def _no_reset(name: str) -> str:
    return _(
        "%(name)s has no app to reset. For your own, use a recovery code or ask a colleague.", name=kept(name)
    )


def _end(session: Session, member: StaffMember | AuthorityMember) -> None:
    moment: datetime = now()
    member.ended_at = moment
    session.flush()
