"""What forms of the contact log send."""

from __future__ import annotations

from datetime import date, timedelta

from infra.clock import LONDON, now

DAY = timedelta(days=1)


def day_of(name: str, on: date) -> dict[str, list[str]]:
    return {name: [str(on.day), str(on.month), str(on.year)]}


def contact(**others: object) -> dict[str, object]:
    """What the form sends: a call a moment ago that nobody answered."""
    moment = now().astimezone(LONDON)
    return {"how": "phone", "outcome": "no_answer", "at": f"{moment:%H:%M}", **day_of("on", moment), **others}
