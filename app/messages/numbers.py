"""A telephone number as a key: the same for every spelling, and no way back to the number."""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import UUID


def plain_digits(phone: str) -> str:
    """Country and number, digits alone: 447700900123 for +44 7700 900123, 07700 900123 and 0044 7700 900123."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    if digits.startswith("00"):
        return digits[2:]
    return f"44{digits[1:]}" if digits.startswith("0") else digits


def number_key(secret_key: str, phone: str) -> bytes:
    """What stands for a number in rows that outlive it or belong to no school: HMAC-SHA256, 16 bytes."""
    return hmac.digest(secret_key.encode(), b"number:" + plain_digits(phone).encode(), "sha256")[:16]


def number_key_at(authority_id: UUID, key: bytes) -> bytes:
    """What stands for a number at one council: a stop that was sent to the council's own service holds there alone."""
    return sha256(authority_id.bytes + key).digest()[:16]


def takes_answers(phone: str) -> bool:
    """Whether an automatic answer may go there: a British mobile, not a short code, a name or another country's."""
    digits = plain_digits(phone)
    return len(digits) == 12 and digits.startswith("447")
