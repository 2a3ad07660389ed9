"""Calls on homes: of whoever makes them as work with a day, of the parent as news."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.identity.websession import Identity
from app.one_to_one import queries
from app.one_to_one.models import CallRequest
from app.one_to_one.queries import LateCalls, ToCall
from app.schools.queries import get_school
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.calls import CallState
from app.states.schools import UNDER_WAY
from infra.clock import today
from tenants.together import together


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """That the parent is asked, and how what they wait for stands."""
    requests = queries.list_mine(session, identity.own_school_id, identity.person_id)
    waiting = [one for one in requests if queries.is_waiting(one)]
    if not waiting or get_school(session, identity.own_school_id).stage not in UNDER_WAY:
        # Of a school that does not take part just now, nobody calls; their own page says so.
        return []
    leading = {one.facilitator_id for one in queries.list_callers(session)}
    asks_school = any(one.facilitator_id is None for one in waiting)
    return [_mine(one, leading, asks_school=asks_school) for one in waiting]


def for_facilitator(session: Session, identity: Identity) -> list[TodayItem]:
    """Whom to call."""
    found = queries.list_to_call(session, identity.own_school_id)
    return [_to_call(one, url_for("one_to_one.call_led", call_id=one.id)) for one in found]


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Whom to call, to whoever makes the school's calls; to whoever leads also what is late."""
    is_lead = identity.role is Role.SCHOOL_LEAD
    with together(session) as ask:
        to_call = ask(queries.list_to_call, identity.own_school_id)
        makers = ask(queries.list_makers)
        late_led = ask(queries.list_late_led) if is_lead else None
    items = [
        _to_call(one, url_for("one_to_one.call_of_school", school_call_id=one.id))
        for one in to_call.value
        if identity.person_id in ([one.owner_id] if one.owner_id else makers.value)
        or (is_lead and one.due_on < today())
    ]
    return items + [_late_led(one) for one in (late_led.value if late_led else [])]


def _mine(request: CallRequest, leading: set[UUID], *, asks_school: bool) -> TodayItem:
    name, href = kept(request.caller_name), url_for("one_to_one.mine")
    if request.state == CallState.ASKS_BACK and asks_school:
        # Whom they would be handed to calls them already.
        title, note = (
            _("%(name)s does not call you about this", name=name),
            _("Your school calls you anyway."),
        )
        return TodayItem(title=title, href=href, note=note, tag=_("You asked"), tone="info")
    if request.state == CallState.ASKS_BACK:
        title, note = _("May somebody else call you?"), _("You decide.")
        return TodayItem(title=title, href=href, note=note, tag=_("Your choice"), tone="waiting")
    if request.facilitator_id and request.facilitator_id not in leading:
        title, note = _("%(name)s cannot call you any more", name=name), _("Choose somebody else.")
        return TodayItem(title=title, href=href, note=note, tag=_("Your choice"), tone="waiting")
    title = _("%(name)s calls you", name=name)
    return TodayItem(title=title, href=href, on=request.due_on, tag=_("You asked"), tone="info")


def _to_call(one: ToCall, href: str) -> TodayItem:
    is_late = one.due_on < today()
    return TodayItem(
        title=_("Call %(name)s", name=kept(one.name)),
        href=href,
        note=_("They could not be reached before.") if one.tries else _("They asked for it."),
        on=one.due_on,
        tag=_("Late") if is_late else _("To call"),
        tone="attention" if is_late else "people",
    )


def _late_led(late: LateCalls) -> TodayItem:
    """Of somebody who leads: how many, and neither whom nor why."""
    return TodayItem(
        title=_("%(name)s has not called yet", name=kept(late.caller_name)),
        href=url_for("one_to_one.of_school"),
        note=ngettext(
            "A parent waits for a call. Please ask how it goes; who, and about what, stays between them.",
            "%(num)s parents wait for a call. Please ask how it goes; who, and about what, stays between them.",
            late.calls,
        ),
        on=late.since,
        tag=_("Late"),
        tone="attention",
    )
