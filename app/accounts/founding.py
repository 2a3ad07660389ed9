"""The link by which the first people of an authority come in: made by the operator, as the owner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.identity.gate import function
from app.identity.roles import Role
from app.messages.services import link_token, token_hash

_FOUND_TOKEN = function(
    "found_token",
    "hash",
    "role",
    "authority_id",
    "school_id",
    "person_id",
    "address",
    "name",
    "outbox_id",
    "expires_at",
)


def make_link(
    session: Session,
    secret_key: str,
    outbox_id: UUID,
    *,
    role: Role,
    authority_id: UUID,
    person_id: UUID,
    address: str,
    name: str,
    expires_at: datetime,
) -> None:
    """What the message `outbox_id` opens: a way in for this person at the council, until `expires_at`."""
    session.execute(
        _FOUND_TOKEN,
        {
            "hash": token_hash(link_token(secret_key, outbox_id)),
            "role": role.value,
            "authority_id": authority_id,
            "school_id": None,
            "person_id": person_id,
            "address": address,
            "name": name,
            "outbox_id": outbox_id,
            "expires_at": expires_at,
        },
    )
