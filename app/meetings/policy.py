"""Who may open the pages of meetings: those who lead a group, and those who are in one."""

from __future__ import annotations

from app.identity.roles import Role

LEADERS = frozenset({Role.FACILITATOR})
PARENTS = frozenset({Role.PARENT})

ACCESS: dict[str, frozenset[Role | None]] = {
    "meetings.led_cohort": LEADERS,
    "meetings.tonight": LEADERS,
    "meetings.take_register": LEADERS,
    "meetings.write_notes": LEADERS,
    "meetings.close_session": LEADERS,
    "meetings.reopen_session": LEADERS,
    "meetings.choose_topics_for": LEADERS,
    "meetings.contacts": LEADERS,
    "meetings.print_register": LEADERS,
    "meetings.my_group": PARENTS,
    "meetings.my_session": PARENTS,
    "meetings.my_calendar": PARENTS,
    "meetings.cannot_come": PARENTS,
    "meetings.can_come": PARENTS,
    "meetings.vote": PARENTS,
    "meetings.my_notes": PARENTS,
}

#: Lists of people that leave the service.
CONFIRM = frozenset(
    {
        "meetings.contacts",
        "meetings.print_register",
    }
)
