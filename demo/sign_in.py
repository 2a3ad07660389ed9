"""The demo's door: in as anybody, as often as wanted. Registered in demo mode alone (`app/kit.py`)."""

from __future__ import annotations

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from app.accounts.login import arrive
from app.accounts.pages import to_home
from app.identity.roles import EVERYBODY
from app.shell.errors import NotFound
from demo.sign_in_links import membership_of

blueprint = Blueprint("demo", __name__)

ACCESS = {"demo.sign_in": EVERYBODY}


@blueprint.get("/demo/sign-in/<key>")
def sign_in(key: str) -> Response:
    """In as the person that the link was signed for."""
    membership_id = membership_of(current_app.config["SECRET_KEY"], key)
    role = arrive(membership_id, strong=True) if membership_id else None
    if role is None:
        raise NotFound
    return to_home(role)
