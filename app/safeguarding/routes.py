"""Pages of `safeguarding`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("safeguarding", __name__)
