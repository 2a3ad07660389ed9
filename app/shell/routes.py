"""The blueprint of the shell: public pages, health, and an authority's colour."""

from __future__ import annotations

import re

from flask import Response

from app.extensions import limiter
from app.shell.errors import NotFound
from app.shell.health import healthz, readyz
from app.shell.pages import blueprint

blueprint.add_url_rule("/healthz", view_func=limiter.exempt(healthz))
blueprint.add_url_rule("/readyz", view_func=limiter.exempt(readyz))


@blueprint.get("/theme/<colour>.css")
def theme(colour: str) -> Response:
    """The one line that an authority may set: its colour, which was checked when it was saved. Kept for ever."""
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        raise NotFound
    sheet = f":root{{--govuk-brand-colour:#{colour};--wb-brand:#{colour}}}"
    return Response(sheet, mimetype="text/css")


__all__ = ["blueprint"]
