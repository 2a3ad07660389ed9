"""Pages about groups, for a school's staff; all modules belong to this blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cohorts", __name__)

from app.cohorts import (  # noqa: E402 - their pages belong to this blueprint
    day_routes,  # noqa: F401
    early_routes,  # noqa: F401
    month_routes,  # noqa: F401
    offer_routes,  # noqa: F401
    photo_routes,  # noqa: F401
    place_routes,  # noqa: F401
    session_routes,  # noqa: F401
    staff_routes,  # noqa: F401
    telling_routes,  # noqa: F401
    where_routes,  # noqa: F401
)
