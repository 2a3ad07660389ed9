"""How many messages a council's schools sent, as its page and its file show it: never a number of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.trail import define
from app.messages.usage import Sent, Usage, rounded_words
from app.schools.models import School
from app.shell.list_files import ListFile

SAVED = define("schools:usage:saved", keys=("count",))


@dataclass(frozen=True, slots=True)
class SchoolName:
    """A school by its name."""

    id: UUID
    name: str


def list_schools(session: Session, authority_id: UUID) -> Sequence[SchoolName]:
    """All schools on the council's list, by name: one that sent nothing is not told from one that sent little."""
    rows = session.execute(
        select(School.school_id, School.name).where(School.authority_id == authority_id).order_by(School.name)
    )
    return [SchoolName(*row) for row in rows]


def make_file(usage: Usage, schools: Sequence[SchoolName]) -> ListFile:
    """Every school in every month, then all together with the council's own."""
    return ListFile(
        "messages-sent",
        _("Messages sent"),
        [_("Month"), _("School"), _("Emails"), _("Texts")],
        [
            line
            for month in usage.months
            for line in (
                *(_line(month, school.name, usage.of(school.id, month)) for school in schools),
                _line(month, _("All together, with the council’s own"), usage.total(month)),
            )
        ],
    )


def _line(month: date, name: str, sent: Sent) -> list[str]:
    return [f"{month:%Y-%m}", name, rounded_words(sent.emails), rounded_words(sent.texts)]
