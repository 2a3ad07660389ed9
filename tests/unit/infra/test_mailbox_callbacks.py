"""The mailbox calls back as Notify does: with the token, five times more where nothing or a 500 comes."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demo.mailbox import callbacks
from demo.mailbox.callbacks import RETRIES, Callbacks, Where
from demo.mailbox.faults import FaultBox


class Service(ThreadingHTTPServer):
    """What is called: answers with `status`, and keeps what it was told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.heard = 200, []

    def told(self, count, *, seconds=10):
        until = time.monotonic() + seconds
        while len(self.heard) < count and time.monotonic() < until:
            time.sleep(0.01)
        return [body["id"] for _path, _token, body in self.heard]


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def service():
    made = Service()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def faults():
    return FaultBox()


@pytest.fixture
def calls(service, faults, monkeypatch):
    monkeypatch.setattr(callbacks, "AFTER_SECONDS", 0.0)
    monkeypatch.setattr(callbacks, "OVERTAKEN_SECONDS", 0.3)
    where = Where.at(f"http://127.0.0.1:{service.server_port}/", "a-token", retry_seconds=0.01)
    made = Callbacks(where, faults)
    yield made
    made.close()


def test_each_kind_goes_to_its_address_with_the_token(service, calls):
    calls.tell_delivery({"id": "one"})
    calls.tell_text({"id": "two"})

    service.told(2)
    assert service.heard == [
        ("/notify/delivery", "Bearer a-token", {"id": "one"}),
        ("/notify/text", "Bearer a-token", {"id": "two"}),
    ]


def test_trouble_is_met_by_five_more_tries_and_no_more(service, calls):
    service.status = 503
    calls.tell_delivery({"id": "one"})

    assert service.told(1 + RETRIES) == ["one"] * (1 + RETRIES)
    time.sleep(0.1)
    assert len(service.heard) == 6


def test_what_comes_through_or_is_refused_is_not_tried_again(service, calls):
    for status in (200, 400, 401):
        service.status = status
        calls.tell_delivery({"id": str(status)})
        service.told(len(service.heard) + 1)
    time.sleep(0.1)

    assert service.told(3) == ["200", "400", "401"]


def test_faults_drop_repeat_and_reorder(service, calls, faults):
    faults.set({"callback_drop": 1})
    calls.tell_delivery({"id": "lost"})
    faults.set({"callback_reorder": 1})
    calls.tell_delivery({"id": "first"})
    faults.set({"callback_repeat": 1})
    calls.tell_delivery({"id": "second"})

    assert service.told(3) == ["second", "second", "first"]


def test_without_an_address_nothing_is_called(faults):
    silent = Callbacks(None, faults)
    silent.tell_delivery({"id": "one"})
    silent.tell_text({"id": "two"})
    silent.close()
