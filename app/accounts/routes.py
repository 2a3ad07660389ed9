"""Pages of `accounts`: one blueprint, a module per way in."""

from __future__ import annotations

from app.accounts import (
    confirm_pages,
    elsewhere_pages,
    key_pages,
    link_pages,
    mobile_pages,
    own_pages,
    passkey_pages,
    reset_pages,
    staff_pages,
)
from app.accounts.pages import blueprint

__all__ = [
    "blueprint",
    "confirm_pages",
    "elsewhere_pages",
    "key_pages",
    "link_pages",
    "mobile_pages",
    "own_pages",
    "passkey_pages",
    "reset_pages",
    "staff_pages",
]
