"""A document is a row first; a worker makes or checks it once, whatever dies meanwhile."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import create_engine, text
from werkzeug.datastructures import FileStorage

from app.documents.likeness import COME_BACK, digest_pages
from app.documents.models import StoredDocument
from app.documents.queries import get_document
from app.documents.refusals import UploadRefused
from app.documents.services import accept_upload, request_document
from app.shell.errors import NotFound
from infra.clock import now, today
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession
from workers.documents import Outcome, make_worker

PDF = b"%PDF-1.4\n"


@pytest.fixture
def copy(stack, world):
    with stack.copy(f"documents_{new_id().hex[-8:]}") as found:
        yield found


@pytest.fixture
def worker(copy):
    worker = make_worker(copy.settings())
    worker.storage.ensure_bucket()
    yield worker
    worker.engine.dispose()


@pytest.fixture
def ask(copy, world):
    """Commit a row of `document` as the school's staff would, straight into the database."""
    engine = create_engine(sqlalchemy_url(copy.url("wb_web")))

    def add(**values):
        document_id = new_id()
        with ScopedSession(bind=engine, scope=world.school.lead.scope) as session, session.begin():
            session.add(
                StoredDocument(
                    school_id=world.school.school_id,
                    id=document_id,
                    file_name="x.pdf",
                    state="queued",
                    **values,
                )
            )
        return document_id

    yield add
    engine.dispose()


def row(copy, document_id):
    engine = create_engine(sqlalchemy_url(copy.url("wb_owner")))
    with engine.connect() as connection:
        found = connection.execute(text("select * from document where id = :id"), {"id": document_id}).one()
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "kind",
    ["project_brief", "agreement", "session_register", "contact_sheet", "group_plan", "invitation_letter"],
)
def test_each_kind_is_made_from_the_schools_own_rows(copy, worker, ask, world, kind):
    school = world.school
    document_id = ask(
        kind=kind,
        subject_id=school.ids["session_id"],
        cohort_id=school.ids["cohort_id"],
        parent_id=school.parent.person_id,
    )
    worker.drain()
    made = row(copy, document_id)
    assert made.state == "ready", made.problem
    assert made.object_key == f"t/{school.school_id}/d/{document_id}/v1"
    file = worker.storage.get(made.object_key, made.version_id)
    # What may come back signed is known again by what its pages draw.
    assert made.pages_sha256 == (digest_pages(file) if kind in COME_BACK else None)
    # An agreement keeps whom it names, whatever the school's details say afterwards.
    assert (made.named or {}).get("school_dsl") == (f"Lead {school.canary}" if kind == "agreement" else None)
    pdf = PdfReader(BytesIO(file))
    words = "".join(page.extract_text() for page in pdf.pages)
    assert school.name in words
    assert world.sibling_school.canary not in words


def test_a_contact_sheet_says_who_wants_no_texts(copy, worker, ask, world):
    """Whoever leads and holds the paper texts nobody who said no."""
    school = world.school
    engine = create_engine(sqlalchemy_url(copy.superuser_url))
    with engine.begin() as connection:
        connection.execute(
            text(
                "update parent_contact set texts_stopped_at = now(), interpreter = true where parent_id = :id"
            ),
            {"id": school.parent.person_id},
        )
    engine.dispose()
    document_id = ask(kind="contact_sheet", cohort_id=school.ids["cohort_id"])
    worker.drain()
    made = row(copy, document_id)
    file = worker.storage.get(made.object_key, made.version_id)
    words = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages).split())
    assert "interpreter, no texts" in words
    assert "Reach by" not in words


def test_a_sheet_of_dates_says_what_has_changed_since_the_one_before(copy, worker, ask, world):
    """Given that session 7 moved and session 8 was called off, an older sheet on the fridge is known to be old."""
    school = world.school
    engine = create_engine(sqlalchemy_url(copy.superuser_url))
    with engine.begin() as connection:
        change = "update cohort_session set {} where cohort_id = :id and number = :number returning on_date"
        moved, off = (
            connection.scalar(text(change.format(what)), {"id": school.ids["cohort_id"], "number": number})
            for number, what in (
                (7, "moved_from = on_date, on_date = on_date + 1"),
                (8, "state = 'cancelled'"),
            )
        )
    engine.dispose()
    document_id = ask(
        kind="group_plan",
        subject_id=school.parent.person_id,
        cohort_id=school.ids["cohort_id"],
        parent_id=school.parent.person_id,
    )
    worker.drain()
    made = row(copy, document_id)
    file = worker.storage.get(made.object_key, made.version_id)
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages).split())
    assert f"No meeting: session 7 has moved to {moved:%A} {moved.day} {moved:%B}" in words
    assert f"{off:%A} {off.day} {off:%B}" in words
    assert "No meeting: session 8 is called off" in words
    assert f"Printed on {today().day} {today():%B %Y}." in words


def test_notes_and_certificates_are_made_for_a_group(copy, worker, world):
    engine = create_engine(sqlalchemy_url(copy.url("wb_documents")))
    scope = Scope(Audience.DOCUMENTS, world.authority.authority_id, world.school.school_id)
    ids = {}
    with ScopedSession(bind=engine, scope=scope) as session, session.begin():
        for kind in ("learning_notes", "certificate"):
            ids[kind] = new_id()
            session.add(
                StoredDocument(
                    school_id=world.school.school_id,
                    id=ids[kind],
                    kind=kind,
                    file_name="x.pdf",
                    state="queued",
                    subject_id=world.school.ids["session_id"],
                    cohort_id=world.school.ids["cohort_id"],
                    parent_id=world.school.parent.person_id if kind == "certificate" else None,
                )
            )
    engine.dispose()
    worker.drain()
    assert {row(copy, found).state for found in ids.values()} == {"ready"}


def test_a_dead_workers_lease_runs_out_and_its_late_word_counts_for_nothing(copy, worker, ask):
    # Given a worker that claimed a document and died
    document_id = ask(kind="project_brief")
    (stale,) = worker.claim()
    assert worker.claim() == []
    # When its lease has run out
    engine = create_engine(sqlalchemy_url(copy.url("wb_owner")))
    with engine.begin() as connection:
        connection.execute(
            text("update document set lease_until = :then"), {"then": now() - timedelta(seconds=1)}
        )
    engine.dispose()
    # Then another makes it, and what the first still says is not heard
    assert worker.drain() == 1
    assert worker.record(stale, Outcome({"state": "refused", "problem": "late"})) == 0
    assert row(copy, document_id).state == "ready"


def test_a_document_about_something_gone_is_refused_in_words(copy, worker, ask, world):
    document_id = ask(kind="session_register", subject_id=new_id(), cohort_id=world.school.ids["cohort_id"])
    worker.drain()
    assert row(copy, document_id).state == "refused"
    assert "gone" in row(copy, document_id).problem


def test_a_key_of_another_school_or_document_cannot_be_written_down(copy, world):
    own, document_id = world.school.school_id, world.school.ids["brief_document_id"]
    foreign = (
        f"t/{world.sibling_school.school_id}/d/{document_id}/v1",
        f"q/t/{world.sibling_school.school_id}/d/{document_id}/v1",
        f"a/{own}/d/{document_id}/v1",
        f"t/{own}/d/{new_id()}/v1",
        f"t/{own}/d/{document_id}/../{new_id()}/v1",
        f"t/{own}/d/{document_id}/v0",
        f"t/{own}/d/{document_id}/v1/more",
        f"T/{own}/d/{document_id}/v1",
        "",
    )
    engine = create_engine(sqlalchemy_url(copy.url("wb_owner")))
    change = text("update document set object_key = :key where id = :id")
    for key in foreign:
        with engine.begin() as connection, pytest.raises(Exception, match="key_is_ours"):
            connection.execute(change, {"key": key, "id": document_id})
    engine.dispose()


def test_staff_ask_for_a_document_and_see_their_own_only(session_for, world):
    session = session_for(world.school.senco)
    document_id = request_document(
        session, kind="project_brief", school_id=world.school.school_id, file_name="Brief.pdf"
    )
    assert get_document(session, document_id).state == "queued"
    with pytest.raises(NotFound):
        get_document(session, world.sibling_school.ids["brief_document_id"])


def test_an_upload_that_is_not_what_it_says_is_refused_and_leaves_nothing(session_for, world):
    session = session_for(world.school.lead)
    before = session.query(StoredDocument).count()
    with pytest.raises(UploadRefused):
        accept_upload(
            session,
            kind="signed_agreement",
            school_id=world.school.school_id,
            file=FileStorage(
                BytesIO(b"MZ not a pdf"), filename="agreement.pdf", content_type="application/pdf"
            ),
        )
    assert session.query(StoredDocument).count() == before


def test_a_parent_gets_the_notes_of_their_group_and_nothing_else(client_for, shelf, world):
    client = client_for(world.school.parent)
    shelf(f"t/{world.school.school_id}/d/{world.school.ids['notes_document_id']}/v1")
    notes = client.get(f"/documents/{world.school.ids['notes_document_id']}")
    assert notes.status_code == 302
    assert "X-Amz-Expires=60" in notes.headers["Location"]
    for name in ("brief_document_id", "agreement_document_id"):
        assert client.get(f"/documents/{world.school.ids[name]}").status_code == 404
    graduate = client_for(world.school.graduate)
    assert graduate.get(f"/documents/{world.school.ids['notes_document_id']}").status_code == 404


@pytest.fixture
def onboarding(copy, world):
    """The school has its brief and has not signed yet."""

    def at(stage):
        engine = create_engine(sqlalchemy_url(copy.superuser_url))
        with engine.begin() as connection:
            connection.execute(
                text("update school set stage = :stage where school_id = :id"),
                {"stage": stage, "id": world.school.school_id},
            )
        engine.dispose()

    at("brief_sent")
    return at


def told(copy):
    engine = create_engine(sqlalchemy_url(copy.superuser_url))
    with engine.connect() as connection:
        found = connection.execute(
            text("select recipient_id, channel from outbox where kind = 'agreement_ready'")
        ).all()
    engine.dispose()
    return [tuple(each) for each in found]


def test_the_lead_is_told_once_that_the_agreement_is_ready(copy, worker, ask, world, onboarding):
    # given an agreement that was asked for, and again later
    for _time in range(2):
        ask(kind="agreement")
        # when it is stored
        worker.drain()
        # then the lead is told, once and nobody else
        assert told(copy) == [(world.school.lead.person_id, "email")]


def test_nobody_is_told_of_a_brief(copy, worker, ask, onboarding):
    ask(kind="project_brief")
    worker.drain()
    assert told(copy) == []


def test_nobody_is_asked_to_sign_what_is_signed(copy, worker, ask, onboarding):
    onboarding("active")
    ask(kind="agreement")
    worker.drain()
    assert told(copy) == []


def test_a_worker_whose_lease_ran_out_tells_nobody(copy, worker, ask, onboarding):
    ask(kind="agreement")
    (claim,) = worker.claim()
    outcome = worker.work(claim)
    engine = create_engine(sqlalchemy_url(copy.url("wb_owner")))
    with engine.begin() as connection:
        connection.execute(text("update document set attempt = attempt + 1 where kind = 'agreement'"))
    engine.dispose()
    assert worker.record(claim, outcome) == 0
    assert told(copy) == []
