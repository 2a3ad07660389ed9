"""What `webelong doctor` looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.cli import doctor_safety
from infra.database import UnsafeDatabase, make_engine, refuse_unsafe
from infra.openid_client import OpenIdClient, OpenIdUnavailable
from infra.redis_client import impatient
from infra.settings import Settings, SettingsError, load_settings
from infra.storage import ObjectStorage, StorageError
from migrations.run import head
from tenants.roles import LOGINS

URLS = {
    "wb_web": "database_url",
    "wb_signin": "database_signin_url",
    "wb_owner": "database_owner_url",
    "wb_dispatch": "database_dispatch_url",
    "wb_rollup": "database_rollup_url",
    "wb_documents": "database_documents_url",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    is_fine: bool
    text: str


def examine() -> list[Finding]:
    """Everything that can be told from outside, in the order in which one would mend it."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return [Finding(False, str(error))]
    findings = [Finding(True, f"Settings are complete ({settings.webelong_mode} mode).")]
    if settings.is_production and not settings.is_https:
        findings.append(Finding(False, "BASE_URL must begin with https:// in production."))
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _logins,
        _tables,
        _redis,
        _storage,
        _providers,
    )
    for check in checks:
        findings.extend(check(settings))
    for more in (doctor_safety.scanner, doctor_safety.known_weaknesses):
        findings.extend(Finding(is_fine, words) for is_fine, words in more(settings))
    return findings


def _logins(settings: Settings) -> Iterator[Finding]:
    for role, name in URLS.items():
        value = getattr(settings, name)
        if value is None:
            yield Finding(False, f"{name.upper()} is not set: nothing can run as {role} ({LOGINS[role]}).")
            continue
        engine = make_engine(value.get_secret_value())
        try:
            with engine.connect() as connection:
                found = connection.execute(text("select session_user")).scalar_one()
            if found == role:
                yield Finding(True, f"{role} can log in.")
            else:
                yield Finding(False, f"{name.upper()} logs in as {found}. It must be {role}.")
        except SQLAlchemyError:
            yield Finding(
                False, f"{role} cannot log in. Check {name.upper()} and that PostgreSQL is running."
            )
        finally:
            engine.dispose()


def _tables(settings: Settings) -> Iterator[Finding]:
    engine = make_engine(settings.secret("database_url"))
    try:
        refuse_unsafe(engine)
        yield Finding(True, "Every tenant table is protected, and the web login is weak enough.")
        with engine.connect() as connection:
            connection.execute(text("select set_config('role', 'wb_public', true)"))
            at = connection.execute(text("select version_num from public.alembic_version")).scalar_one()
        newest = head()
        if at == newest:
            yield Finding(True, f"The database is at the newest revision ({at}).")
        else:
            yield Finding(
                False, f"The database is at revision {at}, this code needs {newest}. Run `webelong migrate`."
            )
    except UnsafeDatabase as error:
        yield Finding(False, str(error))
    except SQLAlchemyError:
        yield Finding(False, "The tables could not be looked at. Is PostgreSQL running, and was it migrated?")
    finally:
        engine.dispose()


def _redis(settings: Settings) -> Iterator[Finding]:
    try:
        with impatient(settings.secret("redis_url")) as client:
            client.ping()
        yield Finding(True, "Redis answers.")
    except RedisError:
        yield Finding(
            False, "Redis does not answer. Messages wait for the poller meanwhile. Check REDIS_URL."
        )


def _storage(settings: Settings) -> Iterator[Finding]:
    storage = ObjectStorage.from_settings(
        endpoint=settings.s3_endpoint,
        access_key=settings.secret("s3_access_key"),
        secret_key=settings.secret("s3_secret_key"),
        bucket=settings.s3_bucket,
        region=settings.s3_region,
    )
    try:
        fine = storage.healthy()
    except StorageError:
        fine = False
    if fine:
        yield Finding(True, "The storage answers and the bucket is there.")
    else:
        yield Finding(False, "The storage does not answer, or the bucket is missing. Check the S3_ settings.")


def _providers(settings: Settings) -> Iterator[Finding]:
    for provider in settings.openid_providers:
        try:
            OpenIdClient(provider).check()
            yield Finding(True, f"People at work can sign in with {provider.label}.")
        except OpenIdUnavailable as error:
            yield Finding(
                False,
                f"Nobody can sign in with {provider.label} now: {error}."
                f" Check the entry {provider.name} of OIDC_PROVIDERS. Passwords work meanwhile.",
            )
