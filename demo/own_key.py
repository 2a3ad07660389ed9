"""The demo borough's own service at the mailbox: its administrator entered the key long ago."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import create_engine, text

from app.identity.secrets import seal
from demo.keys import made_id
from demo.plan import EASTMERE
from infra.database import sqlalchemy_url
from infra.notify import ApiKey
from infra.settings import Settings

_ENTER = text(
    "insert into notify_key (authority_id, id, service_id, ending, sealed, email_template_id, sms_template_id, by_name,"
    " set_at, proven_at) values (:authority, :id, :service, :ending, :sealed, :email, :sms, :by,"
    " app.now() - interval '200 days', app.now() - interval '199 days') on conflict do nothing"
)


def enter_key(settings: Settings, api_key: str) -> None:
    """Let the borough's messages go by this key. Once: what somebody did with it since stays."""
    key, authority = ApiKey.parse(api_key), made_id("authority", EASTMERE.la_code)
    engine = create_engine(sqlalchemy_url(settings.secret("database_owner_url")))
    try:
        with engine.begin() as connection:
            connection.execute(
                _ENTER,
                {
                    "authority": authority,
                    "id": made_id("notify_key", authority),
                    "service": key.service_id,
                    "ending": key.text[-4:],
                    "sealed": seal(settings.secret("secret_key"), key.text),
                    "email": UUID(settings.notify_email_template_id),
                    "sms": UUID(settings.notify_sms_template_id),
                    "by": EASTMERE.officers[0].name,
                },
            )
    finally:
        engine.dispose()
