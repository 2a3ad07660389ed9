"""The blueprint of the shell: public pages, health, and an authority's colour."""

from __future__ import annotations

from flask import Response, session
from sqlalchemy import text

from app.extensions import db, limiter
from app.shell.health import healthz, readyz
from app.shell.pages import blueprint

blueprint.add_url_rule("/healthz", view_func=limiter.exempt(healthz))
blueprint.add_url_rule("/readyz", view_func=limiter.exempt(readyz))


@blueprint.get("/theme.css")
def theme() -> Response:
    """The one line that an authority may set: its brand colour, checked when it was saved."""
    colour = None
    if session.identity:
        colour = db.session.execute(
            text("select brand_colour from authority where authority_id = :id"),
            {"id": session.identity.authority_id},
        ).scalar_one_or_none()
    sheet = f":root{{--govuk-brand-colour:{colour};--wb-brand:{colour}}}" if colour else ""
    return Response(sheet, mimetype="text/css")


__all__ = ["blueprint"]
