"""What GOV.UK Notify says by itself: who may say it, and where it waits for the worker that takes it in.

The web server puts it down (`app.keep_delivery`, `app.keep_text`) and reads none of it; `workers/deliveries.py` settles
the message, `workers/replies.py` hears the text, each as if the schedule had asked for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import TextClause, text

from app.extensions import db
from app.shell.validators import without_unfit_letters
from infra.notify import Delivery, Reply
from tenants.scope import PUBLIC
from tenants.session import ScopedSession

_BEARS = text("select app.bears_council_token(:token)")
_KEEP_COUNCIL_DELIVERY = text("select app.keep_council_delivery(:token, :provider, :said)")
_KEEP_COUNCIL_TEXT = text("select app.keep_council_text(:token, :reply, :number, :words, :at)")
_KEEP_DELIVERY = text("select app.keep_delivery(:provider, :said)")
_KEEP_TEXT = text("select app.keep_text(:reply, :number, :words, :at)")

#: Bytes of a callback at most: a text has some thousands, with everything around it.
LONGEST = 64 * 1024
#: Letters of a council's token (`own_key.py`): nobody is looked up for anything else.
COUNCIL_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose service speaks: our own, or a council's, which is known by the hash of its token."""

    council_token: bytes | None = None


def who_bears(header: str, tokens: Sequence[str]) -> Bearer | None:
    """Whose token an Authorization header bears; None for nobody's. Takes as long for a wrong one as for a right one:
    a council's is looked up by its hash, which nobody can aim."""
    if is_notify(header, tokens):
        return Bearer()
    scheme, _space, given = header.partition(" ")
    token = given.strip()
    if scheme.lower() != "bearer" or len(token) != COUNCIL_TOKEN:
        return None
    digest = digest_of(token)
    return Bearer(digest) if _ask(_BEARS, token=digest) else None


def is_notify(header: str, tokens: Sequence[str]) -> bool:
    """Whether an Authorization header bears one of these tokens. Takes as long for a wrong one as for a right one."""
    scheme, _space, given = header.partition(" ")
    digest = digest_of(given.strip())
    found = [hmac.compare_digest(digest, digest_of(token)) for token in tokens]
    return scheme.lower() == "bearer" and any(found)


def keep_delivery(bearer: Bearer, provider_id: UUID, became: Delivery) -> None:
    """Keep what became of a message; what is under way still is no news. Twice is once, and the first end counts."""
    if became is Delivery.UNDER_WAY:
        return
    if bearer.council_token is None:
        _ask(_KEEP_DELIVERY, provider=provider_id, said=became.value)
    else:
        _ask(_KEEP_COUNCIL_DELIVERY, token=bearer.council_token, provider=provider_id, said=became.value)


def keep_text(bearer: Bearer, reply: Reply) -> None:
    """Keep a text until it is heard. Twice is once."""
    values = {
        "reply": UUID(reply.id),
        "number": without_unfit_letters(reply.phone),
        "words": without_unfit_letters(reply.words),
        "at": reply.at,
    }
    if bearer.council_token is None:
        _ask(_KEEP_TEXT, **values)
    else:
        _ask(_KEEP_COUNCIL_TEXT, token=bearer.council_token, **values)


def _ask(statement: TextClause, **values: object) -> object:
    # As nobody, whoever's browser this may come from: the token is what counts.
    with ScopedSession(db.engine, scope=PUBLIC) as session:
        answer = session.execute(statement, values).scalar()
        session.commit()
    return answer


def digest_of(token: str) -> bytes:
    """What is compared, and of a council's token kept, in place of it."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
