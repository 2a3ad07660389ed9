"""Secrets that rest in the database: sealed so that they can be read again, or hashed so that they cannot.

Every key is drawn from SECRET_KEY for one purpose; a new SECRET_KEY ends second factors, so it takes a reset.
"""

from __future__ import annotations

import base64
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(ValueError):
    """Something sealed was altered, or sealed under another SECRET_KEY."""


@cache
def _key(secret_key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"we-belong:{purpose}".encode()).derive(
        secret_key.encode()
    )


def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret_key, "seal")))


def seal(secret_key: str, text: str) -> str:
    """`text`, readable only with this SECRET_KEY."""
    return _box(secret_key).encrypt(text.encode()).decode()


def unseal(secret_key: str, sealed: str) -> str:
    """What `seal` was given. Raises Unreadable."""
    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed under another key") from None


def seal_for(secret_key: str, holder: str, text: str) -> str:
    """`text`, readable only with this SECRET_KEY and what `holder` holds: a browser's own secret."""
    return _box_of(secret_key, holder).encrypt(text.encode()).decode()


def unseal_for(secret_key: str, holder: str, sealed: str) -> str:
    """What `seal_for` was given. Raises Unreadable, also for what was sealed for somebody else."""
    try:
        return _box_of(secret_key, holder).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed for somebody else, or under another key") from None


def _box_of(secret_key: str, holder: str) -> Fernet:
    key = hmac.digest(_key(secret_key, "seal-for"), holder.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(key))


def keyed_hash(secret_key: str, purpose: str, *values: object) -> bytes:
    """A fingerprint of `values` that nobody can try out without SECRET_KEY. 32 bytes."""
    content = "\x1f".join(str(value) for value in values)
    return hmac.digest(_key(secret_key, f"hash:{purpose}"), content.encode(), "sha256")
