"""What GOV.UK Notify says by itself: who may say it, and where it waits for the worker that takes it in.

The web server puts it down (`app.keep_delivery`, `app.keep_text`) and reads none of it; `workers/deliveries.py` settles
the message, `workers/replies.py` hears the text, each as if the schedule had asked for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import TextClause, text

from app.extensions import db
from app.shell.validators import without_unfit_letters
from infra.notify import Delivery, Reply
from tenants.scope import PUBLIC
from tenants.session import ScopedSession

_KEEP_DELIVERY = text("select app.keep_delivery(:provider, :said)")
_KEEP_TEXT = text("select app.keep_text(:reply, :number, :words, :at)")

#: Bytes of a callback at most: a text has some thousands, with everything around it.
LONGEST = 64 * 1024


def is_notify(header: str, tokens: Sequence[str]) -> bool:
    """Whether an Authorization header bears one of these tokens. Takes as long for a wrong one as for a right one."""
    scheme, _space, given = header.partition(" ")
    digest = _digest(given.strip())
    found = [hmac.compare_digest(digest, _digest(token)) for token in tokens]
    return scheme.lower() == "bearer" and any(found)


def keep_delivery(provider_id: UUID, became: Delivery) -> None:
    """Keep what became of a message; what is under way still is no news. Twice is once, and the first end counts."""
    if became is not Delivery.UNDER_WAY:
        _keep(_KEEP_DELIVERY, provider=provider_id, said=became.value)


def keep_text(reply: Reply) -> None:
    """Keep a text until it is heard. Twice is once."""
    _keep(
        _KEEP_TEXT,
        reply=UUID(reply.id),
        number=without_unfit_letters(reply.phone),
        words=without_unfit_letters(reply.words),
        at=reply.at,
    )


def _keep(statement: TextClause, **values: object) -> None:
    # As nobody, whoever's browser this may come from: the token is what counts.
    with ScopedSession(db.engine, scope=PUBLIC) as session:
        session.execute(statement, values)
        session.commit()


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
