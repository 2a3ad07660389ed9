"""Pages of `cohorts`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cohorts", __name__)
