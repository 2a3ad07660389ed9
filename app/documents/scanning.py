"""Ask ClamAV whether a file carries something harmful.

Speaks clamd's INSTREAM command. Only the literal answer ``stream: OK`` lets a file pass: clamd may skip what
is over its limits, end early or answer in ways that look harmless, so anything else is no answer.
"""

import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.documents.refusals import UploadRefused

MAX_STREAM = 10 * 1024 * 1024  # keep every clamd limit (StreamMaxLength, MaxScanSize, MaxFileSize) above this
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
OLDEST_SIGNATURES = timedelta(hours=24)

# The harmless test file of eicar.org that every scanner must find, in two halves so that none finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScannerUnavailable(Exception):
    """No verdict: the scanner is away, refused or broke off, or the file is over its limit. Try later."""


class FileInfected(UploadRefused):
    """The scanner found something. `signature` is its name for it."""

    def __init__(self, signature: str) -> None:
        super().__init__(
            "infected",
            _("Our virus check found something in this file. We did not keep it. Ask your IT team to look."),
        )
        self.signature = signature


@dataclass(frozen=True)
class ScanResult:
    """What may be said of a file that was let through. `scanned` is False where nothing looked at it."""

    scanned: bool
    scanner: str


class FileScanner(Protocol):
    """Lets a file pass or says why not."""

    def scan(self, data: bytes) -> ScanResult:
        """Raises FileInfected or ScannerUnavailable."""

    def is_ready(self, now: datetime) -> bool:
        """Whether a verdict given now could be trusted."""


class NoScanner:
    """Stands where no scanner is configured, and says so: files pass with ``scanned=False``."""

    def scan(self, data: bytes) -> ScanResult:
        return ScanResult(scanned=False, scanner="none")

    def is_ready(self, now: datetime) -> bool:
        return False


class Connection(Protocol):
    """The few things that we do with a socket."""

    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...
    def settimeout(self, seconds: float | None, /) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Scanner:
    """A clamd, reached anew for every question.

    `seconds` is how long one question may take as a whole, from reaching clamd to the end of its answer.
    """

    connect: Callable[[float], Connection]
    seconds: float = 60.0
    max_bytes: int = MAX_STREAM

    @classmethod
    def from_url(cls, url: str, *, seconds: float = 60.0) -> "Scanner":
        """A scanner at ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``, else ValueError."""
        parts = urlsplit(url)
        if parts.scheme == "unix" and parts.path and not parts.netloc:
            return cls(lambda wait: _connect_unix(parts.path, wait), seconds)
        if parts.scheme == "tcp" and parts.hostname:
            address = (parts.hostname, parts.port or 3310)
            return cls(lambda wait: socket.create_connection(address, timeout=wait), seconds)
        raise ValueError("CLAMD_URL must look like tcp://host:3310 or unix:///run/clamav/clamd.ctl")

    def scan(self, data: bytes) -> ScanResult:
        """Let `data` pass, or raise FileInfected or ScannerUnavailable."""
        if len(data) > self.max_bytes:
            raise ScannerUnavailable("the file is more than the scanner may be sent")
        chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
        stream = [struct.pack(">I", len(chunk)) + chunk for chunk in chunks]
        answer = self._ask([b"zINSTREAM\0", *stream, struct.pack(">I", 0)])
        if answer == b"stream: OK\0":
            return ScanResult(scanned=True, scanner="clamd")
        found = re.fullmatch(rb"stream: ([^\0]+) FOUND\0", answer)
        if found:
            raise FileInfected(found[1].decode("ascii", "replace")[:100])
        raise ScannerUnavailable(f"no verdict: {answer[:80]!r}")

    def version(self) -> str:
        """What the scanner says of itself: its program, the number of its signatures and when they were made."""
        return self._ask([b"zVERSION\0"]).rstrip(b"\0").decode("ascii", "replace")

    def signatures_at(self) -> datetime:
        """When the scanner's signatures were made. ScannerUnavailable where it does not say."""
        answer = self.version()
        try:
            made = datetime.strptime(answer.split("/")[2].strip(), "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007
        except (IndexError, ValueError):
            raise ScannerUnavailable(f"no signatures: {answer[:80]!r}") from None
        return made.replace(tzinfo=UTC)

    def is_ready(self, now: datetime) -> bool:
        """Whether signatures are at most a day old and the standard test file is found. Never raises."""
        try:
            if now - self.signatures_at() > OLDEST_SIGNATURES:
                return False
            self.scan(EICAR)
        except FileInfected:
            return True
        except ScannerUnavailable:
            return False
        return False

    def _ask(self, messages: list[bytes]) -> bytes:
        """Send `messages` on a new connection and return the answer, which ends with a zero byte."""
        until = time.monotonic() + self.seconds
        try:
            connection = self.connect(self.seconds)
        except OSError as error:
            raise ScannerUnavailable(type(error).__name__) from None
        try:
            try:
                for message in messages:
                    connection.settimeout(_left(until))
                    connection.sendall(message)
            except (BrokenPipeError, ConnectionResetError):
                pass  # clamd hangs up on a stream over its limit; its answer may still be there to read
            return _read_answer(connection, until)
        except OSError as error:  # timeouts are OSErrors
            raise ScannerUnavailable(type(error).__name__) from None
        finally:
            connection.close()


def _read_answer(connection: Connection, until: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0"):
        connection.settimeout(_left(until))
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            raise ScannerUnavailable("the scanner broke off")
        answer += piece
        if len(answer) > LONGEST_ANSWER:
            raise ScannerUnavailable("the scanner's answer is too long")
    return answer


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connect_unix(path: str, wait: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(wait)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection
