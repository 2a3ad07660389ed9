"""Whom GOV.UK Notify sends to: the rules by which it takes an address or a telephone number, and one form of each.

Written from what it publishes and answers, so that somebody who types an address hears at once, not when a message
comes back. The mailbox of the demo and of the tests refuses the same.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

# Numbers that Ofcom keeps for drama: never given to anybody, so demonstrations may use them safely.
DRAMA_MOBILES = range(447700900000, 447700901000)

_LOCAL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+")
_LABEL = re.compile(r"(?:xn|[a-z0-9]+)(?:-?-[a-z0-9]+)*", re.IGNORECASE)
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--(?:[a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
#: Written between the digits by some, and refused by Notify: we store the number without them.
_BETWEEN = re.compile(r"[\s()./\[\]-]")
#: Satellites and services that belong to no country: Notify knows no price for them.
_NO_COUNTRY = {800, 808, 870, 878, 881, 882, 883, 888, 979}
_MAYBE_TEXTED = {Kind.FIXED_LINE, Kind.FIXED_LINE_OR_MOBILE, Kind.UAN, Kind.PERSONAL_NUMBER}
#: The longest number that there is.
_DIGITS = 15
#: More than anybody types, spaces and brackets included; what is longer is not looked into.
_TYPED = 100
#: Parts of an address that SMTP (RFC 5321) carries; Notify would take more and report a failure days later.
_LOCAL_LENGTH, _LENGTH = 64, 254


class Unusable(ValueError):
    """Nothing can be sent there. `why` is one word."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


def email_address(typed: str) -> str:
    """The address in its one form: small letters, the domain in ASCII. Raises Unusable.

    What keyboards put in by themselves is put right: spaces at the ends, signs that nobody sees, a curly apostrophe.
    """
    if len(typed) > _TYPED + _LENGTH:
        raise Unusable("name", "not an email address: too long")
    text = _visible(typed).strip().removeprefix("mailto:").replace("’", "'")
    local, at, host = text.partition("@")
    if not at:
        raise Unusable("no_at", "not an email address: no @")
    if not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or len(local) > _LOCAL_LENGTH:
        raise Unusable("name", "not an email address: before the @")
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Unusable("domain", "not an email address: after the @") from None
    labels = ascii_host.split(".")
    if (
        len(labels) < 2
        or len(ascii_host) > 253
        or not all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
        or not _LAST_LABEL.fullmatch(labels[-1])
    ):
        raise Unusable("domain", "not an email address: after the @")
    if ".." in local or len(local) + 1 + len(ascii_host) > _LENGTH:
        raise Unusable("name", "not an email address: before the @")
    return f"{local.lower()}@{ascii_host}"


def phone_number(typed: str, *, texted: bool) -> str:
    """The number in E.164; British where no country is given. Raises Unusable.

    `texted`: one that Notify sends texts to, which is a mobile in this country. Otherwise anything that can be called.
    """
    if len(typed) > _TYPED:
        raise Unusable("many", "not a telephone number: too long")
    text = our_digits(unicodedata.normalize("NFKC", _visible(typed)).strip()).removeprefix("tel:")
    if any(sign.isalpha() for sign in text):
        raise Unusable("words", "not a telephone number: words")
    if re.search(r"\d.*[,;/&|].*\d", text):
        raise Unusable("many", "not a telephone number: more than one")
    plain = _BETWEEN.sub("", text)
    if not re.fullmatch(r"[0-9+]*[0-9]", plain):
        raise Unusable("signs" if plain.strip("+") else "none", "not a telephone number: other signs")
    number = _parsed(text, plain)
    if number is None:
        many = len(plain.replace("+", "")) > _DIGITS
        raise Unusable("many" if many else "number", "not a number in use")
    if number.country_code in _NO_COUNTRY:
        raise Unusable("country", "not a number in use")
    if texted and not _is_drama(number) and phonenumbers.number_type(number) not in _texted(number):
        raise Unusable("mobile", "not a mobile number")
    return _e164(number)


def _texted(number: phonenumbers.PhoneNumber) -> set[int]:
    """Abroad many plans do not tell mobiles from other lines, so Notify tries there."""
    return {Kind.MOBILE} if number.country_code == 44 else {Kind.MOBILE, *_MAYBE_TEXTED}


def _parsed(text: str, plain: str) -> phonenumbers.PhoneNumber | None:
    """The number that was meant: as typed, without zeros and a plus that slipped in, with a plus that was lost."""
    bare = plain.replace("+", "").lstrip("0")
    # With one zero before it a number was meant for here: a digit too many does not make it one of another country.
    abroad = () if plain.startswith("0") and not plain.startswith("00") else (f"+{bare}",)
    for spelling in (text, plain, bare, *abroad):
        try:
            number = phonenumbers.parse(spelling, "GB")
        except phonenumbers.NumberParseException:
            continue
        has_slip = number.extension or (number.number_of_leading_zeros or 0) > 1
        if not has_slip and (phonenumbers.is_valid_number(number) or _is_drama(number)):
            return number
    return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_drama(number: phonenumbers.PhoneNumber) -> bool:
    return int(_e164(number)[1:]) in DRAMA_MOBILES


def _visible(text: str) -> str:
    """`text` without signs that nobody sees, every space an ordinary one."""
    if text.isascii() and text.isprintable():
        return text
    kept = (sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc") or sign in "\t\n\r")
    return "".join(" " if sign.isspace() or sign == "\u3164" else sign for sign in kept)


def our_digits(text: str) -> str:
    """`text` with the digits of every script as ours, and every dash a hyphen."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text.translate(_DASHES)
    )
