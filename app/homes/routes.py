"""Pages of `homes`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("homes", __name__)
