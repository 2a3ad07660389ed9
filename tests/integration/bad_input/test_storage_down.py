"""The file storage is away: uploads and downloads say so, nothing is half kept, everything else works."""

from __future__ import annotations

import socket
from io import BytesIO

import psycopg
import pytest
from pypdf import PdfWriter

from tests.integration.bad_input.conftest import application, sign_in_to
from tests.support.reading import value_of


@pytest.fixture(scope="module")
def own_app(own_stack):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with application(own_stack.settings(s3_endpoint=f"http://127.0.0.1:{port}")) as app:
        yield app


@pytest.fixture(scope="module")
def paper():
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def count(own_stack, table):
    with psycopg.connect(own_stack.superuser_url) as connection:
        return value_of(connection, f"select count(*) from {table}")


def test_an_upload_is_refused_in_words_and_leaves_nothing(own_app, own_stack, world, paper):
    before = count(own_stack, "document"), count(own_stack, "audit_event")
    lead = sign_in_to(own_app, world.school.lead)
    answer = lead.post(
        "/school/set-up/agreement", data={"file": (BytesIO(paper), "agreement.pdf", "application/pdf")}
    )
    assert answer.status_code == 200
    assert "We cannot keep files just now" in answer.text
    assert "send it again in a few minutes" in answer.text
    assert 'type="file"' in answer.text
    assert (count(own_stack, "document"), count(own_stack, "audit_event")) == before


def test_a_download_says_try_later_and_is_not_noted_as_opened(own_app, own_stack, world):
    before = count(own_stack, "audit_event")
    answer = sign_in_to(own_app, world.school.lead).get(
        f"/documents/{world.school.ids['agreement_document_id']}"
    )
    assert answer.status_code == 503
    assert "Try again in a few minutes" in answer.text
    assert count(own_stack, "audit_event") == before


def test_other_pages_are_as_ever(own_app, world):
    lead = sign_in_to(own_app, world.school.lead)
    for path in ("/school/set-up", "/school/set-up/agreement", "/school/parents", "/school/groups"):
        assert lead.get(path).status_code == 200, path


def test_ready_and_says_that_storage_is_degraded(own_app):
    response = own_app.test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json["storage"] == "degraded"
    assert response.json["redis"] == "ok"
