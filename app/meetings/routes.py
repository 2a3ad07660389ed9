"""Pages of meetings: of those who lead a group, and of those who are in one; all belong to this blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("meetings", __name__)

from app.meetings import (  # noqa: E402, F401 - their pages belong to this blueprint
    feed_routes,
    first_visit_routes,
    held_routes,
    leader_routes,
    link_routes,
    missed_routes,
    parent_routes,
    room_routes,
)
