"""What happened with one parent, in words, with whoever did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.audit.history import TOGETHER, list_done
from app.recruitment.models import Consent, ParentContact
from app.recruitment.places import actors
from app.recruitment.queries import list_events
from app.schools.contacts import Line
from tenants.together import together

#: The events of app/recruitment/services.py that come with a step.
ADDED, MOVED = "recruitment:parent:added", "recruitment:parent:moved"
EMAILS_STOPPED, TEXTS_STOPPED = _l("They stopped our emails"), _l("They stopped our texts")
#: What matters for a parent's safety beside their steps, in words.
_BESIDE = {
    "recruitment:parent:contact_changed": _l("Where messages go was changed"),
    "recruitment:doubt:settled": _l("The address or number was checked"),
    "recruitment:fresh_start:asked": _l("A fresh start was asked for"),
    "recruitment:fresh_start:agreed": _l("A second person agreed to the fresh start"),
    "recruitment:fresh_start:taken_back": _l("The fresh start was taken back"),
    "recruitment:fresh_start:stopped": _l("The fresh start was stopped"),
    "recruitment:fresh_start:refused": _l("The fresh start was stopped"),
    "recruitment:fresh_start:looked_into": _l("Somebody looked into the stopped fresh start"),
    "messages:email:stopped": EMAILS_STOPPED,
    "messages:text:stopped": TEXTS_STOPPED,
}

#: Done by whoever held a link, of whom nothing is known but where it was sent.
_BY_LINK = {
    "recruitment:fresh_start:stopped": _l("somebody at an old address"),
    "recruitment:fresh_start:refused": _l("whoever got the new link: “This is not me”"),
    "messages:email:stopped": _l("by the link in an email"),
    "messages:text:stopped": _l("by a reply to a text"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, to which stage or what else, who did it, and the reason if one was noted."""

    at: datetime
    to_stage: str
    who: str
    reason: str
    #: How it came to staff, as `noting.HOW` names it; empty for a press of their own.
    how: str = ""
    #: Something was noted, and nobody moved.
    is_note: bool = False
    #: What was done where it was no step.
    what: str = ""


def with_channels(
    steps: list[Happened], contact: ParentContact, consents: Mapping[str, Consent]
) -> list[Happened]:
    """These steps, with what a parent's own page of choices changed of how we reach them, as far as it still stands.

    What stands in a step already, or was chosen at one, is not said twice.
    """
    found = [(contact.emails_stopped_at, EMAILS_STOPPED), (contact.texts_stopped_at, TEXTS_STOPPED)]
    for kind, stop, words in (
        ("email", EMAILS_STOPPED, _l("Emails go to them again")),
        ("text", TEXTS_STOPPED, _l("Texts go to them again")),
    ):
        choice, was_stopped = consents.get(kind), any(step.what == str(stop) for step in steps)
        found.append((choice.changed_at if choice and choice.given and was_stopped else None, words))
    more = [
        Happened(at, "", _("they did this themselves"), "", what=str(words))
        for at, words in found
        if at is not None and not any(abs(at - step.at) <= TOGETHER for step in steps)
    ]
    return sorted([*steps, *more], key=lambda step: step.at, reverse=True)


def with_contacts(steps: list[Happened], lines: Sequence[Line]) -> list[Happened]:
    """These steps, with what staff noted in the contact log, in order."""
    more = [Happened(one.at, "", one.who, one.note, what=one.what) for one in lines]
    return sorted([*steps, *more], key=lambda step: step.at, reverse=True)


def list_steps(session: Session, school_id: UUID, parent_id: UUID) -> list[Happened]:
    """Every step of one parent, and what matters for their safety, newest first."""
    with together(session) as ask:
        written = ask(list_done, school_id, [parent_id], [ADDED, MOVED, *_BESIDE], actors=actors())
        events = ask(list_events, school_id, parent_id)
    done = written.value
    steps = [
        Happened(one.at, "", one.who or str(_BY_LINK.get(one.event, "")), "", what=str(_BESIDE[one.event]))
        for one in done
        if one.event in _BESIDE
    ]
    for event in events.value:
        same = [
            one
            for one in done
            if one.event in (ADDED, MOVED)
            and one.is_of(event.at)
            and (one.event == ADDED or one.details.get("to_stage") == event.to_stage)
        ]
        name = event.by_name or (same[0].who if same else "")
        side = {
            "school": _("school staff"),
            "parent": _("they did this themselves"),
            "facilitator": _("a facilitator"),
        }.get(event.by_side, "")
        steps.append(
            Happened(
                event.at,
                event.to_stage,
                name or side,
                event.reason,
                event.how,
                is_note=bool(event.how) and event.from_stage == event.to_stage,
            )
        )
    return sorted(steps, key=lambda step: step.at, reverse=True)
