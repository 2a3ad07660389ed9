"""The signed agreement: sent in by the school, looked at by the authority, accepted or returned with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.documents.checks import CheckedUpload
from app.documents.likeness import COME_BACK, digest_pages
from app.documents.models import StoredDocument
from app.documents.queries import find_latest, list_documents
from app.documents.refusals import Erased, UploadRefused
from app.documents.services import read_file
from app.messages.services import enqueue
from app.schools import queries
from app.schools.models import AgreementReview, School, SchoolTask
from app.schools.services import lock_school, move
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from app.states.appointments import Decision
from app.states.messages import RecipientKind
from app.states.schools import BEING_SET_UP, SchoolStage, Side
from infra.storage import ObjectDamaged

ACCEPTED = define("schools:agreement:accepted")
RETURNED = define("schools:agreement:returned")

#: Papers from before they said what their pages draw: the newest of them are read, and no more.
OLD_ONES = 3


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest signed agreement and what the authority said of it: `decision` is empty before that."""

    document: StoredDocument
    decision: str = ""
    reason: str = ""
    by_name: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is there to be looked at and nobody has decided."""
        return self.document.is_ready and not self.decision


def find_returned(session: Session, school: School) -> Signed | None:
    """The signed agreement that the authority returned to a school, which has not sent another; None otherwise."""
    signed = find_signed(session, school.school_id) if school.stage == SchoolStage.BRIEF_SENT else None
    return signed if signed is not None and signed.decision == "returned" else None


def find_signed(session: Session, school_id: UUID) -> Signed | None:
    """The newest signed agreement of a school, with its review."""
    document = find_latest(session, school_id, "signed_agreement")
    if document is None:
        return None
    review = session.get(AgreementReview, (school_id, document.id))
    if review is None:
        return Signed(document)
    return Signed(document, review.decision, review.reason, review.by_name)


def is_to_read(stage: str, signed: Signed | None) -> bool:
    """Whether it is the council's turn to read it, whatever else the school still has to do."""
    return signed is not None and signed.waits and stage in BEING_SET_UP


def refuse_what_was_sent(session: Session, school_id: UUID, upload: CheckedUpload) -> None:
    """Raise UploadRefused for one of ours, also if only saved again, and for one that was sent in and returned."""
    ours = list_documents(session, school_id, COME_BACK)
    if any(one.sha256 == upload.sha256 for one in ours) or _is_saved_again(upload, ours):
        raise UploadRefused(
            "not_signed",
            _(
                "This is the file that you downloaded, without signatures."
                " Choose the one that your head has signed: a scan or a photo will do."
            ),
        )
    returned = session.scalars(
        select(AgreementReview.document_id).where(
            AgreementReview.school_id == school_id, AgreementReview.decision == Decision.RETURNED
        )
    ).all()
    for one in list_documents(session, school_id, ("signed_agreement",)):
        if one.id in returned and one.sha256 == upload.sha256:
            raise UploadRefused(
                "returned", _("Your authority has returned this very file. Send the one that you changed.")
            )


def _is_saved_again(upload: CheckedUpload, ours: list[StoredDocument]) -> bool:
    """Whether its pages show what one of ours shows, and no more. Reads `OLD_ONES` files at most."""
    if not upload.pages_sha256:
        return False
    ready = [one for one in ours if one.is_ready]
    if any(one.pages_sha256 == upload.pages_sha256 for one in ready):
        return True
    for one in [one for one in ready if one.pages_sha256 is None][:OLD_ONES]:
        try:
            if digest_pages(read_file(one)) == upload.pages_sha256:
                return True
        except (Erased, ObjectDamaged):
            continue  # it can be compared with none of it
    return False


def accept(session: Session, authority_id: UUID, school_id: UUID, document_id: UUID, *, by: str) -> None:
    """The authority has read the signed agreement and accepts it. Raises Refused: decided before, or not the newest."""
    school = lock_school(session, school_id, authority_id=authority_id)
    _decide(session, school.school_id, document_id, Decision.ACCEPTED, by=by)
    record(session, ACCEPTED, school_id=school_id, subject_id=document_id)


def send_back(
    session: Session, authority_id: UUID, school_id: UUID, document_id: UUID, *, reason: str, by: str
) -> None:
    """Return the signed agreement with a reason: the school signs again, and its leads are told. Raises Refused."""
    school = lock_school(session, school_id, authority_id=authority_id)
    if school.stage not in BEING_SET_UP:
        raise Refused(_("This school is past that step. Pause it, and talk with the school."))
    _decide(session, school.school_id, document_id, Decision.RETURNED, by=by, reason=reason)
    task = session.get(SchoolTask, (school_id, "agreement"))
    if task is not None:
        task.done_at, task.done_by = None, ""
    move(session, school, SchoolStage.BRIEF_SENT, by=by, side=Side.AUTHORITY, note=reason)
    for lead_id in queries.list_told(session, school_id, "school_lead"):
        enqueue(
            session,
            kind="agreement_returned",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{document_id}:{lead_id}",
        )
    record(session, RETURNED, school_id=school_id, subject_id=document_id)


def _decide(
    session: Session, school_id: UUID, document_id: UUID, decision: str, *, by: str, reason: str = ""
) -> None:
    signed = find_signed(session, school_id)
    if signed is None or all(
        one.id != document_id for one in list_documents(session, school_id, ("signed_agreement",))
    ):
        raise NotFound
    if signed.document.id != document_id:
        raise Refused(_("The school has sent in a newer one. Look at that."))
    if signed.decision:
        raise Refused(_("%(name)s has decided about this one already.", name=signed.by_name))
    if not signed.document.is_ready:
        raise Refused(_("The file is still being checked. Look again in a minute."))
    try:
        with session.begin_nested():
            session.add(
                AgreementReview(
                    school_id=school_id, document_id=document_id, decision=decision, reason=reason, by_name=by
                )
            )
            session.flush()
    except IntegrityError:  # two officers at once
        raise Refused(_("A colleague has decided about this one already.")) from None
