"""What schools and councils are told: how a school begins, pauses or leaves, and who is to see more.

people.py   what messages need to know of a school, a council and who works there; the others are words
"""

from __future__ import annotations

from app.identity.roles import Role
from app.messages.kind import Link
from app.messages.parts import Messages
from app.schools.messages import appointments, onboarding, people, stages
from app.states.messages import RecipientKind

MESSAGES = Messages(
    (*onboarding.KINDS, *stages.KINDS, *appointments.KINDS),
    people={RecipientKind.STAFF: people.STAFF, RecipientKind.MEMBER: people.MEMBERS},
    places=people.PLACES,
    pages={
        Link.TASKS: {Role.SCHOOL_LEAD: "schools.tasks", Role.SENCO: "schools.tasks"},
        Link.AGREEMENT: {Role.SCHOOL_LEAD: "schools.agreement"},
        Link.APPOINTMENTS: dict.fromkeys(
            (Role.SCHOOL_LEAD, Role.SCHOOL_DSL, Role.AUTHORITY_ADMIN, Role.NAMED_OFFICER),
            "schools.appointments_page",
        ),
    },
)
