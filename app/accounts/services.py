"""Invitations, memberships and second factors, for the packages that keep lists of people.

Everything here runs in the caller's own transaction and scope; the database refuses what that audience may not do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, has_request_context
from flask import session as web_session
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.identity.gate import function
from app.identity.roles import LINK_ROLES, PASSWORD_ROLES, SCHOOL_PEOPLE, Role
from app.identity.secrets import keyed_hash
from app.messages.services import enqueue, ring_bell
from app.shell.edge import after_commit
from app.shell.refusals import Refused
from app.states.messages import Channel, InvitedBy, RecipientKind
from infra.clock import now
from infra.database import broken_constraint
from infra.ids import new_id

ISSUE = function(
    "issue_token",
    "purpose",
    "role",
    "authority_id",
    "school_id",
    "person_id",
    "channel",
    "address",
    "name",
    "outbox_id",
    "expires_at",
    "invited_by",
)
CANCEL = function("cancel_tokens", "person_id")
END = function("end_membership", "person_id", "role")
OFFER = function("offer_facilitator", "parent_id", "facilitator_id", "outbox_id", "expires_at", "invited_by")
RESET = function("reset_second_factor", "person_id")
STATES = function("person_accounts", "people")

DOUBTED = text(
    "select address from contact_doubt where school_id = :school and person_id = :person and settled_at is null"
)

INVITED = define("accounts:invitation:sent", keys=("role", "kind", "channel"))
CANCELLED = define("accounts:invitation:cancelled")
ENDED = define("accounts:membership:ended", keys=("role",))
OFFERED = define("accounts:facilitator:offered", keys=("parent_id",))
FACTOR_RESET = define("accounts:second_factor:reset")

STAFF_LIFE = timedelta(days=7)
LINK_LIFE = timedelta(days=14)


class HasAccount(Refused):
    """They have signed in before, so nothing was sent: they sign in as they did."""

    def __init__(self) -> None:
        super().__init__(_("They have signed in before, so nothing was sent: they sign in as they did."))


class NotThem(Refused):
    """Whoever has `address` said “This is not me”, and nobody has checked it since: nothing was sent."""

    def __init__(self, address: str) -> None:
        super().__init__(_("Whoever has this address says that it is not theirs. Check it with them first."))
        self.address = address


class InvitedOften(Refused):
    """Their address got six invitations of this place within a day, so nothing was sent."""

    def __init__(self) -> None:
        super().__init__(_("They have had six invitations today. Try again tomorrow."))


@dataclass(frozen=True, slots=True)
class AccountState:
    """What a list of people says about their way in."""

    person_id: UUID
    has_signed_in: bool
    has_second_factor: bool
    open_invitation: bool
    invitation_until: datetime | None


def invite(
    session: Session,
    *,
    role: Role,
    authority_id: UUID,
    school_id: UUID | None,
    person_id: UUID,
    email: str | None,
    name: str,
    phone: str | None = None,
    kind: str | None = None,
    expires_in: timedelta | None = None,
) -> list[UUID]:
    """Send `person_id` a link that gives them `role`: by email, by text, or by both. Ids of the messages.

    Staff have an email and 7 days, facilitators and parents either address and 14. A new invitation takes the place
    of an open one on the same channel; the same one twice within a minute goes out once (the answer is then empty).
    `kind` is for another wording: "invitation_reminder". Raises ValueError when there is nowhere to send it, HasAccount
    for somebody who has come in before: what is theirs opens by their own way in and by no invitation. An address at
    which somebody said “This is not me” gets nothing until staff have looked; NotThem when there is no other.
    InvitedOften after six a day to one address.
    """
    wording, recipient = _letter_of(role)
    wording = kind or wording
    addresses = {Channel.EMAIL: plain_email(email), Channel.SMS: None if role in PASSWORD_ROLES else phone}
    if not any(addresses.values()):
        raise ValueError(f"an invitation as {role} needs an address")
    if role in LINK_ROLES:
        addresses = _without_doubted(session, school_id, person_id, addresses)
    moment = now()
    expires_at = moment + (expires_in or (STAFF_LIFE if role in PASSWORD_ROLES else LINK_LIFE))
    key = current_app.config["SECRET_KEY"]
    sent: list[UUID] = []
    for channel, address in addresses.items():
        if not address:
            continue
        fingerprint = keyed_hash(key, "invitation", address).hex()[:16]
        try:
            with session.begin_nested():
                written = enqueue(
                    session,
                    kind=wording,
                    recipient_kind=recipient,
                    recipient_id=person_id,
                    school_id=school_id,
                    authority_id=None if school_id else authority_id,
                    dedupe_key=f"{person_id}:{fingerprint}:{moment:%Y%m%d%H%M%S%f}",
                    channels=(channel,),
                    not_after=expires_at,
                )
                if not written:
                    continue  # pressed twice in the same moment
                [outbox_id] = written
                session.execute(
                    ISSUE,
                    {
                        "purpose": "staff_invitation" if role in PASSWORD_ROLES else "parent_invitation",
                        "role": role.value,
                        "authority_id": authority_id,
                        "school_id": school_id,
                        "person_id": person_id,
                        "channel": channel.value,
                        "address": address,
                        "name": name,
                        "outbox_id": outbox_id,
                        "expires_at": expires_at,
                        "invited_by": _inviter(),
                    },
                )
        except IntegrityError as error:
            broken = broken_constraint(error)
            if broken == "person_has_an_account":
                raise HasAccount from None
            if broken == "invited_often":
                raise InvitedOften from None
            if broken != "invitation_just_sent":
                raise
            continue
        record(
            session,
            INVITED,
            subject_id=person_id,
            school_id=school_id,
            role=role.value,
            kind=wording,
            channel=channel.value,
        )
        sent.append(outbox_id)
    return sent


def give_letter_link(
    session: Session,
    letter_id: UUID,
    *,
    authority_id: UUID,
    school_id: UUID,
    person_id: UUID,
    name: str,
    expires_in: timedelta,
) -> bool:
    """Give the printed letter `letter_id` to a parent a link of its own, in the place of the one before.

    What opens it comes about where it is printed. False for somebody who has come in before: no link is theirs.
    """
    values = {
        "purpose": "parent_invitation",
        "role": Role.PARENT.value,
        "authority_id": authority_id,
        "school_id": school_id,
        "person_id": person_id,
        "channel": InvitedBy.LETTER.value,
        "address": "",
        "name": name,
        "outbox_id": letter_id,
        "expires_at": now() + expires_in,
        "invited_by": _inviter(),
    }
    try:
        with session.begin_nested():
            session.execute(ISSUE, values)
    except IntegrityError as error:
        broken = broken_constraint(error)
        if broken == "invited_often":
            raise InvitedOften from None
        if broken == "invitation_just_sent":
            raise Refused(_("A letter for them was made just now. Wait a minute, then try again.")) from None
        if broken != "person_has_an_account":
            raise
        return False
    record(
        session,
        INVITED,
        subject_id=person_id,
        school_id=school_id,
        role=Role.PARENT.value,
        kind="invitation_letter",
        channel=InvitedBy.LETTER.value,
    )
    return True


def _without_doubted(
    session: Session, school_id: UUID | None, person_id: UUID, addresses: dict[Channel, str | None]
) -> dict[Channel, str | None]:
    said = set(session.execute(DOUBTED, {"school": school_id, "person": person_id}).scalars())
    left = {channel: None if address in said else address for channel, address in addresses.items()}
    if not any(left.values()):
        raise NotThem(next(address for address in addresses.values() if address))
    return left


def cancel_invitations(session: Session, person_id: UUID, *, school_id: UUID | None = None) -> None:
    """Make every open link of `person_id` worthless. `school_id`: where an authority writes it down."""
    session.execute(CANCEL, {"person_id": person_id})
    record(session, CANCELLED, subject_id=person_id, school_id=school_id)


def end_membership(session: Session, person_id: UUID, role: Role, *, school_id: UUID | None = None) -> bool:
    """Take `role` from `person_id`: sessions in it end now, open invitations too. False if they had none."""
    ended = session.execute(END, {"person_id": person_id, "role": role.value}).scalar_one()
    # Also where nothing was accepted yet, or no more: an offer does not outlive what it offers.
    session.execute(CANCEL, {"person_id": person_id})
    if ended:
        record(session, ENDED, subject_id=person_id, school_id=school_id, role=role.value)
    return ended


def offer_facilitator(session: Session, parent_id: UUID | None, facilitator_id: UUID) -> bool:
    """Offer somebody with an account the facilitator's pages, at their own way in; they take it themselves.

    A graduate's account is the parent's; a professional's (`parent_id` None) the one that they led by before. False
    when there is none (then `invite` them), when they have the role already, and when they are not ready. InvitedOften
    as `invite`.
    """
    outbox_id = new_id()
    values = {
        "parent_id": parent_id,
        "facilitator_id": facilitator_id,
        "outbox_id": outbox_id,
        "expires_at": now() + LINK_LIFE,
        "invited_by": _inviter(),
    }
    try:
        with session.begin_nested():
            offered: bool = session.execute(OFFER, values).scalar_one()
    except IntegrityError as error:
        if broken_constraint(error) != "invited_often":
            raise
        raise InvitedOften from None
    if offered:
        record(session, OFFERED, subject_id=facilitator_id, parent_id=parent_id)
        if has_request_context():
            after_commit(ring_bell)
    return offered


def reset_second_factor(session: Session, person_id: UUID, *, school_id: UUID | None = None) -> bool:
    """Let a colleague who lost their phone set up another: their app, codes and sessions end now.

    False for oneself, and for people of another place.
    """
    reset = session.execute(RESET, {"person_id": person_id}).scalar_one()
    if reset:
        record(session, FACTOR_RESET, subject_id=person_id, school_id=school_id)
    return reset


def account_states(session: Session, person_ids: list[UUID]) -> dict[UUID, AccountState]:
    """For each person of this place: whether they came in, have an app, hold an open invitation."""
    if not person_ids:
        return {}
    return {
        row.person_id: AccountState(
            row.person_id, row.has_signed_in, row.has_second_factor, row.open_invitation, row.invitation_until
        )
        for row in session.execute(STATES, {"people": list(person_ids)})
    }


def plain_email(email: str | None) -> str | None:
    """An address as accounts are found by it: letters are small, whatever was typed."""
    return email.strip().casefold() if email and email.strip() else None


def _letter_of(role: Role) -> tuple[str, RecipientKind]:
    if role is Role.PARENT:
        return "parent_invitation", RecipientKind.PARENT
    if role is Role.FACILITATOR:
        return "facilitator_invitation", RecipientKind.FACILITATOR
    if role in SCHOOL_PEOPLE:
        return "staff_invitation", RecipientKind.STAFF
    return "member_invitation", RecipientKind.MEMBER


def _inviter() -> str:
    """Who invites, with the place that they themselves act for: a council invites people of its schools."""
    identity = getattr(web_session, "identity", None) if has_request_context() else None
    return ", ".join(filter(None, (identity.name, identity.tenant_name))) if identity else ""
