"""The demo's documents: briefs, agreements and notes that the documents worker makes, and agreements that came back."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from demo.borough import Borough, Place
from demo.keys import made_id
from demo.plan import AUTHORITIES, School
from demo.room_photos import put_up_photos
from demo.schools import school_id_of
from infra.database import sqlalchemy_url
from infra.logs import get_logger
from infra.settings import Settings, SettingsError
from infra.storage import ObjectStorage, StorageUnavailable, quarantine_key, tenant_key

log = get_logger()

SENT = {"project_brief": "we-belong-brief.pdf", "agreement": "we-belong-agreement.pdf"}
HAS_BRIEF = ("brief_sent", "agreement_signed", "set_up", "active", "paused")
HAS_SIGNED = ("agreement_signed", "set_up", "active", "paused")
#: The council accepted what they signed before they began.
HAS_BEGUN = ("active", "paused")
#: How many of a group's newest notes there are as a document.
NEWEST = 2

_KEEP = text(
    "insert into document (school_id, id, kind, file_name, state, object_key, content_type, sha256, size,"
    " created_by, next_at, created_at) select s.school_id, :id, 'signed_agreement', 'agreement-signed.pdf',"
    " 'quarantined', :key, 'application/pdf', :sha256, :size, s.contact_name, app.now(), app.now()"
    " from school s where s.school_id = :school_id"
)
_ACCEPT = text(
    "insert into agreement_review (school_id, document_id, decision, by_name, at)"
    " select e.school_id, :id, 'accepted', e.by_name, app.now() from onboarding_event e"
    " where e.school_id = :school_id and e.to_stage = 'active' order by e.at limit 1"
)
_THERE = text("select id from document where kind = 'signed_agreement'")


def add_papers(borough: Borough, place: Place, school: School) -> None:
    """What is to be made: the brief and the agreement that were sent, the newest notes and certificates."""
    if school.stage in HAS_BRIEF:
        for kind, file_name in SENT.items():
            _ask(borough, place, kind, file_name, made_id(kind, place.school_id))
    running = {
        row["id"]
        for row in borough.rows["cohort"]
        if row["school_id"] == place.school_id and row["state"] == "running"
    }
    numbers = {row["id"]: row["number"] for row in borough.rows["cohort_session"]}
    sent = [row for row in borough.rows["learning_notes"] if row["cohort_id"] in running and row["sent_at"]]
    for notes in sorted(sent, key=lambda row: row["sent_at"])[-NEWEST:]:
        _ask(
            borough,
            place,
            "learning_notes",
            f"session-{numbers[notes['session_id']]}-notes.pdf",
            made_id("notes document", notes["session_id"]),
            subject_id=notes["session_id"],
            cohort_id=notes["cohort_id"],
        )
    _add_certificates(borough, place)


def _add_certificates(borough: Borough, place: Place) -> None:
    """One for everybody who finished the school's newest group that is over."""
    over = [
        row
        for row in borough.rows["cohort"]
        if row["school_id"] == place.school_id and row["state"] == "closed"
    ]
    newest = max(over, key=lambda row: row["closed_at"], default=None)
    if newest is None:
        return
    for place_taken in borough.rows["enrolment"]:
        if place_taken["cohort_id"] == newest["id"] and place_taken["status"] == "finished":
            _ask(
                borough,
                place,
                "certificate",
                "certificate.pdf",
                made_id("certificate", place_taken["id"]),
                subject_id=newest["id"],
                cohort_id=newest["id"],
                parent_id=place_taken["parent_id"],
            )


def _ask(
    borough: Borough, place: Place, kind: str, file_name: str, document_id: object, **about: object
) -> None:
    borough.add(
        "document",
        school_id=place.school_id,
        id=document_id,
        kind=kind,
        file_name=file_name,
        state="queued",
        content_type="application/pdf",
        next_at=borough.now,
        created_at=borough.now,
        created_by="facilitator" if about else place.lead_name,
        **about,
    )


def send_back_agreements(settings: Settings) -> None:
    """Upload a signed agreement for each school that signed one, and photos of rooms; the worker checks them as any.

    Does nothing the second time, and raises nothing: without storage the demo starts without these files.
    """
    try:
        engine = create_engine(sqlalchemy_url(settings.secret("database_owner_url")))
        storage = ObjectStorage.from_settings(
            endpoint=settings.s3_endpoint,
            access_key=settings.secret("s3_access_key"),
            secret_key=settings.secret("s3_secret_key"),
            bucket=settings.s3_bucket,
            region=settings.s3_region,
        )
    except SettingsError:
        return
    data = _page("Partnership agreement, signed. An invented school, for the demonstration only.")
    digest = sha256(data).hexdigest()
    try:
        with storage, engine.begin() as connection:
            there = set(connection.scalars(_THERE))
            for school in (school for authority in AUTHORITIES for school in authority.schools):
                school_id = school_id_of(school.urn)
                document_id = made_id("signed_agreement", school_id)
                if school.stage not in HAS_SIGNED or document_id in there:
                    continue
                key = quarantine_key(tenant_key(school_id, document_id, 1))
                storage.put(key, data, "application/pdf", digest)
                row = {
                    "id": document_id,
                    "school_id": school_id,
                    "key": key,
                    "sha256": digest,
                    "size": len(data),
                }
                connection.execute(_KEEP, row)
                if school.stage in HAS_BEGUN:
                    connection.execute(_ACCEPT, {"id": document_id, "school_id": school_id})
            put_up_photos(connection, storage)
    except (SQLAlchemyError, StorageUnavailable) as error:
        log.error("demo_agreements_not_sent", exc_info=error)
    finally:
        engine.dispose()


def _page(words: str) -> bytes:
    """A PDF of one page with one line on it."""
    line = f"BT /F1 12 Tf 60 760 Td ({words}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(line), line),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )
