"""The invitation on paper: for whoever reads no email and no text, or stopped both; with a link of its own.

It is made by the documents worker, and so is what opens its link (`app/papers/letter_links.py`): the letter's document
and its one-time token have one id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.audit.trail import define, record
from app.documents.models import StoredDocument
from app.documents.queries import list_documents
from app.documents.services import A_MOMENT, request_document
from app.recruitment import doubts, passed_on, sharing
from app.recruitment.models import Parent
from app.recruitment.queries import get_contact
from app.recruitment.services import check_may_ask
from app.recruitment.steps import lock_parent, move
from app.schools import stage_rights
from app.shell.refusals import Refused
from app.states.documents import DocumentState
from app.states.parents import BySide, ParentStage
from infra.clock import LONDON, now, today

_OPEN = text("select id, expires_at from identity.open_letters(:letters)")
_LINKED = text("select identity.linked_letters(:letters)")
KIND = "invitation_letter"
LETTER_ASKED = define("recruitment:letter:asked")
#: The post takes its time, and a letter lies on a table before it is answered.
LETTER_LIFE = timedelta(days=28)


def ask_for_letter(
    session: Session,
    school_id: UUID,
    authority_id: UUID,
    parent_id: UUID,
    *,
    by: str,
    is_another: bool = False,
) -> UUID:
    """Have a letter to this parent made; the document's id, also of one that was asked for a moment ago.

    Whoever gets one has been invited, as far as we know: it is printed, which is not to say that it arrived. The link
    of an earlier letter ends; whoever has come in before gets one without a link, and signs in as they did.
    `is_another`: whoever prints it knows that somebody else with this number said no, and that this is another person.
    Raises NotFound, and Refused where an invitation would be wrong.
    """
    stage_rights.check(session, school_id, "invite_parents")
    parent = lock_parent(session, school_id, parent_id)
    check_may_ask(parent)
    passed = _check_whom(session, school_id, parent_id, is_another=is_another)
    latest = find_letter(session, school_id, parent_id)
    if latest is not None and _is_this_press(session, latest):
        return latest.id
    document_id = request_document(
        session,
        kind=KIND,
        school_id=school_id,
        # Neutral on purpose: no name of anybody in a list of downloads.
        file_name="invitation-letter.pdf",
        subject_id=parent_id,
        parent_id=parent_id,
        created_by=by,
    )
    accounts.give_letter_link(
        session,
        document_id,
        authority_id=authority_id,
        school_id=school_id,
        person_id=parent_id,
        name=get_contact(session, school_id, parent_id).name,
        expires_in=passed_on.life(passed, LETTER_LIFE),
    )
    parent.invited_at = now()
    move(session, parent, ParentStage.INVITED, by_side=BySide.SCHOOL, reason=_("A letter was printed"))
    record(session, LETTER_ASKED, subject_id=parent_id)
    return document_id


def _is_this_press(session: Session, latest: StoredDocument) -> bool:
    """Whether a letter of today is the one that is wanted: of a moment ago, or with a link that still opens."""
    if latest.created_at.astimezone(LONDON).date() != today():
        return False
    return latest.created_at > now() - A_MOMENT or latest.id in open_until(session, [latest.id])


def _check_whom(
    session: Session, school_id: UUID, parent_id: UUID, *, is_another: bool
) -> passed_on.PassedOn | None:
    """Whoever passed them on. Raises Refused where nobody can write this letter, or should not."""
    contact = get_contact(session, school_id, parent_id)
    if not contact.name:
        raise Refused(_("There is no name to write on the letter. Write it down first."))
    if doubts.is_of_letter(session, school_id, parent_id):
        raise Refused(
            _(
                "Whoever opened the last letter said “This is not me”. Check with the parent where letters reach them,"
                " then press “I have checked it. It is theirs.” on their page."
            )
        )
    passed = passed_on.find(session, school_id, parent_id)
    if why_not := passed_on.why_not(passed):
        raise Refused(why_not)
    others = [] if is_another else sharing.list_of_parent(session, school_id, parent_id)
    if noes := sharing.at_addresses_of(contact, others):
        raise Refused(" ".join(sharing.said_beside(contact, noes)))
    return passed


def find_letter(session: Session, school_id: UUID, parent_id: UUID) -> StoredDocument | None:
    """The newest letter to this parent that was made or is being made."""
    letters = list_documents(session, school_id, (KIND,), subject_id=parent_id)
    return next((letter for letter in letters if letter.state != DocumentState.REFUSED), None)


def open_until(session: Session, letter_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Until when the links of these letters open; of those that have ended, or never had one, nothing."""
    if not letter_ids:
        return {}
    rows = session.execute(_OPEN, {"letters": list(letter_ids)})
    return {row.id: row.expires_at for row in rows}


def with_link(session: Session, letter_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these letters were made with a link, whether or not it still opens."""
    return set(session.scalars(_LINKED, {"letters": list(letter_ids)})) if letter_ids else set()


def shown(session: Session, letter: StoredDocument | None) -> dict[str, object]:
    """What a parent's page says of their letter: it, and until when its link opens; None where it opens nothing."""
    until = open_until(session, [letter.id]).get(letter.id) if letter else None
    return {"letter": letter, "letter_until": until}


def list_newest(session: Session, school_id: UUID, *, since: datetime) -> list[StoredDocument]:
    """The newest letter to each parent, of those that were asked for since then; the oldest of them first."""
    newest: dict[UUID | None, StoredDocument] = {}
    for letter in list_documents(session, school_id, (KIND,)):
        if letter.created_at > since and letter.state != DocumentState.REFUSED:
            newest.setdefault(letter.parent_id, letter)
    return list(reversed(newest.values()))


def stages_of(session: Session, school_id: UUID, parent_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where each of these parents is, by id; those out of scope are missing."""
    rows = session.execute(
        select(Parent.id, Parent.stage).where(Parent.school_id == school_id, Parent.id.in_(parent_ids))
    )
    return {row.id: row.stage for row in rows}
