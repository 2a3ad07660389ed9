"""What a link is for by which people sign up, or are passed on, without an account."""

from __future__ import annotations

from enum import StrEnum


class LinkKind(StrEnum):
    """Of a link that a school gives out; stored by value."""

    PAGE = "page"
    COLLEAGUE = "colleague"
    FAMILY_HUB = "family_hub"
    PROFESSIONAL = "professional"


#: By whom parents are passed on.
REFERRERS = (LinkKind.COLLEAGUE, LinkKind.FAMILY_HUB, LinkKind.PROFESSIONAL)
