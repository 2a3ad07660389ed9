"""Requests that no page of ours makes: too large, no form at all, without a token, to nowhere."""

from __future__ import annotations

import pytest

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=parts"
WITHOUT_TOKEN = "Nothing was saved"


def part(head: str, body: bytes = b"x") -> bytes:
    return f"--parts\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + body + b"\r\n"


def file_of(size: int) -> bytes:
    """The body of an upload of so many bytes."""
    head = 'name="file"; filename="agreement.pdf"\r\nContent-Type: application/pdf'
    return part(head, b"%PDF-" + b"x" * size) + b"--parts--\r\n"


@pytest.fixture
def with_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def senco(client_for, world):
    return client_for(world.school.senco)


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


def test_a_body_that_is_too_large_is_refused_in_words(lead):
    answer = lead.post("/school/set-up/agreement", data=file_of(11 * 1024 * 1024), content_type=MULTIPART)
    assert answer.status_code == 413
    assert "A file can have 10 MB at most" in answer.text
    assert "Nothing was saved" in answer.text


def test_a_file_a_little_too_large_is_explained_on_its_own_page(lead):
    body = file_of(10 * 1024 * 1024 + 100)
    answer = lead.post("/school/set-up/agreement", data=body, content_type=MULTIPART)
    assert answer.status_code == 200
    assert "This file is too big. Send one of 10 MB or less" in answer.text


def test_a_text_beyond_all_measure_is_refused(senco):
    answer = senco.post("/school/parents/add", data={"first_name": "x" * (1024 * 1024 + 1)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"first_name": "Zoe"}', "application/json"),
        (b"\x00\xff\xfe", "application/octet-stream"),
        (b"first_name=Zoe", "text/plain"),
        (b"first_name=%FF%FE%", "application/x-www-form-urlencoded"),
        (b"first_name=\xff\xfe", "application/x-www-form-urlencoded"),
        (b"no parts", "multipart/form-data"),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
        (b"", ""),
    ],
)
def test_a_body_that_is_not_a_form_is_treated_as_an_empty_form(senco, body, kind):
    answer = senco.post("/school/parents/add", data=body, content_type=kind)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text or "govuk-error-summary" in answer.text


def test_more_boxes_than_any_form_has_are_refused(senco):
    body = b"".join(part(f'name="box{number}"') for number in range(1001)) + b"--parts--\r\n"
    assert senco.post("/school/parents/add", data=body, content_type=MULTIPART).status_code == 413


def test_more_fields_than_any_form_has_are_refused_before_they_are_taken_apart(client_for, senco):
    for client, page in ((senco, "/school/parents/add"), (client_for(None), "/new-link")):
        assert client.post(page, data=b"a=&" * 1000, content_type=FORM).status_code == 413
        assert client.post(page, data=b"a=&" * 900, content_type=FORM).status_code == 200


@pytest.mark.parametrize("token", [None, "", "x", "\x00", "é" * 500])
def test_without_the_pages_token_nothing_is_done(senco, with_csrf, token):
    data = {"first_name": "Zoe", "last_name": "Nobody-else", "phone": "07700 900777"}
    answer = senco.post("/school/parents/add", data=data if token is None else data | {"csrf_token": token})
    assert answer.status_code == 400
    assert WITHOUT_TOKEN in answer.text
    assert "Nobody-else" not in senco.get("/school/parents").text


def test_a_post_without_a_sign_in_goes_nowhere(client_for):
    assert client_for(None).post("/school/parents/add", data={"first_name": "Zoe"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/nowhere", "/school/parents/not-an-id", "/school/parents/", "/..%2f..%2fetc", "/%ff"]
)
def test_an_address_that_is_none_is_not_found(senco, path):
    answer = senco.get(path)
    assert answer.status_code in (404, 308)


def test_a_broken_id_and_an_unknown_one_look_the_same(senco):
    broken = senco.get("/school/parents/0000")
    unknown = senco.get("/school/parents/00000000-0000-4000-8000-000000000000")
    assert broken.status_code == unknown.status_code == 404
    assert "<h1" in broken.text


@pytest.mark.parametrize(
    "path", ["/school/parents?text=%00", "/link/a%00b", "/l/%1b", "/school/parents?stage=%ef%bf%be"]
)
def test_an_address_with_what_no_keyboard_types_is_read_without_it(senco, path):
    assert senco.get(path, follow_redirects=True).status_code in (200, 404)


def test_a_method_that_a_page_does_not_know(senco):
    for method in ("PUT", "DELETE", "PATCH"):
        assert senco.open("/school/parents/add", method=method).status_code == 405


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=" + "9" * 20, "stage=zzz", "language=%F0%9F%A6"],
)
def test_a_list_takes_any_question(senco, query):
    assert senco.get(f"/school/parents?{query}", follow_redirects=True).status_code == 200


def test_a_foreign_cookie_does_not_sign_in(client_for, app):
    for value in ("x", "x" * 3000, "é", "%00"):
        client = client_for(None)
        client.set_cookie(app.session_interface.cookie_name(app), value, domain="localhost")
        assert client.get("/").status_code == 200
        assert client.get("/school/parents").status_code == 302
