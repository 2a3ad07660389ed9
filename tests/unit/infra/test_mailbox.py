"""The mailbox answers as GOV.UK Notify would, and shows what people would have got."""

import base64
import itertools
import json
import time
import uuid
from typing import Any

import jwt
import pytest

from demo.mailbox.notify import text_parts
from demo.mailbox.render import email_body, linked, text_body
from demo.mailbox.store import Message, Store, same_recipient
from demo.mailbox.web import create_mailbox

SERVICE = "6b1f4f0e-1111-4222-8333-944445555666"
SECRET = "0d7c9a52-7777-4888-8999-abbbbccccddd"
KEY = f"test-{SERVICE}-{SECRET}"
TEMPLATE = str(uuid.uuid4())


def token(*, iss=SERVICE, secret=SECRET, iat=None):
    return jwt.encode({"iss": iss, "iat": time.time() if iat is None else iat}, secret, algorithm="HS256")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mailbox"


@pytest.fixture
def app(folder):
    app = create_mailbox(folder, api_key=KEY)
    yield app
    app.extensions["mailbox_store"].close()


@pytest.fixture
def client(app):
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token()}"
    return client


def email(**changes):
    return {
        "email_address": "ada@example.org",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "Dates", "body": "Hello"},
        "reference": "ref-1",
    } | changes


def errors(response):
    content = response.get_json()
    assert content["status_code"] == response.status_code
    return [(item["error"], item["message"]) for item in content["errors"]]


def test_email_is_accepted_and_found_by_id_and_reference(client):
    sent = client.post("/v2/notifications/email", json=email())
    assert sent.status_code == 201
    assert sent.get_json()["content"]["subject"] == "Dates"
    by_id = client.get(f"/v2/notifications/{sent.get_json()['id']}").get_json()
    assert (by_id["status"], by_id["email_address"], by_id["body"]) == (
        "delivered",
        "ada@example.org",
        "Hello",
    )
    found = client.get("/v2/notifications", query_string={"reference": "ref-1"}).get_json()["notifications"]
    assert [item["id"] for item in found] == [by_id["id"]]


def test_unknown_reference_and_id_are_told_apart_from_faults(client):
    assert client.get("/v2/notifications?reference=none").get_json()["notifications"] == []
    missing = client.get(f"/v2/notifications/{uuid.uuid4()}")
    assert missing.status_code == 404
    assert errors(missing) == [("NoResultFound", "No result found")]
    assert client.get("/v2/notifications/7").status_code == 400


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        ("Basic abc", 401),
        ("Bearer nonsense", 403),
        (f"Bearer {token(secret=str(uuid.uuid4()))}", 403),
        (f"Bearer {token(iss=str(uuid.uuid4()))}", 403),
        (f"Bearer {token(iat=time.time() - 3600)}", 403),
        (f"Bearer {token(iat=time.time() + 3600)}", 403),
        (f"Bearer {jwt.encode({'iss': SERVICE, 'iat': time.time()}, '', algorithm='none')}", 403),
    ],
)
def test_only_the_key_opens_the_api(app, authorization, status):
    response = app.test_client().post(
        "/v2/notifications/email", json=email(), headers={"Authorization": authorization}
    )
    assert response.status_code == status
    assert errors(response)[0][0] == "AuthError"
    assert app.test_client().get("/messages.json").get_json() == []


@pytest.mark.parametrize(
    ("channel", "data", "error"),
    [
        ("email", email(email_address="not an address"), "ValidationError"),
        ("email", email(email_address=None), "ValidationError"),
        ("email", email(email_address=7), "ValidationError"),
        ("email", email(template_id="7"), "ValidationError"),
        ("email", email(personalisation="words"), "ValidationError"),
        ("email", email(personalisation={"body": "no subject"}), "BadRequestError"),
        ("email", email(reference="r" * 1001), "ValidationError"),
        ("email", ["a list"], "BadRequestError"),
        (
            "sms",
            {"phone_number": "12", "template_id": TEMPLATE, "personalisation": {"body": "x"}},
            "ValidationError",
        ),
        (
            "sms",
            {"phone_number": "07700900123", "template_id": TEMPLATE, "personalisation": {"body": "x" * 919}},
            "BadRequestError",
        ),
        (
            "letter",
            {
                "template_id": TEMPLATE,
                "personalisation": {"subject": "s", "body": "b", "address_line_1": "A"},
            },
            "ValidationError",
        ),
        ("letter", {"reference": "r", "content": "%%%"}, "BadRequestError"),
        (
            "letter",
            {"reference": "r", "content": base64.b64encode(b"not a PDF").decode()},
            "BadRequestError",
        ),
    ],
)
def test_bad_orders_are_refused_in_notifys_words(client, channel, data, error):
    response = client.post(f"/v2/notifications/{channel}", json=data)
    assert response.status_code == 400
    assert errors(response)[0][0] == error
    assert client.get("/messages.json").get_json() == []


@pytest.mark.parametrize(
    ("channel", "field", "recipient", "status"),
    [
        ("email", "email_address", "temp-fail@simulator.notify", "temporary-failure"),
        ("email", "email_address", "perm-fail@simulator.notify", "permanent-failure"),
        ("sms", "phone_number", "07700900003", "temporary-failure"),
        ("sms", "phone_number", "+44 7700 900002", "permanent-failure"),
        ("sms", "phone_number", "07700 900111", "delivered"),
    ],
)
def test_simulated_recipients_fail_as_notifys_do(client, channel, field, recipient, status):
    order = {
        field: recipient,
        "template_id": TEMPLATE,
        "personalisation": {"subject": "Dates", "body": "Hello"},
    }
    sent = client.post(f"/v2/notifications/{channel}", json=order).get_json()
    assert client.get(f"/v2/notifications/{sent['id']}").get_json()["status"] == status


def test_list_is_newest_first_narrows_and_pages(client, monkeypatch):
    monkeypatch.setattr("demo.mailbox.web.PAGE", 2)
    for number in range(3):
        client.post("/v2/notifications/email", json=email(reference=f"ref-{number}"))
    client.post("/v2/notifications/email", json=email(email_address="perm-fail@simulator.notify"))
    first = client.get("/v2/notifications?status=delivered&template_type=email").get_json()
    assert [item["reference"] for item in first["notifications"]] == ["ref-2", "ref-1"]
    second = client.get(f"/v2/notifications?older_than={first['notifications'][-1]['id']}").get_json()
    assert [item["reference"] for item in second["notifications"]] == ["ref-0"]
    assert first["links"]["next"].endswith(first["notifications"][-1]["id"])


def test_list_for_tools_finds_a_number_in_any_spelling(client):
    order = {"phone_number": "07700 900123", "template_id": TEMPLATE, "personalisation": {"body": "Hi"}}
    client.post("/v2/notifications/sms", json=order | {"reference": "text"})
    client.post("/v2/notifications/email", json=email())
    (message,) = client.get("/messages.json", query_string={"to": "+447700900123"}).get_json()
    said = {
        "id",
        "reference",
        "type",
        "to",
        "subject",
        "body",
        "status",
        "created_at",
        "headers",
        "service_id",
    }
    assert set(message) == said
    assert (message["type"], message["to"], message["subject"]) == ("sms", "07700 900123", None)
    assert [item["type"] for item in client.get("/messages.json").get_json()] == ["email", "sms"]
    assert len(client.get("/messages.json?reference=text").get_json()) == 1


def test_letters_with_and_without_a_file(client):
    pdf = b"%PDF-1.7 letter"
    order: dict[str, Any] = {
        "reference": "post",
        "content": base64.b64encode(pdf).decode(),
        "postage": "first",
    }
    sent = client.post("/v2/notifications/letter", json=order)
    assert (sent.status_code, set(sent.get_json())) == (201, {"id", "reference", "postage"})
    for address in ("/v2/notifications/{}/pdf", "/messages/{}.pdf"):
        with client.get(address.format(sent.get_json()["id"])) as response:
            assert response.data == pdf
    lines = {"address_line_1": "A Parent", "address_line_2": "1 High Street", "address_line_3": "N1 1AA"}
    order = {
        "template_id": TEMPLATE,
        "personalisation": {"subject": "Dates", "body": "Hello"} | lines,
    }
    sent = client.post("/v2/notifications/letter", json=order).get_json()
    assert client.get(f"/v2/notifications/{sent['id']}").get_json()["line_2"] == "1 High Street"
    assert "A Parent, 1 High Street" in client.get("/").text


def test_inbox_shows_words_with_working_links_and_nothing_live(client):
    body = "See https://example.org/a?x=1&y=2.\n\n* one\n* two\n\n<script>alert(1)</script>"
    client.post("/v2/notifications/email", json=email(personalisation={"subject": "<b>Hi</b>", "body": body}))
    page = client.get("/")
    assert '<a href="https://example.org/a?x=1&amp;y=2">https://example.org/a?x=1&amp;y=2</a>.' in page.text
    assert "<li>one</li><li>two</li>" in page.text
    assert "<script" not in page.text
    assert "<b>" not in page.text
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert " style=" not in page.text


def test_inbox_narrows_to_a_person_and_says_when_there_is_nothing(client):
    client.post("/v2/notifications/email", json=email())
    assert "Hello" in client.get("/?to=ADA@").text
    assert "No message to nobody@example.org yet." in client.get("/?to=nobody@example.org").text
    with client.get("/static/mailbox.css") as response:
        assert response.status_code == 200


def test_messages_outlive_the_process_and_a_torn_last_line(client, app, folder):
    client.post("/v2/notifications/email", json=email())
    app.extensions["mailbox_store"].close()
    with (folder / "messages.jsonl").open("ab") as file:
        file.write(b'{"id": "half a li')
    store = Store(folder)
    assert [message.reference for message in store.list_newest()] == ["ref-1"]
    store.add(Message("2", "email", "a@example.org", "s", "b", "delivered", "now", "ref-2"))
    store.close()
    lines = (folder / "messages.jsonl").read_text().splitlines()
    assert [json.loads(line)["reference"] for line in lines] == ["ref-1", "ref-2"]


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [("error_before", 500, 0), ("error_after", 500, 1), ("rate_limit", 429, 0)],
)
def test_faults_do_what_they_say(client, fault, status, kept):
    assert client.post("/faults", json={fault: 1}).get_json()[fault] == 1
    assert client.post("/v2/notifications/email", json=email()).status_code == status
    assert len(client.get("/messages.json").get_json()) == kept
    client.post("/faults", json={})
    assert client.post("/v2/notifications/email", json=email()).status_code == 201


@pytest.mark.parametrize(
    "values", [[], {"unknown": 1}, {"drop_reply": 2}, {"delay_ms": "9"}, {"error_after": True}]
)
def test_faults_that_make_no_sense_are_refused(client, values):
    response = client.post("/faults", json=values)
    assert response.status_code == 400
    assert response.get_json()["error"]
    assert set(client.get("/faults").get_json().values()) == {0}


def test_faults_cannot_be_set_from_elsewhere_or_through_another_name(client):
    assert client.post("/faults", json={}, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
    assert client.get("/messages.json", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("key", ["", "short", "name-" + "x" * 73])
def test_a_key_of_the_wrong_form_is_refused_at_the_start(folder, key):
    with pytest.raises(ValueError, match="two UUIDs"):
        create_mailbox(folder, api_key=key)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("’" * 70, 1), ("’" * 71, 2), ("", 1)],
)
def test_parts_of_a_text_are_counted_as_they_are_charged(text, parts):
    assert text_parts(text) == parts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("07700 900123", "+44 7700 900123", True),
        ("07700900123", "447700900123", True),
        ("Ada@Example.org", "ada@example.org", True),
        ("07700900123", "07700900124", False),
    ],
)
def test_spellings_of_one_recipient(one, other, same):
    assert same_recipient(one, other) is same


def test_marks_become_headings_lists_and_paragraphs():
    text = "# Title\nFirst\nline\n\n1. a\n2. b\n\n^ set in\n---\n[Join](https://example.org/j)"
    assert email_body(text) == (
        "<h3>Title</h3>\n<p>First<br>\nline</p>\n<ol><li>a</li><li>b</li></ol>\n"
        '<blockquote>set in</blockquote>\n<hr>\n<p><a href="https://example.org/j">Join</a></p>'
    )
    assert text_body("a\nb") == "<p>a<br>\nb</p>"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "[x](javascript:alert(1))", 'http"onclick=x'])
def test_only_web_addresses_become_links(text):
    assert "<a" not in linked(text)


def test_link_never_leaves_its_quotes():
    for tail in itertools.permutations("\"'<>", 3):
        assert linked("https://example.org/" + "".join(tail)).count('"') == 2


@pytest.mark.parametrize(
    ("channel", "order"),
    [
        ("email", email(sms_sender_id=TEMPLATE)),
        (
            "sms",
            {
                "phone_number": "07700900111",
                "template_id": TEMPLATE,
                "personalisation": {"body": "x"},
                "sanitise_content_for": ["body"],
            },
        ),
        ("letter", {"reference": "r", "content": "JVBERi0=", "template_id": TEMPLATE}),
    ],
)
def test_what_notify_does_not_know_is_refused(client, channel, order):
    refused = client.post(f"/v2/notifications/{channel}", json=order)

    assert refused.status_code == 400
    assert errors(refused)[0][0] == "ValidationError"
    assert "was unexpected" in errors(refused)[0][1]


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("rate_limit", 429, "RateLimitError"),
        ("daily_email", 429, "TooManyRequestsError"),
        ("daily_sms", 201, None),
        ("key_refused", 403, "AuthError"),
    ],
)
def test_each_limit_is_said_by_its_own_error(client, fault, status, error):
    client.post("/faults", json={fault: 1})
    answer = client.post("/v2/notifications/email", json=email())

    assert answer.status_code == status
    if error:
        assert errors(answer)[0][0] == error
        assert client.get("/messages.json").get_json() == []
