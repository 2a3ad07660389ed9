"""What groups have to say about the day of a school's staff, and to a parent for whom a place is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.cohorts import joining, my_offers, offered, planning, queries, services, telling, under_way
from app.cohorts.countdown import count_down, item_of
from app.cohorts.formats import ONLINE, is_online
from app.cohorts.models import CohortSession
from app.cohorts.rooms import list_rooms_taken
from app.cohorts.timetable import waits_to_be_closed
from app.identity.websession import Identity
from app.programme.numbers import FEWEST_FACILITATORS, FEWEST_PARENTS, SESSIONS
from app.recruitment import queries as parents
from app.recruitment.rates import read_rates
from app.recruitment.waiting import list_in_order
from app.schools import stage_rights
from app.schools.queries import list_acting
from app.schools.year_queries import get_shut_days
from app.shell.dates import clock, day
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.groups import SESSION_OVER, GroupState, OfferState
from infra.clock import now, today
from tenants.together import together

SOON = timedelta(days=7)


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Rooms to open this week, groups that can start or still need something, groups that are over."""
    school_id = identity.own_school_id
    with together(session) as ask:
        ask(under_way.look_ahead, school_id)
        ask(stage_rights.stage_of, school_id)
        running = ask(queries.list_running, school_id)
        acting = ask(list_acting, "facilitator", school_id=school_id)
        to_tell = ask(telling.list_to_tell, school_id)
        calendar = ask(planning.read_calendar, identity.authority_id, school_id)
        shut = ask(get_shut_days, identity.authority_id, school_id)
        by_stage = ask(parents.stage_counts, school_id)
        ask(list_rooms_taken, school_id)
        kept_places = ask(offered.list_open_and_news, school_id)
        reached = ask(list_in_order, school_id)
        past = ask(read_rates, school_id)
    unreached = {one.id for one in reached.value if not one.is_reached}
    groups, able = running.value, set(acting.value)
    may_form = stage_rights.may_now(session, school_id, "form_groups")
    may_run = stage_rights.may_now(session, school_id, "run_groups")
    conflicts = [
        (group, one)
        for group in (groups if may_run else ())
        for one in services.list_conflicts(
            session, calendar.value, queries.get_cohort(session, school_id, group.id)
        )
    ]
    items = [_to_move(group, one) for group, one in conflicts]
    items.extend(
        _did_it_meet(group, one)
        for group in (groups if may_run else ())
        for one in waits_to_be_closed(queries.list_sessions(session, school_id, group.id))
        if one.on_date in shut.value
    )
    items.extend(_to_tell(one) for one in to_tell.value)
    items.extend(
        item for one in kept_places.value if (item := _of_offer(one, unreached, is_open=may_form)) is not None
    )
    if may_form:
        kept_open = Counter(one.cohort_id for one in kept_places.value if one.state == OfferState.OPEN)
        ready = parents.count_ready(by_stage.value) - kept_open.total()
        items.extend(_to_place(groups, ready, kept_open))
        counted = count_down(groups, ready, kept_open, past.value)
        items.extend(item_of(one, past.value) for one in counted)
    where = {group.id: _meets_next(session, school_id, group) for group in groups} if may_run else {}
    if any(map(is_online, where.values())):
        without = joining.list_without_link(session, school_id, until=now() + SOON)
        items.extend(_to_link(group) for group in groups if group.id in without)
    for group in groups:
        href = url_for("cohorts.show", cohort_id=group.id)
        leading = queries.list_facilitator_ids(session, school_id, group.id)
        leaders = len(leading)
        if group.state == GroupState.RUNNING and may_run and len(able & set(leading)) < FEWEST_FACILITATORS:
            items.append(_too_few_lead(group, len(able & set(leading))))
        if group.state == GroupState.FORMING and not may_form:
            continue
        if group.state == GroupState.FORMING:
            missing = planning.missing_for_start(facilitators=leaders, parents=group.taken, sessions=SESSIONS)
            items.append(
                TodayItem(
                    title=_("Start %(group)s", group=group.name),
                    href=href,
                    note=_("Still missing: %(what)s", what=" ".join(missing))
                    if missing
                    else _("Everything is there. Start it before its first day."),
                    on=group.first_on if not missing else None,
                    tag=_("Not ready yet") if missing else _("Ready"),
                    tone="waiting" if missing else "good",
                )
            )
        elif group.next_on is None or group.next_starts_at is None:
            items.append(
                TodayItem(
                    title=_("%(group)s: no more sessions", group=group.name),
                    href=href,
                    note=_("Every session is closed. Say that the group is over.")
                    if _all_closed(session, school_id, group.id)
                    else _("When each session is closed, you can say that the group is over."),
                    tag=_("To close"),
                    tone="attention",
                )
            )
        elif group.next_on <= today() + SOON and group.next_on not in shut.value:
            items.append(
                TodayItem(
                    title=_("%(group)s meets online", group=group.name)
                    if where.get(group.id) == ONLINE
                    else _("Open the room for %(group)s", group=group.name),
                    href=href,
                    note=ngettext(
                        "%(room)s, %(time)s. Session %(n)s of %(all)s, for one parent or carer.",
                        "%(room)s, %(time)s. Session %(n)s of %(all)s, for %(num)s parents and carers.",
                        group.taken,
                        room=where.get(group.id) or group.room or _("No room chosen yet"),
                        time=clock(group.next_starts_at),
                        n=group.next_number,
                        all=SESSIONS,
                    )
                    if group.taken
                    else _(
                        "%(room)s, %(time)s. Session %(n)s of %(all)s. Nobody has a place.",
                        room=where.get(group.id) or group.room or _("No room chosen yet"),
                        time=clock(group.next_starts_at),
                        n=group.next_number,
                        all=SESSIONS,
                    ),
                    on=group.next_on,
                )
            )
    return items


def _meets_next(session: Session, school_id: UUID, group: queries.GroupLine) -> str:
    """Where its next session is: one may have been given a place of its own."""
    meetings = queries.list_sessions(session, school_id, group.id)
    return next((one.room for one in meetings if one.id == group.next_session_id and one.room), group.room)


def _to_link(group: queries.GroupLine) -> TodayItem:
    """That nobody can join a session online for want of the link."""
    return TodayItem(
        title=_("Enter the link to join %(group)s online", group=group.name),
        href=url_for("cohorts.set_join_link", cohort_id=group.id),
        note=_("Without it nobody can join. Those who lead can enter it too."),
        on=group.next_on,
        tag=_("Missing"),
        tone="attention",
    )


def _all_closed(session: Session, school_id: UUID, cohort_id: UUID) -> bool:
    return all(one.state in SESSION_OVER for one in queries.list_sessions(session, school_id, cohort_id))


def _of_offer(one: offered.OfferLine, unreached: Collection[UUID], *, is_open: bool) -> TodayItem | None:
    """An offer of which somebody has to be told, or a place that came free by itself."""
    if one.state == OfferState.OPEN:
        if one.parent_id not in unreached or not is_open:
            return None
        return TodayItem(
            title=_("Tell %(name)s that a place is kept for them", name=kept(one.name)),
            href=url_for("cohorts.note_offer", cohort_id=one.cohort_id, offer_id=one.id),
            note=_("No email and no text of ours reaches them. It is in %(group)s.", group=one.group_name),
            on=one.answer_by,
            tag=_("To tell"),
            tone="attention",
        )
    next_one = (
        _("The next whom the place suits is asked by itself, in the daytime.")
        if one.offers_on
        else _("The place is free: offer it to somebody else.")
    )
    return TodayItem(
        title=_how_it_ended(one),
        href=url_for("cohorts.offer_places", cohort_id=one.cohort_id)
        if is_open
        else url_for("cohorts.show", cohort_id=one.cohort_id),
        # Whoever left waits for nothing.
        note=next_one if one.state == OfferState.WITHDRAWN else _("They wait on.") + " " + next_one,
        tag=_("Place free"),
        tone="info",
    )


def _how_it_ended(one: offered.OfferLine) -> str:
    names = {"name": kept(one.name), "group": one.group_name}
    if one.state == OfferState.DECLINED:
        return _("%(name)s said no thank you to %(group)s", **names)
    if one.state == OfferState.WITHDRAWN:
        return _("%(name)s left, so their place in %(group)s is free", **names)
    if one.state == offered.GIVEN_BACK:
        return _("%(name)s gave back their place in %(group)s", **names)
    return _("%(name)s did not answer about %(group)s", **names)


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """That a place is kept for them; where and when stands on its own page."""
    found = my_offers.find_row(session, identity.own_school_id, identity.person_id)
    if found is None or found.state != OfferState.OPEN:
        return []
    return [
        TodayItem(
            title=_("A place in a group is kept for you"),
            href=url_for("cohorts.my_offer"),
            note=_("See days and times, and say yes or no. Until the end of the day shown here."),
            on=found.answer_by,
            tag=_("Please answer"),
            tone="attention",
        )
    ]


def _to_place(
    groups: Sequence[queries.GroupLine], ready: int, kept_open: Mapping[UUID, int]
) -> list[TodayItem]:
    """What to do with those who are ready: a place in a group that is forming, or else a group of their own."""
    open_one = next(
        (
            one
            for one in groups
            if one.state == GroupState.FORMING and one.taken + kept_open.get(one.id, 0) < one.places
        ),
        None,
    )
    if open_one and ready > 0:
        title = ngettext(
            "Give a place in %(group)s: one parent is ready",
            "Give places in %(group)s: %(num)s parents are ready",
            ready,
            group=kept(open_one.name),
        )
        href, note = url_for("cohorts.offer_places", cohort_id=open_one.id), ""
    elif ready >= FEWEST_PARENTS:
        title = _("Form a group: %(n)s parents are ready for a place", n=ready)
        href, note = url_for("cohorts.form_cohort"), _("That is enough to begin.")
    else:
        return []
    return [TodayItem(title=title, href=href, note=note, tag=_("Ready"), tone="good")]


def _too_few_lead(group: queries.GroupLine, left: int) -> TodayItem:
    """Counted are those who can sign in: whoever lost their way in, or is brought back a step, leads nobody."""
    return TodayItem(
        title=_("Choose somebody to lead %(group)s", group=group.name),
        href=url_for("cohorts.show", cohort_id=group.id),
        note=_("A group that meets needs two who can sign in. It has one.")
        if left
        else _("A group that meets needs two who can sign in. It has nobody."),
        tag=_("Too few lead"),
        tone="attention",
    )


def _to_tell(one: telling.ToTell) -> TodayItem:
    """Somebody whom no message reaches: they know nothing until staff tell them."""
    return TodayItem(
        title=_("Tell %(name)s that they are not in their group any more", name=kept(one.name))
        if one.is_out
        else _("Tell %(name)s that their group has ended", name=kept(one.name))
        if one.is_over
        else _("Print the dates for %(name)s", name=kept(one.name)),
        href=url_for("cohorts.tell_parent", cohort_id=one.cohort_id, parent_id=one.parent_id),
        note=_(
            "No email and no text about %(group)s reaches them. Tell them, and note it.", group=one.group_name
        )
        if one.is_over or one.is_out or not one.phone
        else _(
            "No email and no text about %(group)s reaches them. Hand them over, or call, and note it.",
            group=one.group_name,
        ),
        tag=_("To tell"),
        tone="attention",
    )


def _did_it_meet(group: queries.GroupLine, one: CohortSession) -> TodayItem:
    """A session whose day went by while the school was shut: nobody moved it, and the clock says that it was."""
    return TodayItem(
        title=_("Did session %(n)s of %(group)s take place?", n=one.number, group=group.name),
        href=url_for("cohorts.cancel_session", session_id=one.id),
        note=_(
            "The school was shut on %(day)s. Call it off if it did not. If it did, those who lead close it.",
            day=day(one.on_date),
        ),
        on=one.on_date,
        tag=_("To say"),
        tone="attention",
    )


def _to_move(group: queries.GroupLine, conflict: planning.Conflict) -> TodayItem:
    """A session to come whose day is not free any more: shut since, or the room taken."""
    return TodayItem(
        title=_("Move session %(n)s of %(group)s", n=conflict.number, group=group.name),
        href=url_for("cohorts.move_session", session_id=conflict.session_id, fix=1),
        note=_("It cannot be on %(day)s: %(why)s.", day=day(conflict.on_date), why=conflict.reason),
        on=conflict.on_date,
        tag=_("To move"),
        tone="attention",
    )
