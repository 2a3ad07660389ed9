"""What a group may be called: registers, letters and messages tell a school's groups apart by their names alone."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session, scoped_session

from app.cohorts.models import Cohort
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.shell.searching import fold
from app.states.groups import UNDER_WAY

_HOLD = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


def refuse_taken(
    session: Session | scoped_session[Session], school_id: UUID, name: str, *, but: UUID | None = None
) -> None:
    """Refused where a group that is not over is called so, whatever its capitals, spaces or accents.

    One at a time: until the commit nobody else at this school gets past here. `but`: the group that is to be called so.
    """
    session.execute(_HOLD, {"key": f"group names:{school_id}"})
    wanted = _plain(name)
    for row in session.execute(
        select(Cohort.id, Cohort.name).where(Cohort.school_id == school_id, Cohort.state.in_(UNDER_WAY))
    ):
        if row.id != but and _plain(row.name) == wanted:
            raise Refused(
                _(
                    "You have a group called “%(name)s” that is not over. Choose another name, so that nobody mixes"
                    " them up.",
                    name=kept(row.name),
                ),
                "name",
            )


def _plain(name: str) -> str:
    return fold(name) or name.strip()
