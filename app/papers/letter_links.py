"""What opens the link of a printed letter comes about where it is made, as for messages where they are sent.

The documents worker alone reads the salt, and the database never sees the key.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.documents.models import StoredDocument
from app.messages.links import letter_address, letter_code, token_hash
from app.papers.kinds import InvitationLetter
from app.shell.errors import NotFound
from infra.clock import LONDON

_TOKEN = text("select salt, expires_at, is_open from identity.letter_token(:letter, :person)")
_ARM = text("select identity.arm_letter(:letter, :hash)")


def with_link(
    session: Session, letter: InvitationLetter, row: StoredDocument, *, secret_key: str, base_url: str
) -> InvitationLetter:
    """This letter with its own link, which opens from now on; as it is where it has none. Said again it is the same.

    Raises NotFound where the link has ended before the letter was made: nobody should print it.
    """
    token = session.execute(_TOKEN, {"letter": row.id, "person": row.parent_id}).first()
    if token is None:
        return letter
    if not token.is_open:
        raise NotFound
    code = letter_code(secret_key, row.id, token.salt)
    session.execute(_ARM, {"letter": row.id, "hash": token_hash(code)})
    return replace(
        letter,
        link=letter_address(base_url, code),
        expires_on=token.expires_at.astimezone(LONDON).date(),
    )
