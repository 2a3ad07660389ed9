"""What the doctor looks at for safety: the virus scanner, and known weaknesses of packages."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents.scanning import Scanner
from infra.clock import now
from infra.packages import say
from infra.redis_client import impatient
from infra.settings import Settings


def scanner(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Whether uploads can be checked now."""
    if not settings.clamd_url:
        if settings.is_production:
            yield False, "No virus scanner. Set CLAMD_URL; without it nobody can upload a file."
        else:
            yield (
                True,
                "No virus scanner (CLAMD_URL): in a demo uploads pass unchecked. In production none is taken.",
            )
        return
    try:
        ready = Scanner.from_url(settings.clamd_url, seconds=10).is_ready(now())
    except ValueError as error:
        yield False, f"{error}."
        return
    if ready:
        yield (
            True,
            "The virus scanner answers, finds the test file, and its signatures are of the last 24 hours.",
        )
    else:
        yield (
            False,
            "The virus scanner does not answer, misses the test file, or has signatures older than 24 hours."
            " Uploads wait in quarantine meanwhile. Check CLAMD_URL and freshclam.",
        )


def known_weaknesses(settings: Settings) -> Iterator[tuple[bool, str]]:
    """What the last look at the packages found, in production."""
    if settings.is_production:
        with impatient(settings.secret("redis_url")) as redis:
            yield say(redis, now())
