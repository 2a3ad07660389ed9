"""Pages of `schools`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("schools", __name__)
