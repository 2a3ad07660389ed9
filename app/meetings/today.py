"""What needs those who lead a group, and those who are in one, today."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.cohorts import joining, timetable
from app.cohorts.formats import is_online
from app.cohorts.leader_queries import list_led_cohorts
from app.cohorts.members import list_member_ids
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.my_queries import find_my_group
from app.cohorts.queries import list_sessions
from app.cohorts.times import is_over
from app.identity.websession import Identity
from app.meetings import due, first_visits, missed, queries
from app.meetings.reflections import waits_for_mine
from app.programme.numbers import CHOSEN_FROM
from app.schools.queries import get_school
from app.schools.year_queries import get_shut_days
from app.shell.dates import clock, day
from app.shell.kept import kept
from app.shell.parsing import listed
from app.shell.today import TodayItem
from app.states.groups import UNDER_WAY, GroupState, SessionState
from infra.clock import LONDON, now, today
from tenants.together import together

#: How long sent notes are news, how long it is that a group ended early, and how far ahead a session is.
NOTES_ARE_NEW = timedelta(days=8)
ENDING_IS_NEW = timedelta(days=14)
AHEAD = timedelta(days=7)
#: So many newcomers are named; of more, only how many.
MOST_NAMES = 2
#: From this session on those who lead are asked to set topics.
TOPICS_FROM = CHOSEN_FROM - 1


def for_facilitator(session: Session, identity: Identity) -> list[TodayItem]:
    """Tonight, what is still open from before, topics to set, and a group that ended early."""
    items: list[TodayItem] = []
    for cohort in list_led_cohorts(session, identity.own_school_id, identity.person_id):
        if cohort.state in UNDER_WAY:
            sessions = list_sessions(session, identity.own_school_id, cohort.id)
            items += _to_lead(session, identity, cohort, sessions)
        elif (
            cohort.state == GroupState.CANCELLED
            and cohort.closed_at
            and cohort.closed_at > now() - ENDING_IS_NEW
        ):
            items.append(_ended(cohort))
            # A session that took place before the end waits to be closed all the same.
            sessions = list_sessions(session, identity.own_school_id, cohort.id)
            items += _to_lead(session, identity, cohort, sessions)
    return items


def _ended(cohort: Cohort) -> TodayItem:
    """That a group ended early, and why, in the words that its parents read."""
    return TodayItem(
        title=_("%(group)s does not meet any more", group=kept(cohort.name)),
        href=url_for("meetings.led_cohort", cohort=cohort.id),
        note=cohort.end_reason,
        tag=_("Ended early"),
        tone="quiet",
    )


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """Notes to read and topics to choose; never a duty."""
    group = find_my_group(session, identity.own_school_id, identity.person_id)
    if group is None or group.state == GroupState.CANCELLED:
        return []
    with together(session) as ask:
        meetings = ask(list_sessions, identity.own_school_id, group.id)
        notes_sent = ask(queries.list_notes_sent, identity.own_school_id, group.id)
        votes = ask(queries.list_my_votes, identity.own_school_id, identity.person_id, group.id)
        shut = ask(get_shut_days, identity.authority_id, identity.own_school_id)
        school = ask(get_school, identity.own_school_id)
    sessions, notes = meetings.value, notes_sent.value
    first = first_visits.first_evening_of(group, sessions, shut.value, school.value.stage)
    # Whoever joins later finds it on the page of the group.
    has_begun = any(map(timetable.took_place, sessions))
    items = [_first_evening(first.on)] if first.on and not has_begun else []
    items += _to_join(session, [one.room or group.room for one in sessions if one.on_date == today()])
    for one in reversed(sessions):
        _state, sent_at = notes.get(one.id, ("", None)) if one.state == SessionState.CLOSED else ("", None)
        if sent_at and sent_at > now() - NOTES_ARE_NEW:
            items.append(
                TodayItem(
                    title=_("Read the notes from %(day)s", day=day(one.on_date)),
                    href=url_for("meetings.my_notes", session_id=one.id),
                    note=timetable.topic_title(one),
                    tag=_("New"),
                    tone="info",
                )
            )
            break
    open_topics = due.to_choose(sessions)
    if open_topics and any(one.state == SessionState.CLOSED for one in sessions) and not votes.value:
        items.append(
            TodayItem(
                title=_("Choose what to talk about next"),
                href=url_for("meetings.my_group") + "#choose",
                note=_("Your choice is secret. The group sees only totals."),
                tag=_("Your choice"),
                tone="waiting",
            )
        )
    return items


def _to_lead(
    session: Session, identity: Identity, cohort: Cohort, sessions: list[CohortSession]
) -> list[TodayItem]:
    items = []
    tonight = due.tonight_of(sessions)
    online = next((one for one in sessions if is_online(one.room or cohort.room) and not is_over(one)), None)
    if online and online.state == SessionState.PLANNED and online.on_date <= today() + AHEAD:
        items += _to_link(session, identity, cohort, online)
    if tonight and tonight.on_date == today() and not is_over(tonight):
        items.append(_tonight(session, identity, cohort, tonight, tag=_("Today")))
    for one in due.to_close(sessions):
        if is_over(one):
            items.append(
                TodayItem(
                    title=_("Close session %(number)s", number=one.number),
                    href=url_for("meetings.close_session", session_id=one.id),
                    note=_("%(group)s. The register, then the notes go out.", group=cohort.name),
                    on=one.on_date,
                    tag=_("To finish"),
                    tone="attention",
                )
            )
    for one in waits_for_mine(session, identity.own_school_id, identity.person_id, sessions):
        items.append(
            TodayItem(
                title=_("Look back on session %(number)s", number=one.number),
                href=url_for("meetings.look_back", session_id=one.id),
                note=_("%(group)s. A minute, in ticks.", group=cohort.name),
                on=one.on_date,
                tag=_("To finish"),
                tone="waiting",
            )
        )
    if any(timetable.took_place(one) and one.on_date > today() - first_visits.ASK_FOR for one in sessions):
        items += _to_ask(session, identity, cohort)
    over = [one for one in sessions if one.state == SessionState.CLOSED]
    if len(over) > 1 and over[-1].on_date > today() - missed.MISSED_LATELY:
        items += _away_twice(session, identity, cohort)
    coming = timetable.next_of(sessions)
    if coming and today() < coming.on_date <= today() + AHEAD:
        items.append(_tonight(session, identity, cohort, coming, tag=_("Next")))
    is_time = any(one.number >= TOPICS_FROM and one.state == SessionState.CLOSED for one in sessions)
    open_topics = due.to_choose(sessions)
    if is_time and open_topics:
        votes = sum(total.votes for total in queries.list_topic_totals(session, cohort.id))
        items.append(
            TodayItem(
                title=_("Set the topic of session %(number)s", number=open_topics[0].number),
                href=url_for("meetings.led_cohort", cohort=cohort.id) + "#choose",
                note=ngettext("%(num)s vote so far.", "%(num)s votes so far.", votes)
                if votes
                else _("No votes yet."),
                on=open_topics[0].on_date,
                tag=_("To choose"),
                tone="waiting",
            )
        )
    return items


def _to_link(session: Session, identity: Identity, cohort: Cohort, online: CohortSession) -> list[TodayItem]:
    """That nobody can join the next session online for want of the link."""
    how = joining.find_how(session, identity.own_school_id, cohort.id)
    if how is None or how.link:
        return []
    return [
        TodayItem(
            title=_("Enter the link to join online"),
            href=url_for("meetings.set_join_link", cohort_id=cohort.id),
            note=_("%(group)s. Without it nobody can join.", group=cohort.name),
            on=online.on_date,
            tag=_("Missing"),
            tone="attention",
        )
    ]


def _to_ask(session: Session, identity: Identity, cohort: Cohort) -> list[TodayItem]:
    """Who came for the first time, and is asked within two days how it was."""
    visits = first_visits.list_first_visits(session, identity.own_school_id, cohort.id)
    waiting = [one for one in visits if one.waits]
    if not waiting:
        return []
    names = listed([kept(one.member.known_as) for one in waiting])
    return [
        TodayItem(
            title=_("Ask %(name)s how it was", name=names)
            if len(waiting) <= MOST_NAMES
            else ngettext("Ask %(num)s person how it was", "Ask %(num)s people how it was", len(waiting)),
            href=url_for("meetings.first_visits_led", cohort_id=cohort.id) + "#asked",
            note=_("%(group)s. After a first evening a few words are enough.", group=cohort.name),
            on=min(one.ask_by for one in waiting),
            tag=_("To ask"),
            tone="people",
        )
    ]


def _away_twice(session: Session, identity: Identity, cohort: Cohort) -> list[TodayItem]:
    """That somebody was away twice: a message is theirs to send, or to leave."""
    names = [
        kept(one.member.known_as) for one in missed.list_missed(session, identity.own_school_id, cohort.id)
    ]
    if not names:
        return []
    return [
        TodayItem(
            title=ngettext(
                "%(names)s was away twice", "%(names)s were away twice", len(names), names=listed(names)
            ),
            href=url_for("meetings.list_missed", cohort_id=cohort.id),
            note=_("Send a warm message, or leave it. Nothing goes by itself."),
            tag=_("Your choice"),
            tone="people",
        )
    ]


def _to_join(session: Session, places: list[str]) -> list[TodayItem]:
    """The way to the link of today's session, which is there, from the time on at which it is shown."""
    if not any(map(is_online, places)):
        return []
    open_now = [one for one in joining.list_my_joining(session).values() if one.is_open]
    return [
        TodayItem(
            title=_("Join your group online"),
            href=url_for("meetings.my_group"),
            note=_("The link is on your group’s page until %(time)s.", time=clock(one.ends_at))
            if one.link
            else _("The link is not here yet. Please look again in a few minutes."),
            on=one.opens_at.astimezone(LONDON).date(),
            tag=_("Today"),
            tone="people",
        )
        for one in open_now[:1]
    ]


def _first_evening(one: CohortSession) -> TodayItem:
    """To somebody who has not been there yet."""
    return TodayItem(
        title=_("Your first evening"),
        href=url_for("meetings.my_first_visit"),
        note=_("Who meets you, what will happen, and a quiet seat if you like."),
        on=one.on_date,
        tag=_("To read"),
        tone="people",
    )


def _tonight(
    session: Session, identity: Identity, cohort: Cohort, one: CohortSession, *, tag: str
) -> TodayItem:
    with together(session) as ask:
        notices = ask(queries.list_notices, identity.own_school_id, one.id)
        members = ask(list_member_ids, identity.own_school_id, cohort.id)
        shut = ask(get_shut_days, identity.authority_id, identity.own_school_id)
    if one.on_date in shut.value:
        return TodayItem(
            title=_("Session %(number)s cannot be on its day", number=one.number),
            href=url_for("meetings.led_cohort", cohort=cohort.id),
            note=_("%(group)s. The school is shut then, and tells you another day.", group=cohort.name),
            on=one.on_date,
            tag=_("To be moved"),
            tone="attention",
        )
    away = len(notices.value & set(members.value))
    note = _("%(group)s, %(time)s", group=cohort.name, time=clock(one.starts_at))
    if away:
        note += ". " + ngettext("%(num)s cannot come.", "%(num)s cannot come.", away)
    return TodayItem(
        title=_("Lead session %(number)s", number=one.number),
        href=url_for("meetings.tonight", session_id=one.id),
        note=note,
        on=one.on_date,
        tag=tag,
        tone="people",
    )
