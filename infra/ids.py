"""Identifiers made in Python: UUIDv7, so that rows of one school lie together in time order."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A new UUIDv7."""
    return uuid_utils.compat.uuid7()
