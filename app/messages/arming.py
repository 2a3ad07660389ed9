"""What opens an invitation comes about where its message is sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.messages.catalogue import get_kind
from app.messages.links import link_token, token_hash
from app.messages.lookups import TOKENS
from app.messages.parts import Message

_ARM = text("select identity.arm_token(:outbox_id, :hash)")


def arm_links(session: Session, messages: Sequence[Message], *, secret_key: str) -> None:
    """Let the one-time links of these messages open, from now on. Said again it changes nothing.

    The session serves their school or authority, as the dispatcher. Links that people ask for themselves open already.
    """
    ids = {m.token_id for m in messages if get_kind(m.kind).needs_token and not get_kind(m.kind).code}
    if not ids:
        return
    for row in session.execute(TOKENS, {"ids": list(ids)}).all():
        if row.salt:
            secret = link_token(secret_key, row.id, row.salt)
            session.execute(_ARM, {"outbox_id": row.id, "hash": token_hash(secret)})
