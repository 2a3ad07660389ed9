"""Everything the service is told from outside, read once from the environment and checked at the start."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from infra.openid import OpenIdProvider, parse_providers
from infra.tls import unprotected


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which one and what to do."""


class Settings(BaseSettings):
    """Settings of one process. Defaults are safe in production: nothing is on that was not asked for."""

    model_config = SettingsConfigDict(extra="ignore", env_file=None)

    webelong_mode: Literal["production", "demo", "test"] = "production"
    secret_key: SecretStr
    base_url: str = "http://127.0.0.1:8000"

    database_url: SecretStr
    database_signin_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    database_dispatch_url: SecretStr | None = None
    database_rollup_url: SecretStr | None = None
    database_documents_url: SecretStr | None = None

    redis_url: SecretStr
    s3_endpoint: str | None = None
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str
    s3_region: str = "eu-west-2"

    notify_base_url: str = "https://api.notifications.service.gov.uk"
    notify_api_key: SecretStr
    notify_email_template_id: str = "00000000-0000-4000-8000-000000000001"
    notify_sms_template_id: str = "00000000-0000-4000-8000-000000000002"
    #: What Notify's callbacks prove themselves by, apart by spaces: a new one beside the old while it is changed there.
    #: Empty: no callbacks are taken, and the service asks.
    notify_callback_tokens: SecretStr = SecretStr("")
    #: What texts cost, and until when these numbers of Notify's stood: a council's page names the day beside them.
    notify_free_texts: int = Field(default=10_000, ge=0)
    notify_text_pence: Decimal = Field(default=Decimal("2.4"), ge=0)
    notify_prices_from: date = date(2026, 4, 1)
    #: Of each kind, in a day.
    notify_daily_limit: int = Field(default=250_000, ge=1)
    mailbox_url: str | None = None
    clamd_url: str | None = None

    #: A JSON list; it holds client secrets.
    oidc_providers: SecretStr = SecretStr("")

    proxy_hops: int = Field(default=0, ge=0, le=3)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("must be at least 32 characters of random text")
        return value

    @field_validator("notify_callback_tokens")
    @classmethod
    def _not_guessed(cls, value: SecretStr) -> SecretStr:
        if any(len(token) < 32 for token in value.get_secret_value().split()):
            raise ValueError("each must be at least 32 characters of random text, without a space")
        return value

    @model_validator(mode="after")
    def _encrypted_on_the_way(self) -> Settings:
        if self.is_production:
            addresses = [name for name in type(self).model_fields if name.startswith("database_")]
            names = ["base_url", "redis_url", "s3_endpoint", "notify_base_url", *addresses]
            plain = {name: getattr(self, name) for name in names}
            found = unprotected(
                {
                    name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else value
                    for name, value in plain.items()
                }
            )
            if found:
                raise ValueError(" ".join(found))
        return self

    @field_validator("oidc_providers")
    @classmethod
    def _describes_providers(cls, value: SecretStr) -> SecretStr:
        parse_providers(value.get_secret_value())
        return value

    @cached_property
    def openid_providers(self) -> tuple[OpenIdProvider, ...]:
        return parse_providers(self.oidc_providers.get_secret_value())

    @cached_property
    def callback_tokens(self) -> tuple[str, ...]:
        return tuple(self.notify_callback_tokens.get_secret_value().split())

    @cached_property
    def is_demo(self) -> bool:
        return self.webelong_mode == "demo"

    @cached_property
    def is_production(self) -> bool:
        return self.webelong_mode == "production"

    @cached_property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    def secret(self, name: str) -> str:
        """The plain text of a secret setting. Raises SettingsError when it was not given."""
        value = getattr(self, name)
        if value is None:
            raise SettingsError(
                f"{name.upper()} is not set. Set it, or start this from a running demo's folder."
            )
        return value.get_secret_value()


def demo_directory() -> Path:
    """The folder of the demo that other commands talk to (`WEBELONG_DIR`, default `.webelong/`)."""
    return Path(os.environ.get("WEBELONG_DIR", ".webelong"))


def load_settings() -> Settings:
    """Settings from the environment; what it lacks comes from a running demo's folder, when there is one."""
    known = dict(os.environ)
    demo = demo_directory() / "environment.json"
    if "DATABASE_URL" not in known and demo.is_file():
        known = json.loads(demo.read_text()) | known
    fields = {name: known[name.upper()] for name in Settings.model_fields if name.upper() in known}
    try:
        return Settings.model_validate(fields)
    except ValidationError as error:
        problems = " ".join(_in_words(item["loc"], item["msg"]) for item in error.errors())
        raise SettingsError(f"Check these settings. {problems}") from None


def _in_words(place: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in place).upper()
    message = message.removeprefix("Value error, ")
    # What concerns several settings names them itself.
    return f"{name}: {message}." if name else message
