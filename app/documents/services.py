"""Ask for a document to be made, or take one in. Both are rows first; a worker does the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from time import sleep
from typing import TypeVar
from uuid import UUID

from flask import current_app, has_request_context
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.audit.trail import define, record
from app.documents.apart import TURN, busy, check_apart
from app.documents.checks import CheckedUpload
from app.documents.models import StoredDocument
from app.documents.queries import list_documents
from app.documents.refusals import Erased, UploadRefused
from app.shell.edge import after_commit
from app.shell.limits import may_keep_file, may_try_file, note_dear_file
from app.states.documents import DocumentState
from infra.clock import now
from infra.ids import new_id
from infra.logs import get_logger
from infra.queue import Bell, ring
from infra.settings import Settings
from infra.storage import ObjectStorage, StorageUnavailable, quarantine_key, tenant_key

log = get_logger()
Looked = TypeVar("Looked")

ASKED = define("documents:document:asked", keys=("kind",))
UPLOADED = define("documents:document:uploaded", keys=("kind", "size"))
OPENED = define("documents:document:opened", keys=("kind",))

#: Two presses within it are one. Short: whoever corrects a number and presses again wants the new sheet.
A_MOMENT = timedelta(seconds=20)

#: One file is looked at in all web processes together: the others stay free for pages, whatever somebody sends.
_ONE_LOOK = text("select pg_try_advisory_xact_lock(hashtextextended('look at an upload', 0))")
_TRIES_A_SECOND = 4


def request_document(
    session: Session,
    *,
    kind: str,
    school_id: UUID,
    file_name: str,
    subject_id: UUID | None = None,
    cohort_id: UUID | None = None,
    parent_id: UUID | None = None,
    created_by: str = "",
) -> UUID:
    """Have a document made in this change's own transaction; its id. What is in it is read when it is made."""
    document_id = new_id()
    session.add(
        StoredDocument(
            school_id=school_id,
            id=document_id,
            kind=kind,
            subject_id=subject_id,
            cohort_id=cohort_id,
            parent_id=parent_id,
            file_name=file_name,
            state=DocumentState.QUEUED,
            created_by=created_by,
        )
    )
    session.flush()
    record(session, ASKED, subject_id=document_id, school_id=school_id, kind=kind)
    _ring()
    return document_id


def request_paper(
    session: Session,
    *,
    kind: str,
    school_id: UUID,
    cohort_id: UUID,
    subject_id: UUID,
    file_name: str,
    created_by: str,
    parent_id: UUID | None = None,
) -> tuple[UUID, bool]:
    """The same for a paper that somebody presses a button for, and whether this press asked for it.

    Pressed many times, it is made once: one that still waits reads everything when its turn comes, and one that was
    asked for a moment ago is what a second press means. Later it is made again, from what is known then.
    """
    about = f"{kind}:{school_id}:{subject_id}"
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:about, 6))"), {"about": about})
    latest = next(
        (
            one
            for one in list_documents(session, school_id, (kind,), subject_id=subject_id)
            if one.state != DocumentState.REFUSED
        ),
        None,
    )
    if latest is not None and (latest.state == DocumentState.QUEUED or latest.created_at > now() - A_MOMENT):
        return latest.id, False
    document_id = request_document(
        session,
        kind=kind,
        school_id=school_id,
        file_name=file_name,
        subject_id=subject_id,
        cohort_id=cohort_id,
        parent_id=parent_id,
        created_by=created_by,
    )
    return document_id, True


def take_turn(session: Session) -> None:
    """Be the one whose file is looked at until this change is over. Raises UploadRefused for whoever sent very many
    files, and where waiting takes too long.
    """
    if not may_try_file():
        raise _too_many()
    for _try in range(TURN * _TRIES_A_SECOND):
        if session.execute(_ONE_LOOK).scalar_one():
            return
        sleep(1 / _TRIES_A_SECOND)
    raise busy()


def count_kept(look: Callable[[], Looked]) -> Looked:
    """What `look` at a file found, which is kept from here on. Raises UploadRefused for whoever had many kept.

    A file that `look` refuses counts little: whoever is told to save theirs in another way is not shut out. One that
    took long to look at counts for several.
    """
    try:
        found = look()
    except UploadRefused as refused:
        if refused.code == "too_hard":
            note_dear_file()
        raise
    if not may_keep_file():
        raise _too_many()
    return found


def _too_many() -> UploadRefused:
    return UploadRefused(
        "too_many", _("You have sent many files in a short time. Wait ten minutes, then send this one again.")
    )


def accept_upload(
    session: Session,
    *,
    kind: str,
    school_id: UUID,
    file: FileStorage,
    subject_id: UUID | None = None,
    parent_id: UUID | None = None,
    created_by: str = "",
    look: Callable[[CheckedUpload], object] | None = None,
    check: Callable[[str, str, bytes], CheckedUpload] = check_apart,
) -> UUID:
    """Take a file into quarantine, cleaned by `check`; its document's id. `look` may refuse it for what it holds.

    Raises UploadRefused with a reason for the person, or StorageUnavailable; then nothing is kept.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production and not settings.clamd_url:
        raise UploadRefused(
            "no_scanner",
            _(
                "We cannot check files for viruses yet, so we cannot take any. Tell your council, or send it by post."
            ),
        )
    take_turn(session)
    upload = count_kept(lambda: check(file.filename or "", file.mimetype or "", file.read()))
    storage: ObjectStorage = current_app.extensions["storage"]
    if not storage.healthy():  # known at once; a put would try again for seconds
        raise StorageUnavailable("no answer")
    if look is not None:
        look(upload)
    document_id = new_id()
    key = quarantine_key(tenant_key(school_id, document_id, 1))
    session.add(
        StoredDocument(
            school_id=school_id,
            id=document_id,
            kind=kind,
            subject_id=subject_id,
            parent_id=parent_id,
            file_name=upload.filename,
            state=DocumentState.QUARANTINED,
            object_key=key,
            content_type=upload.content_type,
            sha256=upload.sha256,
            size=upload.size,
            created_by=created_by,
        )
    )
    session.flush()
    # The row is not safe before the edge commits; a file without its row is never promoted, and swept away in a day.
    storage.put(key, upload.clean_bytes, upload.content_type, sha256(upload.clean_bytes).hexdigest())
    record(session, UPLOADED, subject_id=document_id, school_id=school_id, kind=kind, size=upload.size)
    _ring()
    return document_id


def open_document(session: Session, document: StoredDocument) -> str:
    """A link to the file that lives for a minute; that it was opened is written down.

    Raises StorageUnavailable, and Erased where the file is gone: a link is signed here, and would lead a person to a
    browser's own error.
    """
    if not is_kept(document):
        log.warning("document_not_kept", kind=document.kind, row_id=str(document.id))
        raise Erased
    storage: ObjectStorage = current_app.extensions["storage"]
    record(session, OPENED, subject_id=document.id, school_id=document.school_id, kind=document.kind)
    return storage.presign(
        document.object_key or "",
        filename=document.file_name,
        content_type=document.content_type,
        version_id=document.version_id,
    )


def read_file(document: StoredDocument) -> bytes:
    """The bytes of a ready document, for the service itself. Raises StorageUnavailable, ObjectDamaged or Erased."""
    if not is_kept(document):
        raise Erased
    storage: ObjectStorage = current_app.extensions["storage"]
    return storage.get(document.object_key or "", document.version_id, sha256=document.sha256)


def is_kept(document: StoredDocument) -> bool:
    """Whether the file of a ready document is still there. Raises StorageUnavailable."""
    storage: ObjectStorage = current_app.extensions["storage"]
    return storage.holds(document.object_key or "", document.version_id)


def ask_to_erase() -> None:
    """Have the documents worker look, once this change is kept, for files that are to be erased."""
    _ring()


def _ring() -> None:
    if has_request_context():
        after_commit(ring_bell)


def ring_bell() -> None:
    """Ask the documents worker to look."""
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.DOCUMENTS)
