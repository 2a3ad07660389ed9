"""The signed agreement: sent in by the school, looked at by the authority, accepted or returned with a reason.

The newest that was accepted is in force until a newer one is accepted, or the school leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.documents.checks import CheckedUpload
from app.documents.likeness import COME_BACK, digest_pages
from app.documents.models import StoredDocument
from app.documents.queries import (
    ALL_SIGNED,
    SIGNED_PAPERS,
    list_all_signed,
    list_documents,
    list_signed_papers,
)
from app.documents.refusals import Erased, UploadRefused
from app.documents.services import read_file
from app.messages.services import enqueue
from app.schools import queries
from app.schools.appointments import list_first_readers
from app.schools.models import AgreementReview, OnboardingEvent, School, SchoolTask
from app.schools.naming import plain_name
from app.schools.papers import draw_again
from app.schools.services import lock_school, move
from app.shell.errors import NotFound
from app.shell.parsing import listed
from app.shell.refusals import Refused
from app.states.appointments import Decision
from app.states.messages import RecipientKind
from app.states.schools import BEING_SET_UP, SIGNED, SchoolStage, Side, may
from infra.storage import ObjectDamaged
from tenants.pages import Part, looked
from tenants.reading import read_once
from tenants.together import together

ACCEPTED = define("schools:agreement:accepted")
RETURNED = define("schools:agreement:returned")

KIND = "signed_agreement"

#: Papers from before they said what their pages draw: the newest of them are read, and no more.
OLD_ONES = 3


#: School, its stage, when it came back to the list, and a review of it where there is one.
Reviewed = Sequence[tuple[UUID, str, datetime | None, AgreementReview | None]]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed agreement and what the authority said of it, nothing before it decides; `older`: the one before."""

    document: StoredDocument
    decision: str = ""
    reason: str = ""
    by_name: str = ""
    at: datetime | None = None
    older: Signed | None = None
    #: What the council accepted it to name; None from before this was kept.
    named: Mapping[str, str] | None = None
    #: The school has left: nothing is agreed any more.
    has_ended: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is there to be looked at and nobody has decided."""
        return self.document.is_ready and not self.decision

    @property
    def in_force(self) -> Signed | None:
        """The one that was accepted last; None where none was."""
        if self.has_ended:
            return None
        if self.decision == Decision.ACCEPTED:
            return self
        return self.older.in_force if self.older else None

    def all(self) -> Iterator[Signed]:
        """This one and those before it."""
        yield self
        if self.older:
            yield from self.older.all()


def is_to_send_again(stage: str, signed: Signed | None) -> bool:
    """Whether the authority returned it, and the school has no other that is accepted."""
    is_returned = signed is not None and signed.decision == Decision.RETURNED and not signed.in_force
    return is_returned and may(stage, "prepare")


def find_signed(session: Session, school_id: UUID) -> Signed | None:
    """The newest signed agreement of a school since it came on the list, with its review and those before it."""
    with together(session) as ask:
        documents = ask(list_signed_papers, school_id)
        reviews = ask(list_reviews, school_id)
    return judge(documents.value, reviews.value).get(school_id)


_CAME_BACK = (
    select(func.max(OnboardingEvent.at))
    .where(
        OnboardingEvent.school_id == School.school_id,
        OnboardingEvent.to_stage == SchoolStage.PROSPECT,
        OnboardingEvent.from_stage.is_not(None),
    )
    .scalar_subquery()
)


_REVIEWED = select(School.school_id, School.stage, _CAME_BACK, AgreementReview).outerjoin(
    AgreementReview, AgreementReview.school_id == School.school_id
)
_REVIEWS = _REVIEWED.where(School.authority_id == bindparam("authority_id"))
_OWN_REVIEWS = _REVIEWED.where(School.school_id == bindparam("school_id"))


@read_once
def _list_reviews(session: Session, authority_id: UUID) -> Reviewed:
    """Of each school of an authority, also without any."""
    return _as_reviewed(session.execute(_REVIEWS, {"authority_id": authority_id}))


@read_once
def list_reviews(session: Session, school_id: UUID) -> Reviewed:
    """What the council said of a school's agreements, and when it came back to the list; a row also without any."""
    return _as_reviewed(session.execute(_OWN_REVIEWS, {"school_id": school_id}))


def _as_reviewed(rows: Iterable[Any]) -> Reviewed:
    return [(school_id, stage, came_back, review) for school_id, stage, came_back, review in rows]


def _shown(rows: Sequence[Any]) -> Reviewed:
    # Its school comes first, and is empty where nobody said anything.
    return [(*row[:3], None if row[3] is None else _as_review([row[3:]])[0]) for row in rows]


_as_review = looked(AgreementReview)
#: What the home of a school, and the page of its agreement, read ahead.
PARTS = (
    SIGNED_PAPERS,
    Part(list_reviews, _OWN_REVIEWS, takes=("school_id",), answer=_shown),
)
#: What the home of a council reads ahead.
PARTS_OF_ALL = (
    ALL_SIGNED,
    Part(_list_reviews, _REVIEWS, takes=("authority_id",), answer=_shown),
)


def judge(
    documents: Iterable[StoredDocument],
    reviewed: Reviewed,
) -> dict[UUID, Signed]:
    """School -> its newest signed agreement, of `documents`: the newest first, other kinds are passed over.

    What was agreed before a school left and came back has ended, and is not among them.
    """
    since, reviews, gone = {}, {}, set()
    for school_id, stage, came_back, review in reviewed:
        since[school_id] = came_back
        if stage == SchoolStage.LEFT:
            gone.add(school_id)
        if review is not None:
            reviews[school_id, review.document_id] = review
    found: dict[UUID, Signed] = {}
    for document in reversed([one for one in documents if one.kind == KIND]):
        came_back, said = since.get(document.school_id), reviews.get((document.school_id, document.id))
        if came_back is not None and document.created_at <= came_back:
            continue
        one = Signed(document, older=found.get(document.school_id), has_ended=document.school_id in gone)
        if said is not None:
            one = replace(
                one,
                decision=said.decision,
                reason=said.reason,
                by_name=said.by_name,
                at=said.at,
                named=said.named,
            )
        found[document.school_id] = one
    return found


def is_to_read(stage: str, signed: Signed | None) -> bool:
    """Whether it is the council's turn to read it, whatever else the school still has to do."""
    return signed is not None and signed.waits and stage in SIGNED


def named_on(drawn: Iterable[StoredDocument], document: StoredDocument) -> Mapping[str, str] | None:
    """What a signed agreement names: as the newest paper that was there to be signed when it was sent.

    `drawn`: the school's papers, other kinds are passed over. None where that is from before names were kept with it.
    """
    there = [
        one
        for one in drawn
        if one.kind == "agreement"
        and one.is_ready
        and (one.ready_at or one.created_at) <= document.created_at
    ]
    return max(there, key=lambda one: (one.created_at, one.id)).named if there else None


def number_before(urn: int, signed: Signed | None) -> str:
    """For which number of the register the agreement in force was signed, where the school has another now."""
    in_force = signed.in_force if signed else None
    number = (in_force.named or {}).get("urn", "") if in_force else ""
    return "" if number == str(urn) else number


def find_named(session: Session, school_id: UUID) -> Mapping[str, str]:
    """What is settled: by the agreement in force, or by the one that the council has to read; empty without one."""
    signed = find_signed(session, school_id)
    if signed is None:
        return {}
    if signed.in_force is not None:
        return signed.in_force.named or {}
    if signed.decision:
        return {}
    return named_on(list_documents(session, school_id, ("agreement",)), signed.document) or {}


def list_signed(session: Session, authority_id: UUID, schools: Sequence[School]) -> dict[UUID, Signed]:
    """The newest signed agreement of each of these schools that may have one to read or to sign anew."""
    here = {school.school_id for school in schools if school.stage in SIGNED}
    with together(session) as ask:
        documents = ask(list_all_signed)
        reviews = ask(_list_reviews, authority_id)
    return judge([one for one in documents.value if one.school_id in here], reviews.value)


def refuse_what_was_sent(session: Session, school_id: UUID, upload: CheckedUpload) -> None:
    """Raise UploadRefused for what shows no signature: a Word file, and one of ours, also if only saved again.

    And for one that was sent in and returned.
    """
    if upload.kind == "docx":
        raise UploadRefused(
            "not_a_scan",
            _(
                "A Word file shows no signature. Send a PDF, or a photo or scan of the signed pages (JPEG or PNG)."
            ),
        )
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
    for one in list_documents(session, school_id, (KIND,)):
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
    document = next(
        (one for one in list_documents(session, school_id, (KIND,)) if one.id == document_id), None
    )
    if document is None:
        raise NotFound
    named = named_on(list_documents(session, school_id, ("agreement",)), document)
    if named is not None and school.stage in BEING_SET_UP:
        _refuse_unnamed(list_first_readers(session, school_id), named)
    _decide(session, school.school_id, document_id, Decision.ACCEPTED, by=by, named=named)
    record(session, ACCEPTED, school_id=school_id, subject_id=document_id)


def _refuse_unnamed(readers: Sequence[str], named: Mapping[str, str]) -> None:
    """Nobody reads concerns by an agreement that does not name them."""
    there = {plain_name(named.get(code, "")) for code in ("school_dsl", "school_dsl_deputy")}
    if others := [name for name in readers if plain_name(name) not in there]:
        raise Refused(
            _(
                "%(names)s can read concerns at the school, and this agreement does not name them. Return it, so that"
                " it names them, or remove them first.",
                names=listed(others),
            )
        )


def send_back(
    session: Session, authority_id: UUID, school_id: UUID, document_id: UUID, *, reason: str, by: str
) -> None:
    """Return the signed agreement with a reason, and tell the school's leads. Raises Refused.

    The school signs again; where one that was accepted is in force it goes on with that.
    """
    school = lock_school(session, school_id, authority_id=authority_id)
    if school.stage not in SIGNED:
        raise Refused(_("This school has no agreement to return."))
    signed = find_signed(session, school_id)
    _decide(session, school.school_id, document_id, Decision.RETURNED, by=by, reason=reason)
    goes_on = school.stage not in BEING_SET_UP or (signed is not None and signed.in_force is not None)
    if not goes_on:
        task = session.get(SchoolTask, (school_id, "agreement"))
        if task is not None:
            task.done_at, task.done_by = None, ""
        move(session, school, SchoolStage.BRIEF_SENT, by=by, side=Side.AUTHORITY, note=reason)
        draw_again(session, school, by=by)  # what was changed while it was signed
    for lead_id in queries.list_told(session, school_id, "school_lead"):
        enqueue(
            session,
            kind="newer_agreement_returned" if goes_on else "agreement_returned",
            recipient_kind=RecipientKind.STAFF,
            recipient_id=lead_id,
            school_id=school_id,
            dedupe_key=f"{document_id}:{lead_id}",
        )
    record(session, RETURNED, school_id=school_id, subject_id=document_id)


def _decide(
    session: Session,
    school_id: UUID,
    document_id: UUID,
    decision: str,
    *,
    by: str,
    reason: str = "",
    named: Mapping[str, str] | None = None,
) -> None:
    signed = find_signed(session, school_id)
    if signed is None or all(one.id != document_id for one in list_documents(session, school_id, (KIND,))):
        raise NotFound
    if signed.document.id != document_id:
        raise Refused(_("The school has sent in a newer one. Look at that."))
    if signed.decision:
        raise Refused(_("%(name)s has already decided about this one.", name=signed.by_name))
    if not signed.document.is_ready:
        raise Refused(_("The file is still being checked. Look again in a minute."))
    try:
        with session.begin_nested():
            session.add(
                AgreementReview(
                    school_id=school_id,
                    document_id=document_id,
                    decision=decision,
                    reason=reason,
                    by_name=by,
                    named=None if named is None else dict(named),
                )
            )
            session.flush()
    except IntegrityError:  # two officers at once
        raise Refused(_("A colleague has already decided about this one.")) from None
