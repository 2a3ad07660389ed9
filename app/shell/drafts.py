"""Drafts that a browser keeps until we have them (`assets/drafts.js`): here only the word that we do.

The form carries a name for its draft. The route that has saved it says so, and the next page of this browser tells it
to forget the draft. Nothing of a draft is ever sent but the form itself.
"""

from __future__ import annotations

import re

from flask import request

from app.identity.current import session

FIELD = "draft"
_KEY = "drafts_sent"
_NAME = re.compile(r"[0-9a-f]{24}")
_MOST = 20


def has_arrived() -> None:
    """What this form held is saved: the browser may forget its draft. Nothing for a form that was not kept."""
    name = request.form.get(FIELD, "")
    if _NAME.fullmatch(name):
        session[_KEY] = [*session.get(_KEY, []), name][-_MOST:]


def take_sent() -> str:
    """Names of drafts that arrived since the last page, for the next one to carry; each is told once."""
    return " ".join(session.pop(_KEY, [])) if _KEY in session else ""
