"""Every message that the service sends, found by its name: put together from what each package hands in.

A package keeps its kinds in its own `messages.py` (or `messages/`) and hands them in as one `Messages`;
`app/message_kinds.py` gathers them all. Words are gettext msgids with the named fields of `kind.FIELDS`. A text fits
160 GSM characters with the longest fields (tests count) and says nothing about a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from app.identity.roles import Role
from app.messages.kind import About, Kind, Link, Topic, _
from app.messages.parts import Messages, Parents, People, Places, ReadStep, Subjects
from app.states.messages import RecipientKind

K = TypeVar("K")
V = TypeVar("V")

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


#: By name; filled by `app.message_kinds.load`, and by nobody else. So are those below.
KINDS: dict[str, Kind] = {}
PEOPLE: dict[RecipientKind, People] = {}
SUBJECTS: dict[About, Subjects] = {}
STEPS: dict[Topic, ReadStep] = {}
PAGES: dict[Link, Mapping[Role, str]] = {}
_PLACES: list[Places] = []


def fill(parts: Sequence[Messages]) -> None:
    """Take over what the packages hand in. Raises ValueError where two hand in the same, or nobody a reader."""
    kinds = _one_each((kind.name, kind) for part in parts for kind in part.kinds)
    people = _one_each(pair for part in parts for pair in part.people.items())
    subjects = _one_each(pair for part in parts for pair in part.subjects.items())
    steps = _one_each(pair for part in parts for pair in part.steps.items())
    pages = _one_each(pair for part in parts for pair in part.pages.items())
    pages[Link.HOME] = {}
    for kind in kinds.values():
        if kind.to is not RecipientKind.TOKEN and kind.to not in people:
            raise ValueError(f"{kind.name}: nobody reads who its {kind.to} is")
        if kind.about is not About.NOTHING and kind.about not in subjects:
            raise ValueError(f"{kind.name}: nobody reads the {kind.about} that it speaks of")
        if kind.link not in (Link.NONE, Link.ONE_TIME, Link.PRESENTING) and kind.link not in pages:
            raise ValueError(f"{kind.name}: its link leads nowhere")
    handed_in = ((KINDS, kinds), (PEOPLE, people), (SUBJECTS, subjects), (STEPS, steps), (PAGES, pages))
    for known, found in handed_in:
        known.clear()
        known.update(found)  # type: ignore[arg-type]
    _PLACES[:] = [part.places for part in parts if part.places is not None]


def _one_each(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    found: dict[K, V] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"two packages hand in {key}")
        found[key] = value
    return found


def places() -> Places:
    """Where messages come from."""
    (found,) = _PLACES
    return found


def parents() -> Parents:
    """What is read and stopped of parents."""
    found = PEOPLE[RecipientKind.PARENT]
    assert isinstance(found, Parents)  # noqa: S101 - `app.recruitment.messages` hands them in
    return found


def get_kind(name: str) -> Kind:
    """The entry called `name`. Raises KeyError: a kind that nobody wrote words for is a defect."""
    if not KINDS:
        raise KeyError("no message is known: call app.message_kinds.load() at start")
    return KINDS[name]
