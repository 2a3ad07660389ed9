"""Makes the documents that wait and checks the ones that were uploaded, each at most once at a time.

Claimed with a lease and committed; then, with no transaction open, made or scanned and stored; then recorded where
the attempt is still ours. A worker that dies leaves a lease that runs out, and the document is made again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Engine, delete, select

from app.audit.trail import Event, define, record
from app.cohorts.models import RoomPhoto
from app.documents.likeness import COME_BACK, digest_pages
from app.documents.models import StoredDocument
from app.documents.refusals import UploadRefused
from app.documents.scanning import FileScanner, ScannerUnavailable
from app.documents.verdicts import scanner_from
from app.papers.gather import gather
from app.papers.kinds import Agreement, InvitationLetter
from app.papers.letter_links import with_link
from app.papers.render import RenderError, render_document
from app.schools.services import tell_agreement_ready
from app.shell.errors import NotFound
from app.states.documents import SETTLED, TAKEN, UNSEEN, DocumentState
from infra.clock import now
from infra.database import make_engine
from infra.logs import get_logger
from infra.settings import Settings
from infra.storage import (
    ObjectDamaged,
    ObjectMissing,
    ObjectStorage,
    StorageError,
    quarantine_key,
    tenant_key,
)
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.claims import Claims, authorities_of, mine

log = get_logger()

PASSED = define("documents:document:passed", keys=("kind", "scanner"))
REFUSED = define("documents:document:refused", keys=("kind", "reason"))

BATCH = 20
LEASE = timedelta(seconds=120)
#: Waits after the first, second … attempt that could not be finished.
PATIENCE = (10, 30, 120, 600, 3600)
A_DAY = timedelta(days=1)
KEEP_SIGNED = timedelta(days=6 * 365)

#: Of letters that no font has, so many are named in the log.
MOST_NAMED = 10

CLAIMS = Claims(StoredDocument.__table__, "school_id", TAKEN, LEASE)
_CLAIMED = ("id", "kind", "state", "attempt", "object_key", "content_type", "sha256")


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that is ours until its lease runs out."""

    school_id: UUID
    authority_id: UUID
    id: UUID
    kind: str
    state: str
    attempt: int
    object_key: str | None
    content_type: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed document: new values of its row, and what is noted of an uploaded one."""

    values: dict[str, object]
    event: Event | None = None
    details: dict[str, Any] = field(default_factory=dict)


class DocumentWorker:
    """Works as `wb_documents`."""

    def __init__(
        self, engine: Engine, storage: ObjectStorage, scanner: FileScanner, *, secret_key: str, base_url: str
    ) -> None:
        self.engine = engine
        self.storage = storage
        self.scanner = scanner
        #: What the links of printed letters are made with, and where they lead.
        self.secret_key = secret_key
        self.base_url = base_url

    def drain(self) -> int:
        """Work until nothing is due; how many documents were finished or refused."""
        finished = 0
        while claims := self.claim():
            for claim in claims:
                finished += self.record(claim, self.work(claim))
        self.erase_photos()
        return finished

    def erase_photos(self) -> int:
        """Erase photos of rooms that were taken away: every version of the file, then what is known of it; how many.

        One whose file is still being checked waits for that, or its file would come back after it.
        """
        erased = 0
        for school_id, photo_id in self._taken_away():
            try:
                key = tenant_key(school_id, photo_id, 1)
                self.storage.remove(key)
                self.storage.remove(quarantine_key(key))
            except StorageError as error:  # the next round comes by
                log.warning("photo_not_erased", row_id=str(photo_id), exc_info=error)
                continue
            with ScopedSession(bind=self.engine, scope=Scope(Audience.DOCUMENTS)) as session, session.begin():
                for table in (RoomPhoto, StoredDocument):
                    session.execute(delete(table).where(table.school_id == school_id, table.id == photo_id))
            erased += 1
        return erased

    def _taken_away(self) -> list[tuple[UUID, UUID]]:
        with ScopedSession(bind=self.engine, scope=Scope(Audience.DOCUMENTS)) as session, session.begin():
            found = session.execute(
                select(RoomPhoto.school_id, RoomPhoto.id)
                .join(
                    StoredDocument,
                    (StoredDocument.school_id == RoomPhoto.school_id) & (StoredDocument.id == RoomPhoto.id),
                )
                .where(RoomPhoto.taken_away_at.is_not(None), StoredDocument.state.in_(SETTLED))
                .limit(BATCH)
            )
            return [(row.school_id, row.id) for row in found]

    def claim(self) -> list[Claim]:
        """Take what is due, oldest first, and commit, so that nobody else takes it."""
        with ScopedSession(bind=self.engine, scope=Scope(Audience.DOCUMENTS)) as session, session.begin():
            rows = CLAIMS.take(session, limit=BATCH, columns=_CLAIMED)
            authorities = authorities_of(session, [row.owner_id for row in rows])
            return [
                Claim(
                    school_id=row.owner_id,
                    authority_id=authorities[row.owner_id],
                    **{name: getattr(row, name) for name in _CLAIMED},
                )
                for row in rows
            ]

    def work(self, claim: Claim) -> Outcome:
        """Make or check one document; no transaction is open while files move."""
        try:
            return self._make(claim) if claim.state == DocumentState.MAKING else self._check(claim)
        except UploadRefused as refused:
            log.warning("upload_refused", kind=claim.kind, row_id=str(claim.id), reason=refused.code)
            return _refused(refused.code, str(refused.reason_for_person))
        except NotFound:
            return Outcome({"state": DocumentState.REFUSED, "problem": "What it is about is gone."})
        except RenderError as error:
            log.error("document_not_made", kind=claim.kind, row_id=str(claim.id), exc_info=error)
            return Outcome({"state": DocumentState.REFUSED, "problem": "We could not make it. Tell us."})
        except (StorageError, ScannerUnavailable) as error:
            log.warning("document_waits", kind=claim.kind, row_id=str(claim.id), exc_info=error)
            wait = PATIENCE[min(claim.attempt, len(PATIENCE)) - 1]
            back = DocumentState.QUEUED if claim.state == DocumentState.MAKING else DocumentState.QUARANTINED
            return Outcome({"state": back, "next_at": now() + timedelta(seconds=wait)})

    def record(self, claim: Claim, outcome: Outcome) -> int:
        """Write the outcome where the attempt is still ours; 1 when it was and the document is settled."""
        values = outcome.values
        with (
            ScopedSession(
                bind=self.engine, scope=Scope(Audience.DOCUMENTS, claim.authority_id, claim.school_id)
            ) as s,
            s.begin(),
        ):
            is_ours = bool(
                CLAIMS.settle(s, CLAIMS.settling(values), [mine(claim.school_id, claim.id, claim.attempt)])
            )
            if is_ours and values["state"] == DocumentState.READY and claim.kind == "agreement":
                tell_agreement_ready(s, claim.school_id)
            if is_ours and outcome.event:
                record(s, outcome.event, subject_id=claim.id, kind=claim.kind, **outcome.details)
        settled = is_ours and values["state"] in SETTLED
        if settled and claim.state == DocumentState.CHECKING and claim.object_key:
            self._empty(claim.object_key)
        return int(settled)

    def sweep(self) -> int:
        """Remove from quarantine what has lain there for a day and waits for nobody; how many files that were.

        Such are files whose form was not saved in the end, and those of a worker that died before it had tidied up.
        """
        oldest = now() - A_DAY
        keys = {item.key for item in self.storage.list_versions("q/") if item.stored_at < oldest}
        unseen = select(StoredDocument.object_key).where(StoredDocument.state.in_(UNSEEN))
        with ScopedSession(bind=self.engine, scope=Scope(Audience.DOCUMENTS)) as session, session.begin():
            left = keys - set(session.scalars(unseen))
        for key in left:
            self.storage.remove(key)
        return len(left)

    def _empty(self, key: str) -> None:
        try:
            self.storage.remove(key)
        except StorageError as error:  # the sweep comes by
            log.warning("quarantine_not_emptied", exc_info=error)

    def _make(self, claim: Claim) -> Outcome:
        scope = Scope(Audience.DOCUMENTS, claim.authority_id, claim.school_id)
        with ScopedSession(bind=self.engine, scope=scope) as session, session.begin():
            row = session.get_one(StoredDocument, (claim.school_id, claim.id))
            data = gather(session, claim.authority_id, row)
            if isinstance(data, InvitationLetter):
                data = with_link(session, data, row, secret_key=self.secret_key, base_url=self.base_url)
        printed = render_document(data)
        if printed.boxed:
            # Which letters, not whose: so that somebody can add the font.
            points = sorted(f"U+{ord(sign):04X}" for sign in printed.boxed)
            log.warning(
                "letters_not_in_fonts",
                kind=claim.kind,
                row_id=str(claim.id),
                count=len(points),
                letters=points[:MOST_NAMED],
            )
        made = printed.pdf
        digest = sha256(made).hexdigest()
        key = tenant_key(claim.school_id, claim.id, 1)
        version = self.storage.put(key, made, "application/pdf", digest)
        ready = _ready(key, version, digest, len(made))
        if claim.kind in COME_BACK:
            ready.values["pages_sha256"] = digest_pages(made)
        if isinstance(data, Agreement):
            ready.values["named"] = data.named
        return ready

    def _check(self, claim: Claim) -> Outcome:
        if claim.object_key is None or claim.sha256 is None:
            raise NotFound
        try:
            data = self.storage.get(claim.object_key, sha256=claim.sha256)
        except (ObjectMissing, ObjectDamaged) as error:
            log.error("upload_lost", kind=claim.kind, row_id=str(claim.id), exc_info=error)
            return _refused("lost", _("This file was lost on its way. Please send it again."))
        result = self.scanner.scan(data)
        key = tenant_key(claim.school_id, claim.id, 1)
        # The very bytes that were scanned, not a copy of what lies in quarantine by now.
        version = self.storage.put(
            key, data, claim.content_type, claim.sha256, retain_until=_keep_until(claim.kind)
        )
        ready = _ready(key, version, claim.sha256, len(data))
        return replace(ready, event=PASSED, details={"scanner": result.scanner})


def _keep_until(kind: str) -> datetime | None:
    return now() + KEEP_SIGNED if kind == "signed_agreement" else None


def _refused(reason: str, words: str) -> Outcome:
    values: dict[str, object] = {
        "state": DocumentState.REFUSED,
        "problem": words,
        "object_key": None,
    }
    return Outcome(values, REFUSED, {"reason": reason})


def _ready(key: str, version: str | None, digest: str, size: int) -> Outcome:
    return Outcome(
        {
            "state": DocumentState.READY,
            "object_key": key,
            "version_id": version,
            "sha256": digest,
            "size": size,
            "ready_at": now(),
            "problem": "",
        }
    )


def make_worker(settings: Settings) -> DocumentWorker:
    """The worker of these settings. Raises SettingsError when one is missing."""
    return DocumentWorker(
        make_engine(settings.secret("database_documents_url")),
        ObjectStorage.from_settings(
            endpoint=settings.s3_endpoint,
            access_key=settings.secret("s3_access_key"),
            secret_key=settings.secret("s3_secret_key"),
            bucket=settings.s3_bucket,
            region=settings.s3_region,
        ),
        scanner_from(settings),
        secret_key=settings.secret("secret_key"),
        base_url=settings.base_url,
    )


def drain(settings: Settings) -> int:
    """Make and check everything that is due; how many documents were settled."""
    worker = make_worker(settings)
    try:
        return worker.drain()
    finally:
        worker.engine.dispose()
