"""The second factor of people at work: six digits of an app (TOTP, RFC 6238), or a recovery code."""

from __future__ import annotations

import hmac
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
#: How many steps a telephone's clock may be off, either way.
WINDOW = 1
RECOVERY_CODES = 10
#: No letters that are read as others; 31 of them, so ten carry 49 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10


def new_secret() -> str:
    """A new shared secret, 160 bits in Base32."""
    return pyotp.random_base32()


def readable_secret(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step that `code` belongs to, within the window round `at`; None when it is wrong.

    The caller spends the step (`identity.use_totp_step`), so that each code opens one door once.
    """
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    here = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(here - WINDOW, here + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def set_up_image(secret: str, email: str) -> bytes:
    """The QR code that an authenticator app scans, as SVG."""
    address = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name="We Belong")
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return picture.getvalue()


def new_recovery_codes() -> list[str]:
    """Ten codes, each good for one sign-in without the app."""
    return [
        f"{code[:5]}-{code[5:]}"
        for code in (
            "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(RECOVERY_CODES)
        )
    ]


def plain_recovery_code(typed: str) -> str:
    """A recovery code as it is hashed, however it was typed."""
    return "".join(letter for letter in typed.casefold() if letter.isalnum())
