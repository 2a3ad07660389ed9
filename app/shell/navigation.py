"""The few places that each audience goes to, in the order of their day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.identity.roles import Role
from app.identity.websession import Identity


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: its words, where it leads, and the endpoints it stands for."""

    text: str
    endpoint: str
    prefixes: tuple[str, ...] = ()


SCHOOL = (
    Place(_l("This week"), "homes.school", ("announcements.",)),
    Place(
        _l("Parents"),
        "recruitment.list_parents",
        (
            "recruitment.",
            "parent_import.",
            "signing_up.",
            "contact_log.",
            "letters.",
            "merging.",
            "one_to_one.",
        ),
    ),
    Place(
        _l("Groups"),
        "cohorts.list_cohorts",
        ("cohorts.", "meetings.", "group_messages.", "presenters.", "themes."),
    ),
    Place(_l("Facilitators"), "facilitators.list_facilitators", ("facilitators.",)),
    Place(_l("Messages"), "messages.failed", ("messages.",)),
    Place(_l("Safeguarding"), "safeguarding.start", ("safeguarding.",)),
    Place(_l("Set up"), "schools.tasks", ("schools.", "papers.")),
)

MEMBERS = (
    "schools.invite_member",
    "schools.resend_member",
    "schools.cancel_member",
    "schools.remove_member",
    "schools.reset_member",
    "schools.look_at_members",
    "schools.send_to_members",
    "schools.save_chosen_members",
    "schools.save_members",
)
SETTINGS = (
    "schools.change_settings",
    "schools.support_lines",
    "schools.add_usual_line",
    "schools.remove_support_line",
    "schools.add_term",
    "schools.change_term",
    "schools.remove_term",
    "messages.",
)

NAVIGATION: dict[Role, tuple[Place, ...]] = {
    Role.AUTHORITY_ADMIN: (
        Place(_l("Today"), "homes.authority"),
        Place(
            _l("Schools"),
            "schools.pipeline",
            (
                "schools.",
                "contact_log.",
                "announcements.",
                "cohorts.council_month",
                "meetings.",
                "one_to_one.",
                "themes.",
            ),
        ),
        Place(_l("Results"), "outcomes.releases", ("outcomes.",)),
        Place(_l("People"), "schools.authority_people", MEMBERS),
        Place(_l("Settings"), "schools.authority_settings", SETTINGS),
    ),
    Role.NAMED_OFFICER: (
        Place(_l("Concerns"), "safeguarding.officer_concerns", ("safeguarding.", "schools.")),
    ),
    Role.COMMISSIONER: (Place(_l("Results"), "outcomes.published", ("outcomes.",)),),
    Role.SCHOOL_LEAD: SCHOOL,
    Role.SENCO: SCHOOL,
    Role.ATTENDANCE_LEAD: SCHOOL,
    Role.SCHOOL_DSL: SCHOOL,
    Role.HEAD_TEACHER: (
        Place(_l("In numbers"), "in_numbers.home"),
        Place(_l("Papers"), "in_numbers.papers", ("papers.",)),
        Place(_l("From the council"), "announcements.of_school"),
    ),
    Role.SCHOOL_OFFICE: (
        Place(_l("Today"), "office.home"),
        Place(_l("Parents"), "office.list_parents", ("office.",)),
        Place(_l("From the council"), "announcements.of_school"),
    ),
    Role.FACILITATOR: (
        Place(_l("Today"), "homes.facilitator"),
        Place(
            _l("My group"),
            "meetings.led_cohort",
            ("meetings.", "group_messages.", "one_to_one.", "presenters.", "themes."),
        ),
        Place(_l("Raise a concern"), "safeguarding.start", ("safeguarding.",)),
        Place(_l("My record"), "facilitators.my_record", ("facilitators.",)),
    ),
    Role.PARENT: (
        # One row on the narrowest phone. What is asked for seldom is on the home.
        Place(
            _l("Home"),
            "homes.parent",
            ("cohorts.", "facilitators.", "one_to_one.", "themes.", "signing_up.", "safeguarding."),
        ),
        Place(_l("Dates"), "meetings.my_group", ("meetings.", "group_messages.")),
        Place(_l("Answers"), "measures.my_answers", ("measures.",)),
        Place(_l("Choices"), "recruitment.my_choices", ("recruitment.",)),
    ),
}

#: Role -> whether this person has begun. Until then their pages have no menu: there is one thing to decide.
_BEGUN: dict[Role, Callable[[Identity], bool]] = {}


def opens_when(role: Role, has_begun: Callable[[Identity], bool]) -> None:
    """Show people of `role` their menu once `has_begun` says so; the activity that knows registers it."""
    _BEGUN[role] = has_begun


def has_begun(identity: Identity) -> bool:
    """Whether this person's pages carry the menu."""
    asks = _BEGUN.get(identity.role)
    return asks is None or asks(identity)


#: Where each role lands after signing in.
HOMES = {
    Role.AUTHORITY_ADMIN: "homes.authority",
    Role.NAMED_OFFICER: "safeguarding.officer_concerns",
    Role.COMMISSIONER: "outcomes.published",
    Role.SCHOOL_LEAD: "homes.school",
    Role.SENCO: "homes.school",
    Role.ATTENDANCE_LEAD: "homes.school",
    Role.SCHOOL_DSL: "homes.school",
    Role.HEAD_TEACHER: "in_numbers.home",
    Role.SCHOOL_OFFICE: "office.home",
    Role.FACILITATOR: "homes.facilitator",
    Role.PARENT: "homes.parent",
}


def home_of(role: Role) -> str:
    """The address of a role's home."""
    return url_for(HOMES[role])


def navigation(role: Role) -> list[dict[str, object]]:
    """The entries for `role`, with the one that this page belongs to marked as current."""
    here = request.endpoint or ""
    places = NAVIGATION[role]
    best = max(_closeness(place, here) for place in places)
    return [
        {
            "text": str(place.text),
            "href": url_for(place.endpoint),
            "current": best > 0 and _closeness(place, here) == best,
        }
        for place in places
    ]


def _closeness(place: Place, here: str) -> int:
    """How well a place stands for an endpoint: its own best, then the longest beginning; 0 is not at all."""
    if place.endpoint == here:
        return len(here) + 1
    return max((len(prefix) for prefix in place.prefixes if here.startswith(prefix)), default=0)
