"""Several colleagues of a list at once: who would get a new link and who not, and why; then all of it.

Only the link is sent to many. Cancelling, removing and a reset of an app take something away from one person, and are
done for one after the other, with their name above the button.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.identity.roles import Role, label_of
from app.schools import doubts, people, queries
from app.schools.models import AuthorityMember, StaffMember
from app.shell.refusals import Refused
from infra.clock import now

#: Within it a second link goes to nobody (`accounts.invite`).
A_MINUTE = timedelta(minutes=1)
#: A new link for one of them. Raises Refused.
Send = Callable[[UUID], object]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of them. `why_not`: in words, why no link goes to them; empty where one does."""

    id: UUID
    name: str
    email: str
    role: str
    is_just_sent: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Everybody on a list of people at work, and how one of them gets a new link."""

    session: Session
    members: Sequence[StaffMember] | Sequence[AuthorityMember]
    send: Send

    def look_at(self, ids: Sequence[UUID]) -> list[Chosen]:
        """What a new link for each of these would come to: tried, and undone again. Who is not listed is left out."""
        return self._each(ids, for_good=False)

    def do(self, ids: Sequence[UUID]) -> list[Chosen]:
        """A new link to each of these who can have one."""
        return self._each(ids, for_good=True)

    def _each(self, ids: Sequence[UUID], *, for_good: bool) -> list[Chosen]:
        listed = sorted((one for one in self.members if one.id in set(ids)), key=lambda one: one.id)
        states = accounts.account_states(self.session, [one.id for one in listed])
        return [self._one(member, states.get(member.id), for_good=for_good) for member in listed]

    def _one(
        self,
        member: StaffMember | AuthorityMember,
        state: accounts.AccountState | None,
        *,
        for_good: bool,
    ) -> Chosen:
        # Held, so that of two who press at once the second finds what the first sent.
        self.session.refresh(member, with_for_update=True)
        is_just_sent = member.invited_at is not None and member.invited_at > now() - A_MINUTE
        words = label_of(Role(member.role), is_deputy=getattr(member, "is_deputy", False))
        one = Chosen(member.id, member.name, member.email, str(words), is_just_sent)
        if state and state.has_signed_in:
            return replace(one, why_not=_("They have signed up."))
        if is_just_sent:
            return replace(one, why_not=_("A link went to them a moment ago."))
        try:
            with self.session.begin_nested() as step:
                self.send(member.id)
                if not for_good:
                    step.rollback()
        except Refused as refused:
            return replace(one, why_not=str(refused.words))
        return one


def at_school(session: Session, authority_id: UUID, school_id: UUID) -> Colleagues:
    """The colleagues of a school."""
    said_no = doubts.list_at_school(session, school_id)
    return Colleagues(
        session,
        queries.list_staff(session, school_id),
        lambda one: people.resend_staff_invitation(session, authority_id, school_id, one, said_no=said_no),
    )


def at_council(session: Session, authority_id: UUID) -> Colleagues:
    """The people of a council."""
    said_no = doubts.list_at_council(session, authority_id)
    return Colleagues(
        session,
        queries.list_members(session, authority_id),
        lambda one: people.resend_member_invitation(session, authority_id, one, said_no=said_no),
    )


def is_second_press(chosen: Sequence[Chosen]) -> bool:
    """Whether all that can be done for these was done a moment ago, so that nothing is news to whoever pressed."""
    return any(one.is_just_sent for one in chosen) and all(one.why_not for one in chosen)


def facts(chosen: Sequence[Chosen]) -> list[object]:
    """What a page of these has shown, for `as_shown`: another address is another page."""
    return [fact for one in chosen for fact in (one.id, one.name, one.email, one.role, one.why_not)]
