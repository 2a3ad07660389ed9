"""Pages of groups. Each audience has a module of its own; all belong to this blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cohorts", __name__)

from app.cohorts import early_routes, parent_routes, room_routes, session_routes, staff_routes, telling_routes  # noqa: E402, F401 - their pages belong to this blueprint
