"""The token of a form names whom the form was handed to: an account in one role at one place, or nobody.

A browser has many tabs and one session. Somebody changes role or place in one of them, or another person signs in;
what is sent from a form of before is then refused, whatever page it came from (`app/shell/refused.py` says what
happens to the words in it). The name is a keyed hash: it tells nobody who somebody is.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, g, request
from flask_wtf.csrf import CSRFProtect, _FlaskFormCSRF, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from wtforms import Field

from app.identity.current import session
from app.identity.kept_forms import FIELD
from app.identity.secrets import keyed_hash
from infra.clock import now

#: Whom a form is made for that somebody sees before signing in.
NOBODY = "nobody"


#: Between a token and the mark of a kept form: the form came from a page with its words in it.
_MARK = "~"


class FormTokens(CSRFProtect):
    """Refuses what was not sent from a page of ours, by this browser, by whom the page was made for."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if FIELD in session and _maker_in(session[FIELD]) != reader():
            session.pop(FIELD)
        super().protect(apply_exemptions=apply_exemptions)

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return sent.partition(_MARK)[0] if sent else None


csrf = FormTokens()


class FormToken(_FlaskFormCSRF):
    """The same for the token that a form object draws."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        _name_the_reader()
        return _marked(super().generate_csrf_token(csrf_token_field))


def token() -> str:
    """The token for a form on the page of this request."""
    _name_the_reader()
    return _marked(generate_csrf())


def shows_kept(mark: str) -> None:
    """Say that the page of this request has the words of a kept form in it: what is sent from it says so too."""
    g.kept_mark = mark


def sent_mark() -> str:
    """The mark of the kept form that this form's page had the words of; empty for every other form."""
    try:
        return request.form.get(FIELD, "").partition(_MARK)[2]
    except HTTPException:
        return ""  # what was sent is too large to be read, and the page that says so has a token too


def _marked(token: str) -> str:
    # Sent with mistakes, it is still the kept one.
    mark = g.get("kept_mark") or sent_mark()
    return f"{token}{_MARK}{mark}" if mark else token


def reader() -> str:
    """Whom the pages of this request are made for."""
    identity = session.identity
    return mark_of(identity.account_id, identity.membership_id) if identity else NOBODY


def mark_of(account_id: UUID, membership_id: UUID) -> str:
    """The name of this account in this role, as tokens carry it."""
    key = current_app.config["SECRET_KEY"]
    return keyed_hash(key, "form-made-for", account_id, membership_id).hex()[:32]


def made_for(sent: str | None) -> str | None:
    """Whom the page was made for that this token came from; None when it is no token of ours."""
    inside, _at = _opened(sent)
    return _maker_in(inside) if inside else None


def is_of_today(sent: str | None) -> bool:
    """Whether the page that this token came from was made within a day: no session lasts longer."""
    _inside, at = _opened(sent)
    return at is not None and now() - at <= timedelta(days=1)


def _opened(sent: str | None) -> tuple[str | None, datetime | None]:
    box = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        inside, at = box.loads((sent or "").partition(_MARK)[0], return_timestamp=True)
    except BadData:
        return None, None
    return (inside, at) if isinstance(inside, str) else (None, None)


def _maker_in(value: str) -> str | None:
    maker, dot, _rest = value.partition(".")
    return maker if dot else None


def _name_the_reader() -> None:
    if _maker_in(session.get(FIELD, "")) != reader():
        session[FIELD] = f"{reader()}.{secrets.token_hex(20)}"
        g.pop(FIELD, None)
