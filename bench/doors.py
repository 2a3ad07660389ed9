"""What a stopwatch at the doors can tell: the same press for an address that we know and for one that we do not."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from flask import Flask

from app.accounts.passwords import hash_password
from app.extensions import limiter
from app.factory import create_app
from app.identity.gate import close_doors
from bench.data import Fleet
from demo.embedded import EmbeddedStack
from infra.ids import new_id
from infra.settings import Settings

KNOWN, UNKNOWN = "lead@example.org", "nobody@example.org"


@dataclass(frozen=True)
class DoorResult:
    """Medians of interleaved presses, in milliseconds."""

    door: str
    known_ms: float
    unknown_ms: float

    @property
    def apart_ms(self) -> float:
        return abs(self.known_ms - self.unknown_ms)


def measure_doors(stack: EmbeddedStack, fleet: Fleet, *, presses: int) -> list[DoorResult]:
    """Asking for a link, and a wrong password, each for both addresses in turn."""
    app = _application(stack, fleet)
    with psycopg.connect(fleet.superuser_url, autocommit=True) as connection:
        connection.execute(
            "update identity.account set password_hash = %s where email = %s",
            [hash_password("the right one, not typed here"), KNOWN],
        )
        # A link is for parents and facilitators; the lead is one too, for this while.
        connection.execute(
            "insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)"
            " select %s, id, 'parent', %s, %s, %s from identity.account where email = %s",
            [new_id(), fleet.authority_id, fleet.school_id, new_id(), KNOWN],
        )
        found = [
            _compare(
                "a link is asked for",
                app,
                connection,
                "/new-link",
                lambda address: {"address": address},
                presses,
            ),
            _compare(
                "a wrong password",
                app,
                connection,
                "/sign-in",
                lambda address: {"email": address, "password": "wrong but long enough"},
                presses,
            ),
        ]
    with app.app_context():
        close_doors()
    return found


def _compare(
    door: str,
    app: Flask,
    connection: psycopg.Connection,
    path: str,
    form: Callable[[str], dict[str, str]],
    presses: int,
) -> DoorResult:
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for turn in range(presses + 5):
        for address in (KNOWN, UNKNOWN) if turn % 2 else (UNKNOWN, KNOWN):
            connection.execute("delete from identity.attempt")
            client = app.test_client()
            started = time.perf_counter()
            status = client.post(path, data=form(address)).status_code
            times[address].append(time.perf_counter() - started)
            if status not in (200, 303):
                raise RuntimeError(f"{path} answered {status}")
    known, unknown = (statistics.median(times[address][5:]) * 1000 for address in (KNOWN, UNKNOWN))
    return DoorResult(door, known, unknown)


def _application(stack: EmbeddedStack, fleet: Fleet) -> Flask:
    app = create_app(
        Settings.model_validate(
            {
                "webelong_mode": "test",
                "secret_key": "bench-" + "x" * 40,
                "database_url": fleet.urls["wb_web"],
                "database_signin_url": fleet.urls["wb_signin"],
                "redis_url": stack.redis.url,
                "s3_endpoint": stack.s3.endpoint,
                "s3_access_key": stack.s3.access_key,
                "s3_secret_key": stack.s3.secret_key,
                "s3_bucket": stack.s3.bucket,
                "notify_api_key": "bench",
            }
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    return app
