"""The scanner against a small clamd of our own on real sockets: all of its answers, and its silences."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.documents.scanning import EICAR, FileInfected, Scanner, ScannerUnavailable

LIMIT = 200_000
SLOW = b"never answer"


class FakeClamd:
    """Understands INSTREAM as clamd does, with its limit, on a TCP port or a unix socket."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.end = threading.Event()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        self.listener.settimeout(0.1)
        while not self.end.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                with contextlib.suppress(OSError):
                    self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            if stream.read(10) != b"zINSTREAM\0":
                connection.sendall(b"UNKNOWN COMMAND\0")
                return
            data = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                if len(data) + size > LIMIT:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
                data += stream.read(size)
        if data == SLOW:
            self.end.wait(10)
        elif data == EICAR:
            connection.sendall(b"stream: Eicar-Signature FOUND\0")
        elif data == b"broken":
            connection.sendall(b"stream: Can't create temporary file ERROR\0")
        elif data == b"cut":
            connection.sendall(b"stream: O")
        else:
            connection.sendall(b"stream: OK\0")

    def stop(self) -> None:
        self.end.set()
        self.thread.join()
        self.listener.close()


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a running fake clamd."""
    if request.param == "tcp":
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "c"))
        listener.listen()
        url = f"unix://{tmp_path / 'c'}"
    daemon = FakeClamd(listener)
    yield url
    daemon.stop()


def test_a_clean_file_passes(clamd):
    assert Scanner.from_url(clamd).scan(b"x" * 150_000).scanned


def test_the_test_file_is_found(clamd):
    with pytest.raises(FileInfected):
        Scanner.from_url(clamd).scan(EICAR)


@pytest.mark.parametrize(
    "data", [b"broken", b"cut", b"x" * 5_000_000], ids=["error", "cut off", "over limit"]
)
def test_no_verdict(clamd, data):
    with pytest.raises(ScannerUnavailable):
        Scanner.from_url(clamd).scan(data)


def test_a_scanner_that_never_answers(clamd):
    with pytest.raises(ScannerUnavailable):
        Scanner.from_url(clamd, seconds=0.3).scan(SLOW)


def test_a_scanner_that_is_gone(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/none"):
        with pytest.raises(ScannerUnavailable):
            Scanner.from_url(url).scan(b"x")
