"""Links as they stand in messages: what an audience asked for opens once the dispatcher has sent it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, text

from app.messages.links import link_token, token_hash
from tenants.scope import Audience, Scope
from tenants.session import ASSUME

_AS_IT_WAS = text(
    "select session_user::text as login, current_setting('role') as role,"
    " coalesce(current_setting('app.authority', true), '') as authority,"
    " coalesce(current_setting('app.school', true), '') as school,"
    " coalesce(current_setting('app.person', true), '') as person,"
    " coalesce(current_setting('app.browser', true), '') as browser"
)
_TOKEN = text("select salt, in_authority, in_school from identity.token where outbox_id = :id")
_ARM = text("select identity.arm_token(:id, :hash)")
_LOG_IN = text("select set_config('session_authorization', :login, true), set_config('role', 'none', true)")


def sent(connection: Connection, secret_key: str, outbox_id: UUID) -> str:
    """The secret of the link in message `outbox_id`, open from here on.

    `connection`: a superuser's, whoever it stands for now; it is given back as it was.
    """
    with connection.begin_nested():
        before = connection.execute(_AS_IT_WAS).one()._asdict()
        connection.execute(text("set local session authorization default"))
        token = connection.execute(_TOKEN, {"id": outbox_id}).one_or_none()
        secret = link_token(secret_key, outbox_id, bytes(token.salt) if token else b"")
        if token is not None and token.salt:
            connection.execute(_LOG_IN, {"login": "wb_dispatch"})
            scope = Scope(Audience.DISPATCH, token.in_authority, token.in_school)
            connection.execute(ASSUME, scope.as_parameters())
            connection.execute(_ARM, {"id": outbox_id, "hash": token_hash(secret)})
        connection.execute(_LOG_IN, before)
        connection.execute(ASSUME, before)
    return secret
