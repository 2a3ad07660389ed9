"""Whom from outside a change of sessions concerns, in words for the page that asks and for its answer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.cohorts.outside import Change
from app.presenters.models import Presenter
from app.presenters.queries import BOOKED, booked
from app.shell.kept import kept
from app.shell.parsing import listed
from app.states.presenters import COUNT_ON_IT, PresenterState


def words_of(session: Session, school_id: UUID, sessions: Iterable[UUID], change: Change) -> str:
    """Who from outside hears of this change of these sessions, and what; empty where nobody does."""
    asked = BOOKED.where(
        Presenter.school_id == school_id,
        Presenter.session_id.in_(list(sessions)),
        Presenter.state != PresenterState.TAKEN_BACK,
    ).order_by(Presenter.booked_at)
    found = [booked(row) for row in session.execute(asked).all()]
    if change is not Change.MOVED:
        found = [one for one in found if one.presenter.state in COUNT_ON_IT]
    if not found:
        return ""
    when = _("The email goes within the hour, or after 8am if it is night. Is it soon? Call them as well.")
    return f"{_who(listed([kept(one.presenter.name) for one in found]), len(found), change)} {when}"


def _who(names: str, count: int, change: Change) -> str:
    if change is Change.MOVED:
        return ngettext(
            "%(names)s, from outside, is asked again by email whether they can come.",
            "%(names)s, from outside, are asked again by email whether they can come.",
            count,
            names=names,
        )
    if change is Change.OFF:
        return ngettext(
            "%(names)s, from outside, is told by email.",
            "%(names)s, from outside, are told by email.",
            count,
            names=names,
        )
    return ngettext(
        "%(names)s, from outside, is told of the other place by email.",
        "%(names)s, from outside, are told of the other place by email.",
        count,
        names=names,
    )
