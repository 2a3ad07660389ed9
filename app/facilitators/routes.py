"""Pages of `facilitators`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("facilitators", __name__)
