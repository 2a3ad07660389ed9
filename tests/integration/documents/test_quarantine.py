"""From the form to the shelf: what is uploaded waits in quarantine and leaves it only on the scanner's own OK."""

from __future__ import annotations

import urllib.request
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import psycopg
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject
from redis import Redis

from app.documents.refusals import UploadRefused
from app.documents.scanning import EICAR
from app.documents.verdicts import CarefulScanner, MissingScanner, scanner_from
from infra.clock import now
from infra.storage import ObjectStorage, StorageUnavailable
from tests.integration.bad_input.conftest import application, sign_in_to
from tests.support.clamd import running_clamd
from tests.support.clock import is_moved
from workers import documents
from workers.__main__ import main as workers
from workers.documents import make_worker

FORM = "/school/set-up/agreement"


def paper(extra: bytes = b"") -> bytes:
    """A PDF of one page; `extra` lies in it where no reader looks."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    if extra:
        hidden = DecodedStreamObject()
        hidden.set_data(extra)
        writer._add_object(hidden)
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def clamd():
    with running_clamd() as daemon:
        yield daemon


@pytest.fixture(scope="module")
def own_stack(stack, world):
    with stack.copy("quarantine") as copy:
        yield copy


@pytest.fixture(scope="module")
def app(own_stack):
    with application(own_stack.settings()) as found:
        yield found


@pytest.fixture
def place(own_stack, clamd):
    """A worker with the scanner, and an empty bucket of its own."""
    worker = make_worker(own_stack.settings(clamd_url=clamd.url))
    worker.storage.ensure_bucket()
    for version in worker.storage.list_versions(""):
        worker.storage.delete(version.key, version.version_id, before_retention_ends=True)
    Redis.from_url(own_stack.settings().secret("redis_url")).flushdb()
    sql(own_stack, "delete from document where kind = 'signed_agreement' and state <> 'ready'")
    worker.drain()  # what a test before asked for beside
    yield worker
    worker.engine.dispose()
    worker.storage.close()


def sql(stack, statement, *values):
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


def upload(app, world, data: bytes):
    """Send `data` as the signed agreement, as a school's lead does; its document's id."""
    lead = sign_in_to(app, world.school.lead)
    sent = lead.post(FORM, data={"file": (BytesIO(data), "agreement.pdf", "application/pdf")})
    assert sent.status_code == 303
    return lead


def newest(stack):
    return sql(
        stack,
        "select id, state, problem, object_key, attempt from document where kind = 'signed_agreement'"
        " order by created_at desc limit 1",
    )[0]


def wait_is_over(stack):
    sql(stack, "update document set next_at = now() - interval '1 second' where state = 'quarantined'")


def keys(storage, prefix="") -> list[str]:
    return [version.key for version in storage.list_versions(prefix)]


def nobody_gets_it(app, world, document_id):
    for school in (world.school, world.sibling_school, world.other_school):
        for person in [*school.people.values(), *world.authority.people.values()]:
            answer = sign_in_to(app, person).get(f"/documents/{document_id}")
            assert "X-Amz-" not in answer.headers.get("Location", ""), person.role
            assert answer.status_code in (302, 303, 403, 404)


def test_the_test_virus_is_never_downloadable_by_anybody(app, own_stack, place, clamd, world):
    lead = upload(app, world, paper(EICAR))
    document_id, state, *_rest = newest(own_stack)
    assert state == "quarantined"
    assert keys(place.storage) == [f"q/t/{world.school.school_id}/d/{document_id}/v1"]
    nobody_gets_it(app, world, document_id)
    # When it has been scanned
    assert place.drain() == 1
    # Then it is gone, nobody gets it, and whoever sent it reads why
    document_id, state, problem, key, _attempt = newest(own_stack)
    assert (state, key) == ("refused", None)
    assert keys(place.storage) == []
    nobody_gets_it(app, world, document_id)
    for page in (FORM, f"/documents/{document_id}/waiting"):
        text = lead.get(page).text
        assert "Our virus check found something in this file. We did not keep it." in text
    assert "Send the signed agreement again" in lead.get("/school").text
    assert "Eicar" not in problem
    noted = sql(own_stack, "select details from audit_event where subject_id = %s order by at", document_id)
    assert noted[-1][0] == {"kind": "signed_agreement", "reason": "infected"}


def test_without_a_sound_agreement_a_school_is_not_made_active(app, own_stack, place, clamd, world):
    lead, school_id = upload(app, world, paper(EICAR)), world.school.school_id
    assert place.drain() == 1
    sql(own_stack, "update school set stage = 'set_up' where school_id = %s returning 1", school_id)
    activate = f"/authority/schools/{school_id}/activate"
    admin = sign_in_to(app, world.authority.admin)

    refused = admin.post(activate, follow_redirects=True)

    assert "ask the school to send it again" in refused.text
    assert sql(own_stack, "select stage from school where school_id = %s", school_id) == [("set_up",)]
    # When a sound one has come, nothing is in the way
    lead = upload(app, world, paper())
    assert place.drain() == 1
    document_id, *_rest = newest(own_stack)
    admin.post(f"/authority/schools/{school_id}/agreement/{document_id}/accept")
    admin.post(activate)
    assert sql(own_stack, "select stage from school where school_id = %s", school_id) == [("active",)]
    assert lead.get("/school").status_code == 200


def test_a_clean_file_is_promoted_and_comes_back_as_it_was(app, own_stack, place, clamd, world):
    lead = upload(app, world, paper())
    assert place.drain() == 1
    document_id, state, *_rest = newest(own_stack)
    assert state == "ready"
    assert keys(place.storage) == [f"t/{world.school.school_id}/d/{document_id}/v1"]
    link = lead.get(f"/documents/{document_id}").headers["Location"]
    assert "X-Amz-Expires=60" in link
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.read() == paper()
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
    noted = sql(own_stack, "select details from audit_event where event = 'documents:document:passed'")
    assert noted[-1][0] == {"kind": "signed_agreement", "scanner": "clamd"}


@pytest.mark.parametrize("mode", ["error", "cut", "deaf", "blind", "stale", "gone"])
def test_without_a_scanner_to_trust_nothing_is_promoted_and_later_the_backlog_clears(
    app, own_stack, place, clamd, world, mode
):
    for _ in range(3):
        upload(app, world, paper())
    if mode == "stale":
        clamd.age(25)
    elif mode == "gone":
        place.scanner = scanner_from(own_stack.settings(clamd_url="tcp://127.0.0.1:1"))
    else:
        clamd.mode = mode
    assert place.drain() == 0
    assert newest(own_stack)[1] == "quarantined"
    assert {key[:2] for key in keys(place.storage)} == {"q/"}
    # When the scanner is well again
    clamd.mode = "well"
    clamd.age(1)
    place.scanner = scanner_from(own_stack.settings(clamd_url=clamd.url))
    wait_is_over(own_stack)
    assert place.drain() == 3
    assert {key[:2] for key in keys(place.storage)} == {"t/"}


def test_the_same_file_is_scanned_once_and_never_cleared_by_somebody_elses_word(
    app, own_stack, place, clamd, world
):
    for _ in range(3):
        upload(app, world, paper())
    place.drain()
    assert clamd.files == [paper()]
    # New signatures look again
    clamd.age(2)
    upload(app, world, paper())
    fresh = scanner_from(own_stack.settings(clamd_url=clamd.url))
    assert isinstance(fresh, CarefulScanner)
    place.scanner = fresh
    place.drain()
    assert len(clamd.files) == 2
    # What somebody else writes into Redis is not believed
    redis = Redis.from_url(own_stack.settings().secret("redis_url"))
    for key in redis.scan_iter("webelong:verdict:*"):
        redis.set(key, b"0" * 64 + b" clean")
    upload(app, world, paper())
    place.drain()
    assert len(clamd.files) == 3


def test_a_file_that_was_found_once_is_refused_without_asking_again(app, own_stack, place, clamd, world):
    upload(app, world, paper(EICAR))
    place.drain()
    upload(app, world, paper(EICAR))
    place.drain()
    assert len(clamd.files) == 1
    assert newest(own_stack)[1] == "refused"
    assert keys(place.storage) == []


@pytest.mark.parametrize("change", ["other bytes", "nothing"])
def test_a_file_that_was_changed_while_it_waited_is_refused(app, own_stack, place, world, change):
    upload(app, world, paper())
    (key,) = keys(place.storage)
    if change == "nothing":
        place.storage.remove(key)
    else:
        other = paper(b"other")
        place.storage.put(key, other, "application/pdf", sha256(other).hexdigest())
    place.drain()
    _id, state, problem, _key, _attempt = newest(own_stack)
    assert state == "refused"
    assert "send it again" in problem
    assert keys(place.storage) == []


@pytest.mark.skipif(is_moved, reason="the file store keeps the real time: each file is old")
def test_what_nobody_waits_for_is_swept_out_of_quarantine(app, own_stack, place, world, monkeypatch):
    upload(app, world, paper())
    (waiting,) = keys(place.storage)
    stray = f"q/t/{world.school.school_id}/d/{world.school.ids['brief_document_id']}/v1"
    place.storage.put(stray, b"stray", "application/pdf", sha256(b"stray").hexdigest())
    assert place.sweep() == 0
    moment = now()
    monkeypatch.setattr(documents, "now", lambda: moment + timedelta(days=2))
    assert place.sweep() == 1
    assert keys(place.storage) == [waiting]


def test_the_sweep_is_a_command(own_stack, place, monkeypatch):
    for name, value in own_stack.settings().model_dump().items():
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if isinstance(plain, str):
            monkeypatch.setenv(name.upper(), plain)
    monkeypatch.setattr("sys.argv", ["workers", "sweep"])
    assert workers() == 0
    monkeypatch.setenv("S3_ENDPOINT", "http://127.0.0.1:1")
    assert workers() == 1


def test_in_production_without_a_scanner_no_file_is_taken(own_stack, world, monkeypatch):
    settings = own_stack.settings()
    with application(settings) as app:
        object.__setattr__(settings, "webelong_mode", "production")
        settings.__dict__.pop("is_production", None)
        lead = sign_in_to(app, world.school.lead)
        before = newest(own_stack)
        answer = lead.post(FORM, data={"file": (BytesIO(paper()), "agreement.pdf", "application/pdf")})
        assert answer.status_code == 200
        assert "We cannot check files for viruses yet" in answer.text
        assert newest(own_stack) == before
        assert isinstance(scanner_from(settings), MissingScanner)


def test_storage_that_is_away_is_known_at_once(own_stack, world, monkeypatch):
    asked = []
    monkeypatch.setattr(ObjectStorage, "put", lambda *_args, **_more: asked.append("put"))
    with application(own_stack.settings(s3_endpoint="http://127.0.0.1:1")) as app:
        lead = sign_in_to(app, world.school.lead)
        answer = lead.post(FORM, data={"file": (BytesIO(paper()), "agreement.pdf", "application/pdf")})
        assert "We cannot keep files just now" in answer.text
        assert asked == []
        with pytest.raises(StorageUnavailable):
            app.extensions["storage"].get("q/none")


def test_a_parents_signed_slip_waits_as_any_file_does(app, own_stack, place, clamd, world):
    """Given a slip that staff send in, then it is in quarantine, and nobody opens it before it is checked."""
    parent = world.school.ids["identified_parent_id"]
    senco = sign_in_to(app, world.school.senco)
    senco.post(
        f"/school/parents/{parent}/answer",
        data={"to_stage": "joined", "how": "slip", "slip": (BytesIO(paper()), "slip.pdf", "application/pdf")},
    )
    rows = sql(own_stack, "select id, state, parent_id from document where kind = 'signed_slip'")
    assert [(row[1], row[2]) for row in rows] == [("quarantined", parent)]
    nobody_gets_it(app, world, rows[0][0])


def test_while_one_file_is_looked_at_another_is_asked_to_come_back(app, own_stack, place, world, monkeypatch):
    """In all web processes together, so that the others stay free for pages."""
    monkeypatch.setattr("app.documents.services.TURN", 1)
    lead = sign_in_to(app, world.school.lead)

    def send():
        return lead.post(FORM, data={"file": (BytesIO(paper()), "agreement.pdf", "application/pdf")})

    with psycopg.connect(own_stack.superuser_url) as somebody:
        somebody.execute("select pg_advisory_xact_lock(hashtextextended('look at an upload', 0))")
        answer = send()
        assert "We are looking at other files just now" in answer.text
    assert send().status_code == 303


def test_who_sends_too_many_files_waits_and_reads_so(app, own_stack, place, world, monkeypatch):
    monkeypatch.setattr("app.shell.limits.TRY", "1/10minutes")
    lead = sign_in_to(app, world.school.lead)

    def send(client):
        return client.post(FORM, data={"file": (BytesIO(b"MZ"), "a.exe", "application/pdf")}).text

    assert "many files in a short time" not in send(lead)
    assert "You have sent many files in a short time" in send(lead)
    assert lead.get(FORM).status_code == 200
    assert "many files in a short time" not in send(sign_in_to(app, world.school.senco))


def test_a_file_that_is_refused_counts_little_and_one_that_is_kept_counts(
    app, own_stack, place, world, monkeypatch
):
    monkeypatch.setattr("app.shell.limits.UPLOAD", "1/10minutes")
    lead = sign_in_to(app, world.school.lead)

    def send(data, name):
        sent = {"file": (BytesIO(data), name, "application/pdf")}
        return lead.post(FORM, data=sent, follow_redirects=True).text

    for _try in range(25):
        assert "many files in a short time" not in send(b"MZ", "a.exe")
    assert "many files in a short time" not in send(paper(), "agreement.pdf")
    assert "You have sent many files in a short time" in send(paper(), "agreement.pdf")


def test_a_file_that_is_dear_to_look_at_counts_for_several(app, own_stack, place, world, monkeypatch):
    def too_hard(*_arguments):
        raise UploadRefused("too_hard", "It took too long.")

    monkeypatch.setattr("app.shell.limits.TRY", "7/10minutes")
    monkeypatch.setattr("app.documents.apart.look_apart", lambda *_a, **_k: too_hard())
    lead = sign_in_to(app, world.school.lead)

    def send():
        return lead.post(FORM, data={"file": (BytesIO(paper()), "a.pdf", "application/pdf")}).text

    assert "It took too long" in send()
    assert "It took too long" in send()
    assert "You have sent many files in a short time" in send()
