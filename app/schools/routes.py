"""Pages of `schools`: the authority's, and the school's own."""

from __future__ import annotations

from app.schools import (
    appointment_routes,
    authority_routes,
    people_routes,
    school_routes,
    settings_routes,
    usage_routes,
)
from app.schools.pages import blueprint

__all__ = [
    "appointment_routes",
    "authority_routes",
    "blueprint",
    "people_routes",
    "school_routes",
    "settings_routes",
    "usage_routes",
]
