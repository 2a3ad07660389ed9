"""Pages of `accounts`: signing in and out, and acting in another role."""

from __future__ import annotations

from flask import Blueprint, redirect, session, url_for
from werkzeug.wrappers import Response

from app.accounts.websession import end_session

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
def sign_in() -> str:
    return "sign in"


@blueprint.post("/sign-out")
def sign_out() -> Response:
    end_session(session)
    return redirect(url_for("shell.landing"))


@blueprint.get("/change-role")
def change_role() -> str:
    return "change role"


@blueprint.get("/demo/sign-in/<key>")
def demo_sign_in(key: str) -> str:
    return key
