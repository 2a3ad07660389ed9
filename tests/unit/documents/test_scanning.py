"""The scanner's protocol, spoken with a connection that lives in memory."""

import struct
from datetime import UTC, datetime, timedelta

import pytest

from app.documents.refusals import UploadRefused
from app.documents.scanning import (
    CHUNK,
    EICAR,
    FileInfected,
    NoScanner,
    Scanner,
    ScannerUnavailable,
)


class FakeConnection:
    """Takes what is sent, gives prepared pieces back, and can break at either."""

    def __init__(self, *pieces: bytes, send_error: Exception | None = None, receive_error=None) -> None:
        self.pieces = list(pieces)
        self.sent = b""
        self.send_error, self.receive_error = send_error, receive_error
        self.closed = False

    def settimeout(self, seconds):
        assert seconds > 0

    def sendall(self, data):
        if self.send_error:
            raise self.send_error
        self.sent += data

    def recv(self, size):
        if self.receive_error:
            raise self.receive_error
        return self.pieces.pop(0) if self.pieces else b""

    def close(self):
        self.closed = True


def scanner(connection: FakeConnection, **options) -> Scanner:
    return Scanner(lambda wait: connection, **options)


def unpacked(sent: bytes) -> bytes:
    """The stream that was sent, put together again as clamd would."""
    assert sent.startswith(b"zINSTREAM\0")
    rest, whole = sent[10:], b""
    while True:
        (size,) = struct.unpack(">I", rest[:4])
        if size == 0:
            assert rest[4:] == b""
            return whole
        assert size <= CHUNK
        whole, rest = whole + rest[4 : 4 + size], rest[4 + size :]


@pytest.mark.parametrize("data", [b"", b"x", b"y" * CHUNK, bytes(range(256)) * 1000])
def test_a_clean_file_is_sent_whole_and_passes(data):
    connection = FakeConnection(b"stream: OK\0")
    result = scanner(connection).scan(data)
    assert result.scanned
    assert unpacked(connection.sent) == data
    assert connection.closed


def test_an_answer_in_pieces():
    assert scanner(FakeConnection(b"stre", b"am: O", b"K\0")).scan(b"x").scanned


@pytest.mark.parametrize("signature", ["Eicar-Signature", "(null)", "Win.Test.EICAR_HDB-1"])
def test_a_find_is_a_refusal(signature):
    with pytest.raises(FileInfected) as found:
        scanner(FakeConnection(f"stream: {signature} FOUND\0".encode())).scan(b"x")
    assert found.value.signature == signature
    assert isinstance(found.value, UploadRefused)
    assert signature not in found.value.reason_for_person


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: OK",
        b"stream: OK\n",
        b"stream: OK\n\0",
        b"stream: ok\0",
        b"OK\0",
        b"stream: OK\0stream: Eicar FOUND\0",
        b" stream: OK\0",
        b"stream: OK OK\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\0",
        b"",
    ],
)
def test_any_other_answer_gives_no_verdict(answer):
    connection = FakeConnection(answer)
    with pytest.raises(ScannerUnavailable):
        scanner(connection).scan(b"x")
    assert connection.closed


def test_an_endless_answer_gives_no_verdict():
    with pytest.raises(ScannerUnavailable):
        scanner(FakeConnection(*[b"x" * 1000] * 10)).scan(b"x")


def test_a_timeout_gives_no_verdict():
    for connection in (
        FakeConnection(receive_error=TimeoutError()),
        FakeConnection(send_error=TimeoutError()),
    ):
        with pytest.raises(ScannerUnavailable):
            scanner(connection).scan(b"x")
        assert connection.closed


def test_a_scanner_that_cannot_be_reached():
    def refuse(wait):
        raise ConnectionRefusedError

    with pytest.raises(ScannerUnavailable):
        Scanner(refuse).scan(b"x")


def test_a_hang_up_over_the_limit_still_gives_its_reason():
    connection = FakeConnection(b"INSTREAM size limit exceeded. ERROR\0", send_error=BrokenPipeError())
    with pytest.raises(ScannerUnavailable, match="size limit"):
        scanner(connection).scan(b"x")


def test_nothing_over_the_limit_is_sent():
    connection = FakeConnection(b"stream: OK\0")
    with pytest.raises(ScannerUnavailable):
        scanner(connection, max_bytes=3).scan(b"four")
    assert connection.sent == b""


def test_no_scanner_says_so():
    result = NoScanner().scan(b"anything")
    assert not result.scanned
    assert result.scanner == "none"
    assert not NoScanner().is_ready(datetime.now(UTC))


def ready_with(*connections: FakeConnection) -> Scanner:
    waiting = list(connections)
    return Scanner(lambda wait: waiting.pop(0))


VERSION = b"ClamAV 1.4.3/27811/Sat Nov 21 09:24:00 2026\0"
MADE = datetime(2026, 11, 21, 9, 24, tzinfo=UTC)


def test_ready_means_fresh_signatures_and_the_test_file_found():
    canary = FakeConnection(b"stream: Eicar-Signature FOUND\0")
    assert ready_with(FakeConnection(VERSION), canary).is_ready(MADE + timedelta(hours=23))
    assert unpacked(canary.sent) == EICAR
    assert len(EICAR) == 68


@pytest.mark.parametrize(
    ("version", "canary", "age"),
    [
        (VERSION, b"stream: Eicar-Signature FOUND\0", timedelta(hours=25)),
        (VERSION, b"stream: OK\0", timedelta(hours=1)),
        (VERSION, b"stream: ERROR\0", timedelta(hours=1)),
        (b"ClamAV 1.4.3\0", b"stream: Eicar-Signature FOUND\0", timedelta(hours=1)),
        (b"ClamAV 1.4.3/1/yesterday\0", b"stream: Eicar-Signature FOUND\0", timedelta(hours=1)),
    ],
)
def test_not_ready(version, canary, age):
    assert not ready_with(FakeConnection(version), FakeConnection(canary)).is_ready(MADE + age)


@pytest.mark.parametrize("url", ["http://x", "tcp://", "unix://host/path", "unix:", "x", ""])
def test_an_address_that_is_none(url):
    with pytest.raises(ValueError, match="CLAMD_URL"):
        Scanner.from_url(url)
