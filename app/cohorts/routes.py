"""Pages about groups, for a school's staff; all modules belong to this blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cohorts", __name__)

from app.cohorts import early_routes, session_routes, staff_routes, telling_routes  # noqa: E402, F401 - their pages belong to this blueprint
