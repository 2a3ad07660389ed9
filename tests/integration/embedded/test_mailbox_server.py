"""The official client of GOV.UK Notify talks to the mailbox's own server."""

import io
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from notifications_python_client.errors import HTTP503Error, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from demo.embedded.process import wait_for

ROOT = Path(__file__).parents[3]
KEY = f"drill-{uuid.uuid4()}-{uuid.uuid4()}"
TEMPLATE = str(uuid.uuid4())


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "demo.mailbox", "--port", str(port)]
    command += ["--data", str(tmp_path_factory.mktemp("mailbox"))]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "NOTIFY_API_KEY": KEY}, stderr=subprocess.DEVNULL
    )

    def answers():
        try:
            return requests.get(f"{address}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return server.poll() is not None

    try:
        assert wait_for(answers, 30)
        assert server.poll() is None
        yield address
    finally:
        server.terminate()
        server.wait(timeout=15)


@pytest.fixture
def notify(address):
    client = NotificationsAPIClient(KEY, base_url=address)
    yield client
    client.request_session.close()


@pytest.fixture
def faults(address):
    yield lambda **values: requests.post(f"{address}/faults", json=values, timeout=5).raise_for_status()
    requests.post(f"{address}/faults", json={}, timeout=5).raise_for_status()


def kept(notify, reference):
    return notify.get_all_notifications(reference=reference)["notifications"]


def test_email_and_text_are_sent_and_looked_up(notify):
    words = {"subject": "Dates", "body": "We meet on Tuesday."}
    email = notify.send_email_notification("ada@example.org", TEMPLATE, words, "client-email")
    text = notify.send_sms_notification("07700900111", TEMPLATE, {"body": "Tuesday"}, "client-text")
    assert notify.get_notification_by_id(email["id"])["subject"] == "Dates"
    (found,) = kept(notify, "client-text")
    assert (found["id"], found["status"], found["phone_number"]) == (text["id"], "delivered", "07700900111")
    newest = [item["id"] for item in notify.get_all_notifications_iterator()]
    assert newest[:2] == [text["id"], email["id"]]


def test_letter_as_a_file(notify):
    letter = notify.send_precompiled_letter_notification("client-letter", io.BytesIO(b"%PDF-1.7"), "first")
    assert letter["postage"] == "first"
    assert notify.get_pdf_for_letter(letter["id"]).read() == b"%PDF-1.7"


def test_refusals_reach_the_client_as_notifys(notify, address):
    with pytest.raises(HTTPError) as refused:
        notify.send_email_notification("nobody", TEMPLATE, {"subject": "a", "body": "b"})
    assert refused.value.status_code == 400
    assert cast(Any, refused.value.message)[0]["message"] == "email_address Not a valid email address"
    stranger = NotificationsAPIClient(f"other-{uuid.uuid4()}-{uuid.uuid4()}", base_url=address)
    with pytest.raises(HTTPError) as refused:
        stranger.get_all_notifications()
    stranger.request_session.close()
    assert refused.value.status_code == 403


def test_dropped_reply_leaves_a_message_that_its_reference_finds(notify, faults):
    faults(drop_reply=1)
    with pytest.raises(HTTP503Error):
        notify.send_sms_notification("07700900111", TEMPLATE, {"body": "once"}, "dropped")
    faults()
    assert [item["body"] for item in kept(notify, "dropped")] == ["once"]


def test_error_before_keeps_nothing(notify, faults):
    faults(error_before=1)
    with pytest.raises(HTTPError) as failed:
        notify.send_sms_notification("07700900111", TEMPLATE, {"body": "never"}, "before")
    assert failed.value.status_code == 500
    faults()
    assert kept(notify, "before") == []
