"""A press names what its page showed: it counts for that, and not for what became of it since.

A page stays open, or *Back* brings it up again. Its button means what was to be read there. So the button carries a
mark of that, and the press is taken only while it is still so; else nothing is done, and the page says how it stands.

    {{ ui.post_button(address, _("Open it again"), fields=as_shown(one.closed_at)) }}

    if is_as_shown(one.closed_at): ...
    press(if_as_shown(partial(open_again, ...), one.closed_at), ...)

Ask with the row held, where two may press at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from flask import Flask, request
from flask_babel import gettext as _

from app.shell.refusals import Refused
from app.shell.shared_form import digest

T = TypeVar("T")

FIELD = "as_shown"
#: Letters of a mark.
LENGTH = 12


def install(app: Flask) -> None:
    """Give templates `as_shown`."""
    app.jinja_env.globals["as_shown"] = as_shown


def as_shown(*facts: object) -> dict[str, str]:
    """The hidden field of a button that means `facts`, for `ui.post_button` and `forms.form`."""
    return {FIELD: _mark(facts)}


def is_as_shown(*facts: object) -> bool:
    """Whether this press came from a page that showed the same. One that says nothing (no page of ours makes one) is
    taken as made now."""
    sent = request.form.get(FIELD, "")
    return not sent or sent == _mark(facts)


def if_as_shown(change: Callable[[], T], *facts: object) -> Callable[[], T]:
    """`change`, that is refused where the page of this press showed something else."""

    def checked() -> T:
        if not is_as_shown(*facts):
            raise Refused(changed_since())
        return change()

    return checked


def changed_since() -> str:
    """What to say where it is not."""
    return _(
        "Something changed here since you opened that page, so nothing was done. This is how things stand now."
    )


def _mark(facts: tuple[object, ...]) -> str:
    # A moment is the same in whichever zone it was read.
    plain = (fact.astimezone(UTC) if isinstance(fact, datetime) else fact for fact in facts)
    return digest({str(place): fact for place, fact in enumerate(plain)})[:LENGTH]
