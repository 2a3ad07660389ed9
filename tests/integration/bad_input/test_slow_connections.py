"""Browsers that send half a request, a slow upload, or do not read: everybody else is served meanwhile."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest

from infra.headers import HEADERS
from tests.integration.bad_input.test_server import CONFIG, ROOT, _address
from tests.support.paths import python_path

#: A web application that answers what it was sent, and where `/big` more than fits on the way.
APPLICATION = """
import time

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/work":
        time.sleep(2)
    sent = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * 8_000_000 if path == "/big" else b"%d" % len(sent)]
"""
#: Much more than any answer took when the machine was busy; without its own thread a worker waits for ever.
SOON = 15


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("slow")) as started:
        yield started


@contextmanager
def serving(folder):
    """The product's web server with an application of ours: its address, its process and its log."""
    (folder / "answering.py").write_text(APPLICATION)
    written = folder / "log"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        *CONFIG,
        "answering:app",
        "--workers",
        "2",
        "--bind",
        "127.0.0.1:0",
    ]
    with written.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": python_path(folder, ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        host, port = _address(process, written).removeprefix("http://").split(":")
        yield (host, int(port)), process, written
    finally:
        process.terminate()
        process.wait(20)


def ask(address, sent=b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"):
    """Status, headers and body of the answer."""
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(sent)
        return read(connection)


def read(connection):
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.headers, answer.read()


def hold(stack, address, sent, *, window=None):
    connection = stack.enter_context(socket.socket())
    if window:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.settimeout(60)
    connection.connect(address)
    connection.sendall(sent)
    return connection


def test_pages_answer_while_others_hold_half_a_request(server):
    address, _process, _log = server
    with ExitStack() as stack:
        # given twelve halves of a request
        halves = [hold(stack, address, b"GET / HTTP/1.1\r\nHost: a\r\n") for _ in range(11)]
        halves.append(hold(stack, address, b"GE"))
        # and fifty slow ones: uploads that do not come, and readers who do not read
        for number in range(50):
            if number % 5 == 0:
                hold(stack, address, b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n", window=4096)
            elif number % 2:
                hold(stack, address, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\nx")
            else:
                hold(
                    stack, address, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
                )
        # then everybody else is served
        began = time.monotonic()
        for _ in range(5):
            assert ask(address)[0] == 200
        assert time.monotonic() - began < SOON
        # and whoever sent half a request hears that we waited, in a page like every other
        status, headers, page = read(halves[0])
        assert status == 408
        assert b"We could not read what your browser sent" in page
        for name, value in HEADERS.items():
            assert headers.get_all(name) == [value], name


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde", b"5"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", b"0"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n3;x=y\r\nfgh\r\n0\r\n\r\n",
            b"8",
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n",
            b"1",
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + b"y" * 900_000, b"900000"),
        (b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", b"0"),
    ],
    ids=["length", "nothing", "chunks", "trailer", "large", "empty line first"],
)
@pytest.mark.parametrize("pieces", [1, 7])
def test_what_comes_in_pieces_arrives_whole(server, sent, size, pieces):
    address, _process, _log = server
    step = -(-len(sent) // pieces)
    with socket.create_connection(address, timeout=60) as connection:
        for start in range(0, len(sent), step):
            connection.sendall(sent[start : start + step])
            time.sleep(0.01)
        status, _headers, body = read(connection)
    assert (status, body) == (200, size)


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde",
        b"\x16\x03\x01\x00\xa5\x01\r\n\r\n",
    ],
    ids=["no number", "negative", "two lengths", "length and chunks", "sign", "tls"],
)
def test_a_body_without_or_with_two_framings_is_refused_at_once(server, sent):
    address, _process, _log = server
    status, headers, _body = ask(address, sent)
    assert 400 <= status < 600
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]


def test_whoever_waits_for_a_word_before_sending_gets_it(server):
    address, _process, _log = server
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert read(connection)[2] == b"3"


def test_who_hangs_up_in_the_middle_harms_nobody(server):
    address, _process, log = server
    for sent in (
        b"",
        b"GET",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
        b"GET /big HTTP/1.1\r\n\r\n",
    ):
        for _ in range(5):
            with socket.create_connection(address, timeout=60) as connection:
                connection.sendall(sent)
    assert ask(address)[0] == 200
    assert "Traceback" not in log.read_text()


@pytest.fixture
def server_to_stop(tmp_path):
    with serving(tmp_path) as started:
        yield started


def test_when_told_to_stop_what_is_under_way_is_answered(server_to_stop):
    # the last test of the server: it stops it
    address, process, log = server_to_stop
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(b"GET /work HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert read(connection)[0] == 200
    assert process.wait(30) == 0
    assert "Traceback" not in log.read_text()
