"""A signed agreement is looked at before it counts, and a school on the list can come off it, or come back."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from pypdf import PdfWriter
from sqlalchemy import text

from app.documents.likeness import digest_pages
from app.schools import agreements, services, starting
from app.schools.agreements import OLD_ONES
from app.schools.stages import STAGES
from app.shell.errors import NotFound
from app.shell.refusals import Refused
from infra.clock import now
from infra.ids import new_id
from infra.storage import ObjectDamaged
from tests.integration.schools.test_stage_rights import be_at
from tests.unit.documents.files import a_docx, a_pdf
from tests.unit.documents.test_likeness import saved_again, squeezed

FILE = a_pdf()


def add_document(session, school, kind, data=FILE, pages=None):
    key = new_id()
    session.execute(
        text(
            "insert into document (school_id, id, kind, file_name, state, object_key, sha256, size, next_at,"
            " created_at, pages_sha256) values (:school, :id, :kind, 'a.pdf', 'ready', :key, :sha, 1, :at, :at, :pages)"
        ),
        {
            "school": school.school_id,
            "id": key,
            "kind": kind,
            "key": f"t/{school.school_id}/d/{key}/v1",
            "sha": hashlib.sha256(data).hexdigest(),
            "at": now(),
            "pages": pages,
        },
    )
    return key


def upload(client, data=FILE):
    return client.post(
        "/school/set-up/agreement",
        data={"file": (io.BytesIO(data), "agreement.pdf", "application/pdf")},
        content_type="multipart/form-data",
        follow_redirects=True,
    ).get_data(as_text=True)


def test_the_file_that_was_sent_is_not_a_signed_one(client_for, session_for, world, connection):
    """Given the agreement as we made it, when it comes back byte for byte, then it is refused and nothing moves."""
    be_at(connection, world.school, "brief_sent")
    session = session_for(world.school.lead)
    add_document(session, world.school, "agreement")
    session.commit()
    assert "without signatures" in upload(client_for(world.school.lead))
    session = session_for(world.school.lead)
    stage = session.execute(text("select stage from school where school_id = app.school_id()")).scalar_one()
    assert stage == "brief_sent"


def test_the_file_that_was_sent_and_only_saved_again_is_not_a_signed_one(
    client_for, session_for, world, connection, app
):
    """Given our agreement, when another program saves it, then it is refused; with one more page, it is taken."""
    be_at(connection, world.school, "brief_sent")
    session = session_for(world.school.lead)
    ours = a_pdf()
    key = f"t/{world.school.school_id}/d/{add_document(session, world.school, 'agreement', ours)}/v1"
    session.commit()
    storage = app.extensions["storage"]
    storage.ensure_bucket()
    storage.put(key, ours, "application/pdf", hashlib.sha256(ours).hexdigest())
    lead = client_for(world.school.lead)

    assert "without signatures" in upload(lead, saved_again(ours, squeezed))
    page = upload(lead, saved_again(ours, PdfWriter.add_blank_page))
    storage.remove(key)
    assert "We have your agreement" in page


def test_a_word_file_shows_no_signature(client_for, world, connection):
    be_at(connection, world.school, "brief_sent")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page = client_for(world.school.lead).post(
        "/school/set-up/agreement",
        data={"file": (io.BytesIO(a_docx()), "agreement.docx", word)},
        content_type="multipart/form-data",
    )
    assert "A Word file shows no signature" in page.text


@pytest.fixture
def reads(monkeypatch):
    """What is read from the store, which has nothing of it."""
    asked = []

    def read(document):
        asked.append(document.id)
        raise ObjectDamaged

    monkeypatch.setattr("app.schools.agreements.read_file", read)
    return asked


def test_what_the_pages_of_our_papers_draw_is_known_without_reading_one(
    client_for, session_for, world, connection, reads
):
    be_at(connection, world.school, "brief_sent")
    session = session_for(world.school.lead)
    ours = [a_pdf(pages=number) for number in range(2, 14)]
    made = [add_document(session, world.school, "agreement", one, digest_pages(one)) for one in ours]
    session.commit()
    lead = client_for(world.school.lead)

    assert "without signatures" in upload(lead, saved_again(ours[7], squeezed))
    assert "We have your agreement" in upload(lead, a_pdf(pages=40))
    assert not set(reads) & set(made)


def test_of_papers_from_before_the_newest_few_are_read(client_for, session_for, world, connection, reads):
    be_at(connection, world.school, "brief_sent")
    session = session_for(world.school.lead)
    made = [add_document(session, world.school, "agreement", a_pdf(pages=number)) for number in range(2, 14)]
    session.commit()

    assert "We have your agreement" in upload(client_for(world.school.lead), a_pdf(pages=40))
    assert set(reads) == set(made[-OLD_ONES:])


def test_a_returned_agreement_takes_the_school_back_and_says_why(client_for, session_for, world, connection):
    be_at(connection, world.school, "set_up")
    session = session_for(world.school.lead)
    document = add_document(session, world.school, "signed_agreement")
    session.commit()
    admin = client_for(world.authority.admin)
    address = f"/authority/schools/{world.school.school_id}"
    assert "Read the signed agreement" in admin.get(address).get_data(as_text=True)
    admin.post(f"{address}/agreement/{document}/return", data={"reason": "The head’s name is missing."})
    lead = client_for(world.school.lead)
    assert "The head’s name is missing." in lead.get("/school/set-up/agreement").get_data(as_text=True)
    assert "returned this very file" in upload(lead)
    session = session_for(world.school.lead)
    assert (
        session.execute(text("select stage from school where school_id = app.school_id()")).scalar_one()
        == "brief_sent"
    )
    assert (
        session.execute(text("select count(*) from outbox where kind = 'agreement_returned'")).scalar_one()
        == 1
    )


def test_a_school_reads_at_once_that_its_agreement_was_returned_and_why(
    client_for, session_for, world, connection
):
    school = world.school
    be_at(connection, school, "set_up")
    session = session_for(school.lead)
    document = add_document(session, school, "signed_agreement")
    session.commit()
    address = f"/authority/schools/{school.school_id}/agreement/{document}/return"
    client_for(world.authority.admin).post(address, data={"reason": "The second page is missing."})
    lead = client_for(school.lead)
    assert "The second page is missing." in lead.get("/school").text
    tasks = lead.get("/school/set-up").text
    assert "Your council has returned the signed agreement" in tasks
    assert "Read the brief. Your head signs" not in tasks


def test_an_active_school_does_not_read_that_it_is_still_to_become_so(
    client_for, session_for, world, connection
):
    session = session_for(world.school.lead)
    add_document(session, world.school, "signed_agreement")
    session.commit()
    page = client_for(world.school.lead).get("/school/set-up/agreement").text
    assert "before you become active" not in page
    assert "Your council reads it" in page


@pytest.mark.parametrize("stage", ["agreement_signed", "set_up"])
def test_a_signed_agreement_is_the_councils_turn_whatever_else_is_open(
    client_for, session_for, world, connection, stage
):
    school = world.school
    be_at(connection, school, stage)
    be_at(connection, world.sibling_school, "invited")
    session = session_for(school.lead)
    document = add_document(session, school, "signed_agreement")
    session.commit()
    admin = client_for(world.authority.admin)
    address = f"/authority/schools/{school.school_id}"

    def words(path):
        return " ".join(re.sub(r"<[^>]+>", " ", admin.get(path).get_data(as_text=True)).split())

    assert "ead the signed agreement" in re.sub("its", "the", words("/authority"))
    assert "Read the signed agreement" in words("/authority/schools")
    page = words(address)
    assert "Your turn: Read the signed agreement." in page
    assert ("The school’s turn:" in page) == (stage == "agreement_signed")

    admin.post(f"{address}/agreement/{document}/accept")
    assert "ead the signed agreement" not in re.sub("its", "the", words("/authority"))
    assert "Your turn: Read" not in words(address)


@pytest.mark.parametrize("stage", sorted(set(STAGES) - {"active"}))
def test_the_council_reads_why_not_now_in_words_for_the_council(client_for, world, connection, stage):
    be_at(connection, world.school, stage)
    page = client_for(world.authority.admin).get(f"/authority/schools/{world.school.school_id}")
    main = page.get_data(as_text=True).split("<main", 1)[1]
    assert "Not now:" in main
    assert not re.search(r"your (authority|council|list)\b", main, re.IGNORECASE)


def test_two_officers_decide_once(session_for, world, connection):
    be_at(connection, world.school, "set_up")
    session = session_for(world.school.lead)
    document = add_document(session, world.school, "signed_agreement")
    session.commit()
    session = session_for(world.authority.admin)
    where = (session, world.authority.authority_id, world.school.school_id, document)
    agreements.accept(*where, by="First")
    with pytest.raises(Refused, match="First has already decided"):
        agreements.send_back(*where, reason="No", by="Second")
    starting.activate(session, world.authority.authority_id, world.school.school_id, by="First")


def test_only_the_newest_and_only_ones_own_is_decided(session_for, world, connection):
    be_at(connection, world.school, "set_up")
    session = session_for(world.school.lead)
    older = add_document(session, world.school, "signed_agreement")
    session.commit()
    session = session_for(world.school.lead)
    add_document(session, world.school, "signed_agreement", b"newer")
    session.commit()
    session = session_for(world.authority.admin)
    where = (session, world.authority.authority_id, world.school.school_id)
    with pytest.raises(Refused, match="newer"):
        agreements.accept(*where, older, by="A")
    for foreign in (
        world.sibling_school.ids["agreement_document_id"],
        world.other_school.ids["agreement_document_id"],
        world.school.ids["brief_document_id"],
        new_id(),
    ):
        with pytest.raises(NotFound):
            agreements.accept(*where, foreign, by="A")
    with pytest.raises(NotFound):
        agreements.accept(
            session,
            world.authority.authority_id,
            world.other_school.school_id,
            world.other_school.ids["agreement_document_id"],
            by="A",
        )


def test_a_school_that_left_comes_back_and_signs_anew(session_for, world, connection):
    be_at(connection, world.school, "left")
    session = session_for(world.authority.admin)
    where = (session, world.authority.authority_id, world.school.school_id)
    services.bring_back(*where, reason="A new head.", by="A")
    row = session.execute(
        text(
            "select stage, (select count(*) from school_task t where t.school_id = s.school_id"
            " and t.task = 'agreement' and t.done_at is not null) from school s where school_id = :id"
        ),
        {"id": world.school.school_id},
    ).one()
    assert tuple(row) == ("prospect", 0)


def test_a_school_with_a_history_is_not_removed(session_for, world):
    session = session_for(world.authority.admin)
    remove = text("select app.remove_school(:id)")
    for school in (world.school, world.sibling_school, world.other_school):
        assert session.execute(remove, {"id": school.school_id}).scalar_one() is False
    assert session.execute(remove, {"id": new_id()}).scalar_one() is False
    with pytest.raises(Refused, match="history"):
        services.remove_school(session, world.authority.authority_id, world.school.school_id)
    with pytest.raises(NotFound):
        services.remove_school(session, world.authority.authority_id, world.other_school.school_id)


DETAILS = {
    "address": "1 Lane",
    "phone": "020 7946 0000",
    "contact_name": "Jo Lead",
    "contact_role": "SENCO",
    "contact_phone": "020 7946 0001",
    "contact_email": "",
    "contact_deputy": "Kit Moss",
    "dsl_name": "Di Safe",
    "dsl_phone": "020 7946 0002",
    "dsl_deputy": "Sam Reed",
}


@pytest.mark.parametrize(("stage", "drawn"), [("brief_sent", 2), ("agreement_signed", 1), ("active", 1)])
def test_an_edit_draws_again_what_may_be_signed(client_for, session_for, world, connection, stage, drawn):
    """Given papers that are made, when the school edits twice, then each is asked for again; no brief once signed."""
    be_at(connection, world.school, stage)
    session = session_for(world.school.lead)
    add_document(session, world.school, "agreement")
    session.commit()
    lead = client_for(world.school.lead)
    for _press in range(2):
        lead.post("/school/set-up/details", data=DETAILS)
    session = session_for(world.school.lead)
    asked = session.execute(text("select count(*) from document where state = 'queued'")).scalar_one()
    assert asked == drawn


def test_gaps_are_named_before_the_papers_go(client_for, session_for, world, connection):
    be_at(connection, world.school, "invited")
    session = session_for(world.school.lead)
    session.execute(text("update school set dsl_name = '', room = '' where school_id = app.school_id()"))
    session.commit()
    page = (
        client_for(world.authority.admin)
        .get(f"/authority/schools/{world.school.school_id}")
        .get_data(as_text=True)
    )
    assert "It leaves room for:" in page
    assert "The school’s safeguarding lead" in page
    assert "Send the brief and the agreement" in page
