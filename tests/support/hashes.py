"""Passwords in tests: Argon2id as in production, with the least memory and time, for nobody attacks a test's hash."""

from __future__ import annotations

from argon2 import PasswordHasher

from app.accounts import passwords

#: What production hashes with; `tests/unit/accounts/test_passwords.py` says what it must cost.
PRODUCTION = passwords._hasher


def hash_quickly() -> None:
    """From here on this process makes hashes that cost next to nothing; both kinds are read."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobodys_hash.cache_clear()
