"""Short names for schools, names compared, and the contrast of a colour: small sums without a database."""

from __future__ import annotations

import re

SHORT_NAME_LETTERS = 28
#: White text stands on the brand colour everywhere; WCAG asks for 4.5, and small print needs a little more.
LEAST_CONTRAST = 5.0

_SHORTER = (
    (r"\bChurch of England\b", "CofE"),
    (r"\bRoman Catholic\b", "RC"),
    (r"\bVoluntary (Aided|Controlled)\b", ""),
    (r"\b(Primary|Infant|Junior|Nursery|High|Secondary|Special) (and Nursery )?School$", r"\1"),
    (r"\b(Saint)\b", "St"),
    (r"\bCommunity\b", ""),
)


def short_name(name: str) -> str:
    """`name` in at most 28 letters, as a text message says it: known words shortened first, then whole words cut."""
    short = " ".join(name.split())
    for pattern, shorter in _SHORTER:
        if len(short) <= SHORT_NAME_LETTERS:
            return short
        short = " ".join(re.sub(pattern, shorter, short).split())
    if len(short) <= SHORT_NAME_LETTERS:
        return short
    cut = short[: SHORT_NAME_LETTERS + 1]
    whole_words = cut[: cut.rfind(" ")] if " " in cut else cut[:SHORT_NAME_LETTERS]
    return re.sub(r"(\s(and|of|the|for|at|&|-))+$", "", whole_words).strip(" ,-–&")


def plain_name(name: str) -> str:
    """A person's name as it is compared: letters and single spaces."""
    return " ".join(name.casefold().split())


def contrast_with_white(colour: str) -> float:
    """WCAG contrast of `#rrggbb` with white, 1 to 21. Raises ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError("not a colour like #17504a")
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
