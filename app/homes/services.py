"""Puts one person's day together from what every activity says needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.identity.websession import Identity
from app.shell.dates import short_day
from app.shell.today import TodayItem, in_order
from tenants.together import together

_STAFF = (
    "safeguarding",
    "recruitment",
    "signing_up",
    "letters",
    "contact_log",
    "one_to_one",
    "cohorts",
    "presenters",
    "themes",
    "facilitators",
    "messages",
    "announcements",
)
#: The activities that have something to say to each role, through `app.<activity>.today.for_<who>`.
VOICES: dict[Role, tuple[str, tuple[str, ...]]] = {
    Role.AUTHORITY_ADMIN: ("authority", ("safeguarding", "schools", "messages", "contact_log", "outcomes")),
    Role.SCHOOL_LEAD: ("school", ("schools", *_STAFF)),
    **dict.fromkeys((Role.SENCO, Role.ATTENDANCE_LEAD, Role.SCHOOL_DSL), ("school", _STAFF)),
    Role.FACILITATOR: ("facilitator", ("meetings", "presenters", "one_to_one", "facilitators")),
    Role.PARENT: (
        "parent",
        (
            "cohorts",
            "recruitment",
            "measures",
            "meetings",
            "group_messages",
            "one_to_one",
            "themes",
            "facilitators",
        ),
    ),
}


def todays_items(session: Session, identity: Identity) -> list[TodayItem]:
    """Everything that needs this person, in the order of its day."""
    who, activities = VOICES[identity.role]
    voices = [getattr(import_module(f"app.{activity}.today"), f"for_{who}") for activity in activities]
    with together(session) as ask:
        said = [ask(speak, identity) for speak in voices]
    return in_order([item for one in said for item in one.value])


def rows(items: list[TodayItem]) -> list[dict[str, Any]]:
    """The items as the design system's `today` list takes them."""
    return [
        {
            "when": short_day(item.on),
            "text": item.title,
            "href": item.href,
            "note": item.note,
            "tag": {"text": item.tag, "kind": item.tone} if item.tag else None,
        }
        for item in items
    ]
