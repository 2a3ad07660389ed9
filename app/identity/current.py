"""Who asks, for views that the access table opens to signed-in people alone."""

from __future__ import annotations

from flask import session

from app.identity.websession import Identity


def me() -> Identity:
    """The person who is signed in. Raises LookupError where nobody is: the access table should have said so."""
    identity: Identity | None = getattr(session, "identity", None)
    if identity is None:
        raise LookupError("nobody is signed in")
    return identity
