"""When a school whose agreement is in force has to sign another, and why: in words, for school and council."""

from __future__ import annotations

from flask_babel import gettext as _

from app.schools.agreements import Signed, number_before
from app.schools.models import School
from app.schools.naming import plain_name
from app.schools.papers import SETTLED
from app.shell.parsing import listed
from app.states.schools import may


def why_anew(school: School, signed: Signed | None) -> str:
    """What the agreement in force says that is not so any more; empty where all is, or a newer one is with the council.

    The number that it was signed for, and the people of the school whom it names. Who reads concerns is appointed, and
    a room or a date may change.
    """
    in_force = signed.in_force if signed else None
    if signed is None or in_force is None or not may(school.stage, "prepare"):
        return ""
    if signed is not in_force and not signed.decision:
        return ""
    if number := number_before(school.urn, signed):
        return _(
            "The one in force was signed for the school with the number %(urn)s, which closed.", urn=number
        )
    named = in_force.named or {}
    people = {"lead": school.contact_name, "lead_deputy": school.contact_deputy}
    others = [
        str(SETTLED[code])
        for code, name in people.items()
        if named.get(code) and plain_name(named[code]) != plain_name(name or "")
    ]
    return (
        _("The one in force names somebody else for this: %(what)s.", what=listed(others)) if others else ""
    )
