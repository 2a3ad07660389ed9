"""Pages of `accounts`: one blueprint, a module per way in."""

from __future__ import annotations

from app.accounts import (
    confirm_routes,
    key_routes,
    link_routes,
    mobile_routes,
    oidc_routes,
    own_routes,
    passkey_routes,
    reset_routes,
    staff_routes,
)
from app.accounts.pages import blueprint

__all__ = [
    "blueprint",
    "confirm_routes",
    "key_routes",
    "link_routes",
    "mobile_routes",
    "oidc_routes",
    "own_routes",
    "passkey_routes",
    "reset_routes",
    "staff_routes",
]
