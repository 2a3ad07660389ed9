"""Nobody leads a group where they work: parents are told that staff never hear what is said in the room."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.facilitators.models import Facilitator
from app.schools.models import StaffMember
from app.schools.queries import list_staff
from app.shell.kept import kept
from app.shell.refusals import Refused


def find_colleague(staff: Sequence[StaffMember], *, email: str, phone: str) -> StaffMember | None:
    """Who of these is reached where somebody who leads is, invited or signed up; None where nobody is."""
    return next(
        (
            one
            for one in staff
            if (email and one.email.casefold() == email.casefold()) or (phone and one.phone == phone)
        ),
        None,
    )


def refuse_staff(session: Session, school_id: UUID, *, name: str, email: str, phone: str) -> None:
    """Raise Refused for whoever works at the school."""
    if find_colleague(list_staff(session, school_id), email=email, phone=phone):
        raise Refused(
            _(
                "%(name)s works at your school, as its list of staff says. Parents are told that staff never hear what"
                " is said in the room, so nobody who works here leads a group here. Choose somebody else.",
                name=kept(name),
            ),
            "email",
        )


def list_both(session: Session, school_id: UUID, people: Sequence[Facilitator]) -> list[Facilitator]:
    """Those of them who have come to work at the school since."""
    staff = list_staff(session, school_id)
    return [one for one in people if find_colleague(staff, email=one.email, phone=one.phone)]
