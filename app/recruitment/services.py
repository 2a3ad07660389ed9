"""What staff do to find parents, and what parents decide. Every step leaves an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import has_request_context
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.identity.roles import Role
from app.messages.services import enqueue, ring_bell
from app.recruitment import passed_on, sharing
from app.recruitment.consents import CHOICES, WORDING_VERSION
from app.recruitment.first_way import FIRST_WAY, letter_for
from app.recruitment.models import (
    Consent,
    ConsentEvent,
    Parent,
    ParentContact,
    ParentEvent,
    RecruitmentProfile,
)
from app.recruitment.places import places
from app.recruitment.queries import (
    find_same,
    get_contact,
    get_profile,
    list_consents,
)
from app.recruitment.stages import STAGES, may_go
from app.recruitment.steps import acting_name, lock_parent, move
from app.rollup_due.queue import mark_due
from app.schools import stage_rights
from app.shell.edge import after_commit
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, BySide, ParentStage
from infra.clock import now, today
from infra.ids import new_id

ADDED = define("recruitment:parent:added", keys=("stage",))
CHANGED = define("recruitment:parent:changed")
CONTACT_CHANGED = define("recruitment:parent:contact_changed")
CHOSEN = define("recruitment:consent:chosen", keys=("kind", "given"))


#: As `many.hold_list`, together with others.
_BESIDE_OTHERS = text("select pg_advisory_xact_lock_shared(hashtextextended(:key, 7))")
#: Choices that change what is counted.
POOLED = frozenset({"pooled_answers", "pooled_attendance"})


class AddedBefore(Refused):
    """This very person is in the list: the same name at the same address, or the button pressed twice."""

    def __init__(self, parent_id: UUID) -> None:
        super().__init__(_("They are already in your list. Nothing was added twice."))
        self.parent_id = parent_id


@dataclass(frozen=True, slots=True)
class ParentDetails:
    """What the form about a parent holds."""

    first_name: str
    last_name: str
    known_as: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"
    interpreter: bool = False
    access_needs: str = ""
    year_group: str = ""
    attendance_band: str = ""
    needs: str = ""
    found_by: str = ""
    next_step: str = ""
    #: Whoever sits in the school office does not find them.
    not_for_office: bool = False
    #: Whoever writes this down knows that two people have this number or address.
    is_shared: bool = False


#: Where each detail is kept.
CONTACT = (
    "first_name",
    "last_name",
    "known_as",
    "email",
    "phone",
    "language",
    "interpreter",
    "access_needs",
    "not_for_office",
)
PROFILE = ("year_group", "attendance_band", "needs", "found_by", "next_step")


def add_parent(session: Session, school_id: UUID, details: ParentDetails, *, how: str = "") -> Parent:
    """Add somebody to find; `how` they came. Raises AddedBefore, or Refused when their email or phone is another
    parent's too."""
    stage_rights.check(session, school_id, "find_parents")
    _hold_addresses(session, school_id, details)
    if found := find_same(session, school_id, details):
        raise AddedBefore(found)
    _ask_about_sharing(session, school_id, details, but=None)
    parent = Parent(school_id=school_id, id=new_id(), stage=ParentStage.IDENTIFIED)
    session.add(parent)
    session.flush()
    # Before the address: what a public page brought makes no number a shared one (`identity.only_claimed`).
    session.add(
        ParentEvent(
            school_id=school_id,
            parent_id=parent.id,
            from_stage=None,
            to_stage=ParentStage.IDENTIFIED,
            by_side=BySide.SCHOOL,
            by_name=acting_name("school"),
            how=how,
            reason="",
        )
    )
    session.flush()
    session.add(
        ParentContact(
            school_id=school_id,
            parent_id=parent.id,
            **{name: getattr(details, name) for name in CONTACT},
        )
    )
    session.add(
        RecruitmentProfile(
            school_id=school_id,
            parent_id=parent.id,
            **{name: getattr(details, name) for name in PROFILE},
        )
    )
    record(session, ADDED, subject_id=parent.id, stage=ParentStage.IDENTIFIED)
    mark_due(session, school_id)
    session.flush()
    return parent


def change_parent(session: Session, school_id: UUID, parent_id: UUID, details: ParentDetails) -> bool:
    """Correct what is known, and where messages go; never how somebody signs in. Whether messages go elsewhere now.

    Whoever has come in before is told at the old address, which the database does by itself. Raises Refused as
    `add_parent` does.
    """
    contact = get_contact(session, school_id, parent_id)
    profile = get_profile(session, school_id, parent_id)
    moved = (contact.email, contact.phone) != (details.email, details.phone)
    if moved:
        _hold_addresses(session, school_id, details)
        _ask_about_sharing(session, school_id, details, but=contact)
    for name in CONTACT:
        setattr(contact, name, getattr(details, name))
    for name in PROFILE:
        setattr(profile, name, getattr(details, name))
    session.add(profile)
    is_new = session.is_modified(contact) or session.is_modified(profile)
    session.flush()
    if is_new:
        record(session, CONTACT_CHANGED if moved else CHANGED, subject_id=parent_id)
    if moved and has_request_context():
        after_commit(ring_bell)
    return moved


def invite(
    session: Session, school_id: UUID, authority_id: UUID, parent_id: UUID, *, is_another: bool = False
) -> int:
    """Send an invitation by every channel that the parent has not stopped; how many messages.

    Who joined on paper gets their first link, at each address that they have given: they asked for it.
    Pressed by many at once it goes out once, and the history says so once: the others get 0.
    `is_another`: whoever sends it knows that somebody else at this address said no, and that this is another person.
    Raises Refused after a no, while asking again is ruled out, when no channel is left, when somebody there said
    “This is not me”, where the school may not invite yet, or not now, and on the day before they are deleted.
    """
    stage_rights.check(session, school_id, "invite_parents")
    parent = lock_parent(session, school_id, parent_id)
    contact = get_contact(session, school_id, parent_id)
    is_first = letter_for(session, parent) == FIRST_WAY
    if not is_first:
        check_may_ask(parent)
    passed = passed_on.find(session, school_id, parent_id)
    if why_not := passed_on.why_not(passed):
        raise Refused(why_not)
    others = [] if is_another else sharing.list_of_parent(session, school_id, parent_id)
    if noes := sharing.at_addresses_of(contact, others):
        raise Refused(" ".join(sharing.said_beside(contact, noes)), "another")
    email = contact.email if is_first or contact.emails_stopped_at is None else ""
    phone = contact.phone if is_first or contact.texts_stopped_at is None else ""
    if not (email or phone):
        if contact.email or contact.phone:
            raise Refused(_("They stopped our messages. Call them, or print a letter."))
        raise Refused(_("We have no email address or mobile number for them. Print a letter."))
    try:
        sent = accounts.invite(
            session,
            role=Role.PARENT,
            authority_id=authority_id,
            school_id=school_id,
            person_id=parent_id,
            email=email or None,
            phone=phone or None,
            name=contact.name,
            kind=FIRST_WAY if is_first else None,
            expires_in=passed_on.life(passed),
        )
    except accounts.NotThem as error:
        raise Refused(
            _(
                "Somebody at %(address)s said “This is not me”. Check it with the parent first. Then correct it, or"
                " press “I have checked it. It is theirs.”",
                address=kept(error.address),
            )
        ) from None
    except accounts.InvitedOften:
        raise Refused(
            _("They have had six invitations today. Call them, or invite them again tomorrow.")
        ) from None
    except accounts.HasAccount:
        if is_first:
            raise Refused(_("They have signed in before. They can get a new link at “Sign in”.")) from None
        # They have come in before. What is theirs opens by their own way in, which a message only reminds them of.
        sent = enqueue(
            session,
            kind="invited_back",
            recipient_kind="parent",
            recipient_id=parent_id,
            school_id=school_id,
            dedupe_key=f"{parent_id}:{today()}",
        )
        if not sent:
            raise Refused(
                _("We have written to them today already. Call them, or try again tomorrow.")
            ) from None
    if sent and not is_first:
        parent.invited_at = now()
        move(session, parent, ParentStage.INVITED, by_side=BySide.SCHOOL)
    return len(sent)


def check_may_ask(parent: Parent) -> None:
    """Raises Refused after a no, while asking again is ruled out, or when they have answered already."""
    if parent.do_not_ask_until and parent.do_not_ask_until > today():
        raise Refused(_("They said no. We do not ask again this school year."))
    if not may_go(parent.stage, "invited"):
        raise Refused(would_confuse(parent))


def would_confuse(parent: Parent) -> str:
    """Why nobody invites somebody who has answered."""
    return _(
        "They are at “%(stage)s” now, so an invitation would confuse them.", stage=STAGES[parent.stage].label
    )


def answer_invitation(session: Session, school_id: UUID, parent_id: UUID, to_stage: str) -> None:
    """A parent's own answer to the invitation: `interested` (tell me more) or `said_no`."""
    if to_stage == ParentStage.INTERESTED:
        stage_rights.check(session, school_id, "join")
    parent = lock_parent(session, school_id, parent_id)
    if parent.stage == to_stage:
        return
    move(session, parent, to_stage, by_side=BySide.PARENT)


def decide(session: Session, school_id: UUID, parent_id: UUID, choices: Mapping[str, bool]) -> None:
    """The first choices, with the yes or no to joining. Raises Refused where that was answered before.

    A page that lay open since then must not turn the answer round.
    """
    wanted = choices["join"]
    if wanted:
        stage_rights.check(session, school_id, "join")
    parent = lock_parent(session, school_id, parent_id)
    if parent.stage in DO_NOT_WRITE:
        if wanted or parent.stage == ParentStage.LEFT:
            raise Refused(_("You said no before. If you have changed your mind, tell us first: we are glad."))
    elif parent.stage not in BEFORE_JOINING:
        if not wanted:
            raise Refused(_("You have already joined. To stop, choose “Leave the group”."))
        raise Refused(_("You have already joined. You can change each choice here on any day."))
    choose(session, school_id, parent_id, choices)
    if not wanted:
        answer_invitation(session, school_id, parent_id, "said_no")


def choose(session: Session, school_id: UUID, parent_id: UUID, choices: Mapping[str, bool]) -> None:
    """Write a parent's choices, each that changed, and what follows from joining or from saying no.

    A yes that was a yes before takes no stop back: only whoever changes it starts a channel again.
    """
    parent = lock_parent(session, school_id, parent_id)
    before = list_consents(session, school_id, parent_id)
    turned = {
        kind: given
        for kind, given in choices.items()
        if not given or kind not in before or not before[kind].given
    }
    for kind, given in choices.items():
        if kind not in CHOICES:
            raise KeyError(kind)
        row = before.get(kind)
        if row is not None and row.given == given and row.wording_version == WORDING_VERSION:
            continue
        if row is None:
            session.add(
                Consent(
                    school_id=school_id,
                    parent_id=parent_id,
                    kind=kind,
                    given=given,
                    wording_version=WORDING_VERSION,
                )
            )
        else:
            row.given, row.wording_version, row.changed_at = given, WORDING_VERSION, now()
        session.add(
            ConsentEvent(
                school_id=school_id,
                parent_id=parent_id,
                kind=kind,
                given=given,
                wording_version=WORDING_VERSION,
            )
        )
        record(session, CHOSEN, subject_id=parent_id, kind=kind, given=given)
        if kind in POOLED:
            # Results that are not published yet are added up again with, or without, this parent.
            for cohort_id in places().list_cohort_ids(session, school_id, parent_id):
                mark_due(session, school_id, cohort_id)
    follow_channels(session, school_id, parent_id, turned)
    if choices.get("join") is True and parent.stage in BEFORE_JOINING:
        parent.joined_at = now()
        parent.waiting_since = now()
        move(session, parent, ParentStage.JOINED, by_side=BySide.PARENT)
        enqueue(
            session,
            kind="joined",
            recipient_kind="parent",
            recipient_id=parent_id,
            school_id=school_id,
            dedupe_key=f"joined:{parent_id}:{parent.joined_at:%Y-%m-%d}",
        )
    session.flush()


def leave(session: Session, school_id: UUID, parent_id: UUID) -> bool:
    """A parent stops: messages end, places are given back, nothing is asked. False for one who left or said no."""
    parent = lock_parent(session, school_id, parent_id)
    if parent.stage in DO_NOT_WRITE:
        return False
    give_back_places(session, school_id, parent_id)
    choose(session, school_id, parent_id, {"join": False, "ask_to_lead": False})
    move(session, parent, ParentStage.LEFT, by_side=BySide.PARENT)
    return True


def give_back_places(session: Session, school_id: UUID, parent_id: UUID, reason: str = "") -> None:
    """End every place that a parent holds."""
    places().give_back_places(session, school_id, parent_id, reason=reason)


def follow_channels(session: Session, school_id: UUID, parent_id: UUID, choices: Mapping[str, bool]) -> None:
    """A yes or no to a channel is also its stop mark, so that every sender sees one truth. A stop keeps its moment."""
    contact = get_contact(session, school_id, parent_id)
    moment = now()
    if "text" in choices:
        contact.texts_stopped_at = None if choices["text"] else contact.texts_stopped_at or moment
    if "email" in choices:
        contact.emails_stopped_at = None if choices["email"] else contact.emails_stopped_at or moment


def _hold_addresses(session: Session, school_id: UUID, details: ParentDetails) -> None:
    """One at a time may write down an address, and nobody while many are added: the second finds the first."""
    session.execute(_BESIDE_OTHERS, {"key": str(school_id)})
    for address in sorted(filter(None, (details.email, details.phone))):
        session.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{school_id}:{address}"}
        )


def _ask_about_sharing(
    session: Session, school_id: UUID, details: ParentDetails, *, but: ParentContact | None
) -> None:
    if not details.is_shared and (words := sharing.whose(session, school_id, details, but=but)):
        raise Refused(words, "is_shared")
