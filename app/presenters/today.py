"""Outside presenters on homes: who comes, who has not answered, who cannot."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.presenters import queries
from app.presenters.queries import Booked
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.presenters import PresenterState
from infra.clock import now, today

#: From so many days before its session on, a booking without an answer is work.
CHASE = timedelta(days=7)
#: An answer is news for so long; who comes stands there again in the week of the session.
NEW_FOR = timedelta(days=3)


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """What presenters of the school's groups said, or did not say."""
    return _items(session, identity, "presenters.of_school", queries.list_unreached)


def for_facilitator(session: Session, identity: Identity) -> list[TodayItem]:
    """The same of the groups that they lead."""
    return _items(session, identity, "presenters.led")


def _items(
    session: Session,
    identity: Identity,
    endpoint: str,
    unreached: Callable[[Session, UUID], Collection[UUID]] = lambda _session, _school_id: (),
) -> list[TodayItem]:
    found = queries.list_to_come(session, identity.own_school_id)
    lost = unreached(session, identity.own_school_id) if found else ()
    return [item for one in found if (item := _item(one, endpoint, is_lost=one.presenter.id in lost))]


def _item(one: Booked, endpoint: str, *, is_lost: bool) -> TodayItem | None:
    presenter, on = one.presenter, one.meeting.on_date
    name, href = kept(presenter.name), url_for(endpoint, cohort_id=presenter.cohort_id)
    is_near = on <= today() + CHASE
    is_news = presenter.answered_at is not None and presenter.answered_at > now() - NEW_FOR
    if is_lost:
        return TodayItem(
            title=_(
                "No email reaches %(name)s, who is booked for %(group)s",
                name=name,
                group=one.meeting.group_name,
            ),
            href=href,
            note=_("Call them. Is the address wrong? Take it back, and book them again."),
            on=on,
            tag=_("Not reached"),
            tone="attention",
        )
    if one.state == PresenterState.NO:
        return TodayItem(
            title=_("%(name)s cannot come to %(group)s", name=name, group=one.meeting.group_name),
            href=href,
            note=_("Book somebody else, or take it off the plan."),
            on=on,
            tag=_("Cannot come"),
            tone="attention",
        )
    if one.state == PresenterState.ASKED and is_near:
        return TodayItem(
            title=_(
                "%(name)s has not said whether they come to %(group)s",
                name=name,
                group=one.meeting.group_name,
            ),
            href=href,
            note=_("Call them, or take it off the plan."),
            on=on,
            tag=_("No answer"),
            tone="waiting",
        )
    if one.state == PresenterState.YES and (is_near or is_news):
        return TodayItem(
            title=_("%(name)s comes to %(group)s", name=name, group=one.meeting.group_name),
            href=href,
            note=presenter.topic,
            on=on,
            tag=_("Presenter"),
            tone="info",
        )
    return None
