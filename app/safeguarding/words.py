"""How the states and answers of a concern read."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l

ABOUT = {
    "child": _l("A child"),
    "adult": _l("Another adult, or a parent"),
    "staff": _l("Someone who works at the school"),
    "school": _l("The school, or its safeguarding lead"),
    "facilitator": _l("Someone who leads a group"),
    "not_sure": _l("Not sure"),
}
RISK = {"yes": _l("Yes"), "no": _l("No"), "not_sure": _l("Not sure")}
#: How a list marks what is urgent. Who is not sure is answered as if they had said yes.
URGENT = {"yes": _l("Risk today"), "not_sure": _l("Perhaps a risk today")}
RAISED_BY = {
    "parent": _l("a parent or carer"),
    "facilitator": _l("a facilitator"),
    "staff": _l("a member of staff"),
}
STATES = {
    "new": {"label": _l("New"), "kind": "attention"},
    "open": {"label": _l("Being looked at"), "kind": "waiting"},
    "closed": {"label": _l("Closed"), "kind": "quiet"},
}


class Raised(Protocol):
    """A concern, or a line of a list of them."""

    @property
    def read_at(self) -> datetime | None: ...

    @property
    def closed_at(self) -> datetime | None: ...


def state_of(concern: Raised) -> str:
    """`new` until its reader says that it is read, `open`, `closed`."""
    if concern.closed_at is not None:
        return "closed"
    return "new" if concern.read_at is None else "open"
