"""What staff write down for a parent: what they said, how it came, who noted it; and how that is put right.

A no counts at once, however it came. A yes that shows something to somebody counts when the parent confirms it by a
link of their own, or with a signed slip that is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.documents.models import OF_A_PARENT
from app.documents.queries import list_documents
from app.documents.refusals import UploadRefused
from app.documents.services import accept_upload
from app.messages.services import enqueue
from app.recruitment import services
from app.recruitment.consents import ASKED, FOR_STAFF, WORDING_VERSION
from app.recruitment.first_way import has_pages
from app.recruitment.many import SPREADSHEET, remove
from app.recruitment.models import Parent, ParentEvent
from app.recruitment.queries import list_consents, list_events
from app.recruitment.stages import STAGES, back_to
from app.recruitment.steps import check_step, lock_parent, move, write_step
from app.schools import stage_rights
from app.shell.refusals import Refused
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, BySide, ParentStage
from infra.clock import now

NOTED = define("recruitment:choice:noted", keys=("kind", "given", "how"))
CHOICE_TAKEN_BACK = define("recruitment:choice:taken_back", keys=("kind",))
CORRECTED = define("recruitment:parent:corrected", keys=("from_stage", "to_stage"))
REMOVED = define("recruitment:parent:removed")

#: How an answer came to staff.
HOW = {
    "slip": _l("On paper: a slip or a letter"),
    "telephone": _l("By telephone"),
    "in_person": _l("In person"),
    "interpreter": _l("Through an interpreter"),
    "message": _l("By email or text to the school"),
}
#: They wrote on the school's sign-up page.
SIGNED_UP = "signed_up"
#: They asked from the account that they had at another school.
OWN_ACCOUNT = "own_account"
#: Somebody to whom the school gave a link wrote there about them.
PASSED_ON = "passed_on"
#: How staff told somebody what no message could tell them.
HOW_TOLD = {
    "printed": _l("On paper: handed over or posted"),
    **{code: HOW[code] for code in ("telephone", "in_person", "interpreter")},
}
#: How somebody came into the list, where it was not by the form.
HOW_FOUND = {
    SPREADSHEET: _l("From a spreadsheet"),
    SIGNED_UP: _l("By your sign-up page"),
    OWN_ACCOUNT: _l("From their own We Belong account"),
    PASSED_ON: _l("Passed on to you"),
}
_NOTE = text("select app.note_choice(:parent, :kind, :given, :slip, :version, :at)")
_TAKE_BACK = text("select app.take_back_choices(:parent, :at)")
_TAKE_BACK_NOES = text("select kind from app.take_back_noes(:parent, :kinds, :at)")
_NOTED_NOES = text("select app.noted_noes(:parent)")


@dataclass(frozen=True, slots=True)
class Noted:
    """What staff typed: how it came, anything to remember, and who writes it down."""

    how: str
    by_name: str
    reason: str = ""


def note_answer(session: Session, school_id: UUID, parent_id: UUID, to_stage: str, noted: Noted) -> None:
    """Write down *tell me more*, *no* or *we leave*. Raises Refused.

    *Tell me more* after a no is how somebody comes back: they have changed their mind, and may be asked again.
    """
    if to_stage not in (ParentStage.INTERESTED, ParentStage.SAID_NO, ParentStage.LEFT):
        raise Refused(_("Only parents themselves can join."))
    stage_rights.check(session, school_id, "answer_for_parents")
    parent = lock_parent(session, school_id, parent_id)
    check_step(parent, to_stage, by_side=BySide.SCHOOL)
    if to_stage in DO_NOT_WRITE:
        services.give_back_places(session, school_id, parent_id, noted.reason)
        for kind in ("join", "ask_to_lead"):
            _note_choice(session, parent_id, kind, given=False, how=noted.how)
        accounts.cancel_invitations(session, parent_id)
    else:
        parent.do_not_ask_until = None
    move(
        session,
        parent,
        to_stage,
        by_side=BySide.SCHOOL,
        reason=noted.reason,
        by_name=noted.by_name,
        how=noted.how,
    )


def ask_again(session: Session, school_id: UUID, parent_id: UUID, noted: Noted) -> bool:
    """They came back by their own press, after a no or after they left. False where they had done neither."""
    if lock_parent(session, school_id, parent_id).stage not in DO_NOT_WRITE:
        return False
    note_answer(session, school_id, parent_id, ParentStage.INTERESTED, noted)
    return True


def note_no_to(session: Session, school_id: UUID, parent_id: UUID, kinds: list[str], noted: Noted) -> None:
    """Write down a no to some of the choices, joining not among them; it counts at once."""
    stage_rights.check(session, school_id, "answer_for_parents")
    parent = lock_parent(session, school_id, parent_id)
    chosen = [kind for kind in ASKED if kind in kinds and kind != "join"]
    for kind in chosen:
        _note_choice(session, parent_id, kind, given=False, how=noted.how)
    services.follow_channels(session, school_id, parent_id, dict.fromkeys(chosen, False))
    words = ", ".join(str(FOR_STAFF[kind]) for kind in chosen)
    _remember(session, parent, noted, _("They said no to: %(what)s", what=words))


def note_yes(
    session: Session, school_id: UUID, parent_id: UUID, noted: Noted, *, slip: FileStorage | None
) -> bool:
    """Write down that a parent wants to join. True where it counts, because their signed slip is stored with it.

    Without one it is a wish: they are asked to confirm it themselves. Raises Refused, UploadRefused,
    StorageUnavailable; then nothing is kept.
    """
    stage_rights.check(session, school_id, "invite_parents")
    parent = lock_parent(session, school_id, parent_id)
    if parent.stage not in BEFORE_JOINING:
        raise Refused(
            _(
                "They are at “%(stage)s” now. Open their page again to see what fits.",
                stage=STAGES[parent.stage].label,
            )
        )
    if slip is None:
        words = _("They said yes. They confirm it themselves: by their link, or with a signed slip.")
        reason = f"{words} {noted.reason}".strip()
        if parent.stage == ParentStage.INTERESTED:
            _remember(session, parent, noted, reason)
        else:
            move(
                session,
                parent,
                "interested",
                by_side=BySide.SCHOOL,
                reason=reason,
                by_name=noted.by_name,
                how=noted.how,
            )
        parent.said_yes_at = now()
        session.flush()
        return False
    _refuse_our_own(session, school_id, parent_id, slip)
    slip_id = accept_upload(
        session,
        kind="signed_slip",
        school_id=school_id,
        file=slip,
        subject_id=parent_id,
        parent_id=parent_id,
        created_by=noted.by_name,
    )
    if not _note_choice(session, parent_id, "join", given=True, how="slip", slip=slip_id):
        raise Refused(_("They said no after this slip was signed. Ask them for a new one."))
    parent.joined_at = parent.waiting_since = now()
    move(
        session,
        parent,
        ParentStage.JOINED,
        by_side=BySide.SCHOOL,
        reason=noted.reason,
        by_name=noted.by_name,
        how="slip",
    )
    enqueue(
        session,
        kind="joined",
        recipient_kind="parent",
        recipient_id=parent_id,
        school_id=school_id,
        dedupe_key=f"joined:{parent_id}:{parent.joined_at:%Y-%m-%d}",
    )
    return True


def _refuse_our_own(session: Session, school_id: UUID, parent_id: UUID, slip: FileStorage) -> None:
    """Raise UploadRefused for a file that is, byte for byte, one that we made for them: nobody has signed it."""
    digest = sha256(slip.read()).hexdigest()
    slip.seek(0)
    made = list_documents(
        session, school_id, tuple(sorted(OF_A_PARENT - {"signed_slip"})), subject_id=parent_id
    )
    if digest in {one.sha256 for one in made}:
        raise UploadRefused(
            "not_signed",
            _(
                "This is the letter that you downloaded, without their signature."
                " Choose the one that they signed: a scan or a photo will do."
            ),
        )


def take_back(session: Session, school_id: UUID, parent_id: UUID, *, reason: str, by_name: str) -> str:
    """Undo a *no*, a *left* or a *yes* that staff wrote down by mistake; the stage that they are at again.

    What was noted with it goes too: their own choices are what they were before.

    A yes on a slip is taken back until the parent has a place or has said something themselves: their consent ends with
    it, and the slip counts no more. Raises Refused for what they said themselves: that only they can change.
    """
    stage_rights.check(session, school_id, "answer_for_parents")
    parent = lock_parent(session, school_id, parent_id)
    last = next(
        (one for one in list_events(session, school_id, parent_id) if one.to_stage != one.from_stage), None
    )
    if last is None or parent.stage not in (*DO_NOT_WRITE, ParentStage.JOINED):
        raise Refused(_("There is nothing to take back. Open their page again to see what fits."))
    if last.by_side != "school" or last.to_stage != parent.stage:
        raise Refused(_("They said this themselves. Have they changed their mind? Note what they said."))
    before = parent.stage
    if before == ParentStage.JOINED and _spoke_since(session, parent):
        raise Refused(_("They have made choices themselves since. Talk with them, then note what they said."))
    to_stage = back_to(last.from_stage)
    parent.do_not_ask_until = None
    # Their choices are again what they were, or unanswered; an old slip turns nothing round.
    for kind in session.execute(_TAKE_BACK, {"parent": parent_id, "at": now()}).scalar_one():
        record(session, CHOICE_TAKEN_BACK, subject_id=parent_id, kind=kind)
    if before == ParentStage.JOINED:
        parent.joined_at = parent.waiting_since = None
    write_step(
        session, parent, to_stage, by_side=BySide.SCHOOL, reason=reason, by_name=by_name, how="mistake"
    )
    record(session, CORRECTED, subject_id=parent_id, from_stage=before, to_stage=to_stage)
    return to_stage


def may_take_back(session: Session, school_id: UUID, parent: Parent) -> bool:
    """Whether `take_back` is offered for somebody who stands where they do."""
    if parent.stage in DO_NOT_WRITE:
        return True
    if parent.stage != ParentStage.JOINED or _spoke_since(session, parent):
        return False
    events = list_events(session, school_id, parent.id)
    last = next((one for one in events if one.to_stage != one.from_stage), None)
    return last is not None and last.by_side == BySide.SCHOOL and last.to_stage == ParentStage.JOINED


def _spoke_since(session: Session, parent: Parent) -> bool:
    """Whether a choice was made since this yes was noted. To have come in says nothing: they may have done so before,
    and only read."""
    since = parent.joined_at
    choices = list_consents(session, parent.school_id, parent.id).values()
    return since is not None and any(choice.changed_at > since for choice in choices)


def change_mind(session: Session, school_id: UUID, parent_id: UUID) -> None:
    """A parent who said no, or left, would like to hear more: their own press. Raises Refused for any other."""
    stage_rights.check(session, school_id, "join")
    parent = lock_parent(session, school_id, parent_id)
    if parent.stage == ParentStage.INTERESTED:
        return
    check_step(parent, "interested", by_side=BySide.PARENT)
    parent.do_not_ask_until = None
    move(session, parent, ParentStage.INTERESTED, by_side=BySide.PARENT)


def remove_parent(session: Session, school_id: UUID, parent_id: UUID) -> None:
    """Delete somebody added by mistake. Raises Refused once they were asked, or anything else hangs on them."""
    parent = lock_parent(session, school_id, parent_id)
    events = list_events(session, school_id, parent_id)
    stays = Refused(
        _(
            "They have a history here, so they stay in the list. Correct their details, or note what they said."
        )
    )
    if (
        parent.stage != ParentStage.IDENTIFIED
        or parent.invited_at
        or any(event.from_stage for event in events)
    ):
        raise stays
    if not remove(session, school_id, {parent_id}):
        # What hangs on them is their history; the database knows all of it.
        raise stays
    record(session, REMOVED, subject_id=parent_id)


def may_remove(session: Session, parent: Parent) -> bool:
    """Whether `remove_parent` is offered: nobody has asked them, and nobody signs in as them."""
    is_new = parent.stage == ParentStage.IDENTIFIED and not parent.invited_at
    return is_new and not has_pages(session, parent.id)


def _note_choice(
    session: Session, parent_id: UUID, kind: str, *, given: bool, how: str, slip: UUID | None = None
) -> bool:
    noted: bool = session.execute(
        _NOTE,
        {
            "parent": parent_id,
            "kind": kind,
            "given": given,
            "slip": slip,
            "version": WORDING_VERSION,
            "at": now(),
        },
    ).scalar_one()
    if noted:
        record(session, NOTED, subject_id=parent_id, kind=kind, given=given, how=how)
    return noted


def note_no(session: Session, parent_id: UUID, kind: str, *, how: str) -> None:
    """A no to one choice, that counts at once; what else follows from it is the caller's to do."""
    _note_choice(session, parent_id, kind, given=False, how=how)


def take_back_noted(session: Session, parent_id: UUID, kinds: list[str]) -> None:
    """These noes, joining not among them, are taken back as far as nobody has said anything since."""
    for row in session.execute(_TAKE_BACK_NOES, {"parent": parent_id, "kinds": kinds, "at": now()}).all():
        record(session, CHOICE_TAKEN_BACK, subject_id=parent_id, kind=row.kind)


def take_back_join(session: Session, parent_id: UUID) -> None:
    """A no to joining is taken back, and nothing else with it."""
    was_noted = "ask_to_lead" in session.execute(_NOTED_NOES, {"parent": parent_id}).scalar_one()
    for kind in session.execute(_TAKE_BACK, {"parent": parent_id, "at": now()}).scalar_one():
        record(session, CHOICE_TAKEN_BACK, subject_id=parent_id, kind=kind)
    if was_noted:
        _note_choice(session, parent_id, "ask_to_lead", given=False, how="mistake")


def remember(session: Session, school_id: UUID, parent_id: UUID, noted: Noted, words: str) -> None:
    """A line in a parent's history that moves nobody, such as what they were told. Raises NotFound."""
    _remember(session, lock_parent(session, school_id, parent_id), noted, words)


def _remember(session: Session, parent: Parent, noted: Noted, words: str) -> None:
    """A line in the history that moves nobody."""
    session.add(
        ParentEvent(
            school_id=parent.school_id,
            parent_id=parent.id,
            from_stage=parent.stage,
            to_stage=parent.stage,
            by_side=BySide.SCHOOL,
            by_name=noted.by_name,
            how=noted.how,
            reason=words,
        )
    )
    session.flush()
