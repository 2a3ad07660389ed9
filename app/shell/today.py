"""What needs a person today: one kind of row, which every activity fills for the homes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: The kinds of tag of the design system; `attention` is for what is stuck.
Tone = Literal["good", "waiting", "attention", "info", "quiet", "people"]


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing to do or to know.

    `on` is the day it is due or happens (None: any time), `tag` two or three words shown beside it.
    """

    title: str
    href: str
    note: str = ""
    on: date | None = None
    tag: str = ""
    tone: Tone = "quiet"
    #: Before everything else: somebody could come to harm.
    is_urgent: bool = False
    #: Before the rest of the day: somebody's safety may hang on it.
    is_about_safety: bool = False


def in_order(items: list[TodayItem]) -> list[TodayItem]:
    """What is urgent, then what is about safety, then by day, those without a day first when they need attention, else
    last; then by title.
    """
    return sorted(
        items,
        key=lambda item: (
            not item.is_urgent,
            not item.is_about_safety,
            item.on or (date.min if item.tone == "attention" else date.max),
            item.title,
        ),
    )
