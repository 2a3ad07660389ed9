"""Asks the scanner with care: only while it can be trusted, and not twice for the same file on the same signatures.

A remembered verdict stands in Redis under a keyed hash and is signed, so that whoever can write there can neither
clear a file nor learn which files there are. Without Redis every file is scanned.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from app.documents.scanning import (
    FileInfected,
    FileScanner,
    NoScanner,
    Scanner,
    ScannerUnavailable,
    ScanResult,
)
from infra.clock import now
from infra.redis_client import impatient
from infra.settings import Settings

#: Seconds for which a scanner that was found ready is not asked again.
TRUSTED = 300
#: Seconds for which a verdict is remembered.
REMEMBERED = 24 * 60 * 60

_CLEAN = b"clean"


@dataclass(frozen=True)
class Verdicts:
    """What was said of which bytes by which signatures."""

    redis: Redis
    secret: bytes = field(repr=False)

    def find(self, digest: str, signatures: str) -> bytes | None:
        """The verdict: `clean`, or the name of what was found. None where nothing that we wrote is there."""
        key = self._key(digest, signatures)
        try:
            kept = cast("bytes | None", self.redis.get(key))
        except (RedisError, OSError):
            return None
        signature, _, verdict = bytes(kept or b"").partition(b" ")
        return verdict if hmac.compare_digest(signature, self._sign(key, verdict)) else None

    def keep(self, digest: str, signatures: str, verdict: bytes) -> None:
        """Remember a verdict for a day. That Redis is away is no error."""
        key = self._key(digest, signatures)
        try:
            self.redis.set(key, self._sign(key, verdict) + b" " + verdict, ex=REMEMBERED)
        except (RedisError, OSError):
            return

    def _key(self, digest: str, signatures: str) -> str:
        return "webelong:verdict:" + self._hash(f"{digest} {signatures}".encode())

    def _sign(self, key: str, verdict: bytes) -> bytes:
        return self._hash(key.encode() + b" " + verdict).encode()

    def _hash(self, data: bytes) -> str:
        return hmac.new(self.secret, b"verdict " + data, hashlib.sha256).hexdigest()


@dataclass
class CarefulScanner:
    """A clamd that is asked only while its signatures are fresh and it finds the standard test file."""

    scanner: Scanner
    verdicts: Verdicts
    _signatures: str = ""
    _trusted_until: float = 0.0

    def scan(self, data: bytes) -> ScanResult:
        """Let `data` pass, or raise FileInfected or ScannerUnavailable."""
        self._trust()
        digest = hashlib.sha256(data).hexdigest()
        known = self.verdicts.find(digest, self._signatures)
        if known == _CLEAN:
            return ScanResult(scanned=True, scanner="clamd")
        if known:
            raise FileInfected(known.decode("ascii", "replace"))
        try:
            result = self.scanner.scan(data)
        except FileInfected as found:
            self.verdicts.keep(digest, self._signatures, found.signature.encode("ascii", "replace"))
            raise
        self.verdicts.keep(digest, self._signatures, _CLEAN)
        return result

    def is_ready(self, now: datetime) -> bool:
        return self.scanner.is_ready(now)

    def _trust(self) -> None:
        if time.monotonic() < self._trusted_until:
            return
        self._signatures = self.scanner.version()
        if not self.scanner.is_ready(now()):
            raise ScannerUnavailable("its signatures are old, or it does not find the test file")
        self._trusted_until = time.monotonic() + TRUSTED


class MissingScanner:
    """Stands in production where no scanner is configured: no file passes."""

    def scan(self, data: bytes) -> ScanResult:
        raise ScannerUnavailable("CLAMD_URL is not set")

    def is_ready(self, now: datetime) -> bool:
        return False


def scanner_from(settings: Settings) -> FileScanner:
    """The scanner that the settings name. Without one files pass unseen in a demo, and none passes in production."""
    if settings.clamd_url:
        secret = settings.secret("secret_key").encode()
        verdicts = Verdicts(impatient(settings.secret("redis_url")), secret)
        return CarefulScanner(Scanner.from_url(settings.clamd_url), verdicts)
    return MissingScanner() if settings.is_production else NoScanner()
