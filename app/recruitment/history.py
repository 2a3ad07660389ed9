"""What happened with one parent, in words, with whoever did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session, scoped_session

from app.privacy.queries import list_done
from app.recruitment.queries import list_events

#: The events of app/recruitment/services.py that come with a step.
ADDED, MOVED = "recruitment:parent:added", "recruitment:parent:moved"


@dataclass(frozen=True, slots=True)
class Happened:
    """One step: when, to which stage, who took it, and the reason if one was noted."""

    at: datetime
    to_stage: str
    who: str
    reason: str
    #: How it came to staff, as `noting.HOW` names it; empty for a press of their own.
    how: str = ""
    #: Something was noted, and nobody moved.
    is_note: bool = False


def list_steps(session: Session | scoped_session[Any], school_id: UUID, parent_id: UUID) -> list[Happened]:
    """Every step of one parent, newest first."""
    done = list_done(session, school_id, [parent_id], [ADDED, MOVED])
    steps = []
    for event in list_events(session, school_id, parent_id):
        same = [
            one
            for one in done
            if one.is_of(event.at) and (one.event == ADDED or one.details.get("to_stage") == event.to_stage)
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
    return steps
