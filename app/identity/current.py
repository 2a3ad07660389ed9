"""Who asks: this browser's session, and for views that the access table opens to signed-in people alone, the person."""

from __future__ import annotations

from typing import cast

import flask

from app.identity.websession import Identity, WebSession

#: `flask.session` as what it is here (RowSessionInterface); Flask itself knows no more than a dictionary.
session = cast(WebSession, flask.session)


def me() -> Identity:
    """The person who is signed in. Raises LookupError where nobody is: the access table should have said so."""
    if session.identity is None:
        raise LookupError("nobody is signed in")
    return session.identity
