"""Who may open the pages of `accounts`."""

from __future__ import annotations

from app.accounts.roles import EVERYBODY, SIGNED_IN, Role

ACCESS: dict[str, frozenset[Role | None]] = {
    "accounts.sign_in": EVERYBODY,
    "accounts.sign_out": SIGNED_IN,
    "accounts.change_role": SIGNED_IN,
    "accounts.demo_sign_in": EVERYBODY,
}
