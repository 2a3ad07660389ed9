"""Whole addresses of what a school gives out, as people type them or scan them."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, url_for

from app.identity import signups
from app.signing_up.models import SignupLink
from app.signing_up.queries import secret_in_use


def key() -> str:
    """What addresses are drawn with."""
    return str(current_app.config["SECRET_KEY"])


def of_page(page: SignupLink | None) -> str:
    """Of the sign-up page; empty where there is none to give out."""
    secret = secret_in_use(page, key())
    return _whole(url_for("signing_up.hello", secret=secret)) if secret else ""


def of_link(link_id: UUID) -> str:
    """Of a link for those who pass parents on."""
    return _whole(url_for("signing_up.pass_on", secret=signups.secret_of(key(), link_id)))


def _whole(path: str) -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/") + path
