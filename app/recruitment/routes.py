"""Pages of `recruitment`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("recruitment", __name__)
