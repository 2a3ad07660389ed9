"""Sign-in links of the demo: signed, for one membership each, and good for as long as the secret key is."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID


def _signature(secret_key: str, membership_id: UUID) -> str:
    return hmac.new(secret_key.encode(), f"demo-sign-in:{membership_id}".encode(), hashlib.sha256).hexdigest()


def sign_in_path(secret_key: str, membership_id: UUID) -> str:
    """The path that signs in as `membership_id` in demo mode."""
    return f"/demo/sign-in/{membership_id}.{_signature(secret_key, membership_id)}"


def membership_of(secret_key: str, key: str) -> UUID | None:
    """The membership that `key` (the path's last part) was signed for, or None when it was not."""
    written, _, signature = key.partition(".")
    try:
        membership_id = UUID(written)
    except ValueError:
        return None
    # As bytes: a signature with letters beyond ASCII is wrong, not an error.
    expected = _signature(secret_key, membership_id).encode()
    return membership_id if hmac.compare_digest(expected, signature.encode()) else None
