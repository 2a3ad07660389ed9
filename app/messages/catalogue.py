"""Every message that the service sends, found by its name: put together from what each package hands in.

A package keeps its kinds in its own `messages.py` (or `messages/`) and hands them in as one `Messages`;
`app/message_kinds.py` gathers them all. Words are gettext msgids with the named fields of `kind.FIELDS`. A text fits
160 GSM characters with the longest fields (tests count) and says nothing about a child.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.messages.kind import Kind, _

#: Around every email.
GREETING = _("Hello {first_name},")
SIGNED_BY_SCHOOL = _("{sender}")
SIGNED_BY_AUTHORITY = _("We Belong, {authority}")
#: Under every email to a parent.
STOP_FOOTER = _("You can stop these emails here: {stop_link}")
#: After a text to a parent, when there is room; always in the first to a number.
STOP_HINT = _("Reply STOP to end texts.")
#: In the first text to a number: where the link leads there is a button that says so; else somebody to call.
NOT_YOU_THERE = _("Not you? Say so there.")
NOT_YOU_CALL = _("Not you? Call {phone}.")


@dataclass(frozen=True, slots=True)
class Messages:
    """What one package hands to the catalogue."""

    kinds: tuple[Kind, ...]


#: By name; filled by `app.message_kinds.load`, and by nobody else.
KINDS: dict[str, Kind] = {}


def fill(parts: tuple[Messages, ...]) -> None:
    """Take over what the packages hand in. Raises ValueError where two kinds have one name."""
    kinds = [kind for part in parts for kind in part.kinds]
    twice = {kind.name for kind in kinds if sum(kind.name == other.name for other in kinds) > 1}
    if twice:
        raise ValueError(f"two messages have one name: {', '.join(sorted(twice))}")
    KINDS.clear()
    KINDS.update((kind.name, kind) for kind in kinds)


def get_kind(name: str) -> Kind:
    """The entry called `name`. Raises KeyError: a kind that nobody wrote words for is a defect."""
    if not KINDS:
        raise KeyError("no message is known: call app.message_kinds.load() at start")
    return KINDS[name]
