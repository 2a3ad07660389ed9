"""Everything that somebody's own audience may read of them; the database would refuse more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session, scoped_session

from app.identity.roles import Role
from tenants.together import together

Row = dict[str, Any]
Held = Mapping[str, Sequence[Row]]

_CONCERNS = text(
    "select reference, raised_at, goes_to from concern_receipt where school_id = :school and raised_by_id = :person"
    " order by raised_at"
)

#: Of this very browser's person; elsewhere the database knows of none.
_CALENDAR_LINK = text("select made_at, shows_place, read_on from identity.my_feed()")

#: What they sent to another school, as long as it is kept there.
_OTHER_SCHOOL = text(
    "select school_name, asked_at, first_name, last_name, email, phone, language, is_read"
    " from identity.my_school_move()"
)

_PARENT: dict[str, TextClause] = {
    "contact": text(
        "select first_name, last_name, known_as, email, phone, language, interpreter, access_needs,"
        " not_for_office or off_office_by_self not_for_office,"
        " texts_stopped_at,"
        " emails_stopped_at, identity.my_wait() is not null held_now,"
        " nullif(nullif(identity.my_way_since(), '-infinity'), 'infinity') shut_before from parent_contact"
        " where school_id = :school and parent_id = :person"
    ),
    "taking_part": text(
        "select stage, stage_changed_at, invited_at, said_yes_at, joined_at, waiting_since, do_not_ask_until,"
        " created_at from parent where school_id = :school and id = :person"
    ),
    "steps": text(
        "select at, from_stage, to_stage, reason, by_side from parent_event"
        " where school_id = :school and parent_id = :person order by at"
    ),
    "wishes": text(
        "select days, times, format, needs, by_name, changed_at from group_wish"
        " where school_id = :school and parent_id = :person"
    ),
    "calendar_link": _CALENDAR_LINK,
    "sent_to_other_school": _OTHER_SCHOOL,
    "choices": text(
        "select kind, given, wording_version, changed_at from consent"
        " where school_id = :school and parent_id = :person order by changed_at, kind"
    ),
    "earlier_choices": text(
        "select at, kind, given, how, wording_version from consent_event"
        " where school_id = :school and parent_id = :person order by at, kind"
    ),
    "groups": text(
        "select c.name, e.status, e.joined_at, e.left_at, e.left_reason from enrolment e"
        " left join cohort c on c.school_id = e.school_id and c.id = e.cohort_id"
        " where e.school_id = :school and e.parent_id = :person order by e.joined_at"
    ),
    "places_offered": text(
        "select offered_at, answer_by, state, ended_at from place_offer"
        " where school_id = :school and parent_id = :person order by offered_at"
    ),
    "attendance": text(
        "select s.on_date, s.number, a.mark, a.marked_at from attendance a"
        " left join cohort_session s on s.school_id = a.school_id and s.id = a.session_id"
        " where a.school_id = :school and a.parent_id = :person order by s.on_date"
    ),
    "told_us_cannot_come": text(
        "select s.on_date, s.number, n.at from absence_notice n"
        " left join cohort_session s on s.school_id = n.school_id and s.id = n.session_id"
        " where n.school_id = :school and n.parent_id = :person order by s.on_date"
    ),
    "first_evening_wishes": text(
        "select wishes, at from first_visit_wish where school_id = :school and parent_id = :person order by at"
    ),
    "first_evening_asked": text(
        "select outcome, at from first_visit_call where school_id = :school and parent_id = :person order by at"
    ),
    "calls_asked_for": text(
        "select caller_name, need, times, asked_at, call_by, state, outcome, ended_at from call_request"
        " where school_id = :school and parent_id = :person order by asked_at"
    ),
    "written_to_when_away": text(
        "select is_sent, at from missed_choice where school_id = :school and parent_id = :person order by at"
    ),
    "topic_votes": text(
        "select topic, at from topic_vote where school_id = :school and parent_id = :person order by at, topic"
    ),
    "themes_said": text(
        "select t.words, v.ours, v.to_council, v.enough, v.at from theme_voice v"
        " left join group_theme t on t.school_id = v.school_id and t.id = v.theme_id"
        " where v.school_id = :school and v.parent_id = :person order by v.at"
    ),
    "answers": text(
        "select instrument, instrument_version, occasion, mode, items, updated_at, submitted_at from answer_set"
        " where school_id = :school and parent_id = :person order by updated_at"
    ),
    "unsent_offer": text(
        "select answers, saved_at from application_draft where school_id = :school and parent_id = :person"
    ),
    "offers_to_lead": text(
        "select f.name, f.email, f.phone, f.stage, f.stage_changed_at, f.created_at, a.answers, a.submitted_at"
        " from facilitator f left join facilitator_application a"
        " on a.school_id = f.school_id and a.facilitator_id = f.id"
        " where f.school_id = :school and f.parent_id = :person"
    ),
    "papers": text(
        "select kind, file_name, created_at from document where school_id = :school and parent_id = :person"
        " order by created_at"
    ),
    "concerns_raised": _CONCERNS,
}

#: Parts that are not shown to a parent while a fresh start is under way.
_HELD = (
    "attendance",
    "first_evening_asked",
    "written_to_when_away",
    "told_us_cannot_come",
    "topic_votes",
    "papers",
)
#: Parts of which a parent is not shown what is from before their way in.
_SEALED = (
    "attendance",
    "first_evening_wishes",
    "first_evening_asked",
    "calls_asked_for",
    "written_to_when_away",
    "topic_votes",
    "themes_said",
    "answers",
    "offers_to_lead",
    "concerns_raised",
)


@dataclass(frozen=True, slots=True)
class Shut:
    """What we may hold and do not show: parts that are held back now, and parts of what is from before `since`."""

    just_now: tuple[str, ...] = ()
    from_before: tuple[str, ...] = ()
    since: datetime | None = None

    def __contains__(self, part: str) -> bool:
        return part in self.just_now or part in self.from_before


_FACILITATOR: dict[str, TextClause] = {
    "about_you": text(
        "select name, email, phone, kind, stage, stage_changed_at, created_at from facilitator"
        " where school_id = :school and id = :person"
    ),
    "calendar_link": _CALENDAR_LINK,
    "application": text(
        "select answers, submitted_at from facilitator_application"
        " where school_id = :school and facilitator_id = :person"
    ),
    "training": text(
        "select title, on_date, minutes, recorded_by from facilitator_training"
        " where school_id = :school and facilitator_id = :person order by on_date"
    ),
    "groups_led": text(
        "select c.name, c.state, l.assigned_at from cohort_facilitator l"
        " left join cohort c on c.school_id = l.school_id and c.id = l.cohort_id"
        " where l.school_id = :school and l.facilitator_id = :person order by l.assigned_at"
    ),
    "themes_written": text(
        "select words, state, proposed_at from group_theme"
        " where school_id = :school and facilitator_id = :person order by proposed_at"
    ),
    "chose_when_away": text(
        "select is_sent, at from missed_choice where school_id = :school and chosen_by_id = :person order by at"
    ),
    "welcomes_newcomers": text(
        "select c.name, w.named_at from group_welcome w"
        " left join cohort c on c.school_id = w.school_id and c.id = w.cohort_id"
        " where w.school_id = :school and w.welcomer_id = :person order by w.named_at"
    ),
    "asked_newcomers": text(
        "select outcome, at from first_visit_call where school_id = :school and noted_by_id = :person order by at"
    ),
    "calls_to_make": text(
        "select asked_at, call_by, state, outcome, ended_at from call_request"
        " where school_id = :school and facilitator_id = :person order by asked_at"
    ),
    "messages_written": text(
        "select words, written_at, goes_at, stopped_at from group_message"
        " where school_id = :school and facilitator_id = :person order by written_at"
    ),
    "looked_back": text(
        "select s.on_date, s.number, r.parts, r.times, r.turns, r.rules_said_at, r.looked_back_at"
        " from session_reflection r"
        " left join cohort_session s on s.school_id = r.school_id and s.id = r.session_id"
        " where r.school_id = :school and r.facilitator_id = :person order by s.on_date"
    ),
    "concerns_raised": _CONCERNS,
}


def list_held(
    session: Session | scoped_session[Any], role: Role, school_id: UUID, person_id: UUID
) -> tuple[Held, Shut]:
    """Part -> rows as they are kept, in the order of the page, and what is not shown; a part without rows is empty."""
    statements = _PARENT if role is Role.PARENT else _FACILITATOR
    values = {"school": school_id, "person": person_id}
    with together(session) as ask:
        parts = {part: ask.rows(statement, values) for part, statement in statements.items()}
    held = {part: [dict(row._mapping) for row in rows.value] for part, rows in parts.items()}
    return held, _take_shut(held)


def _take_shut(held: dict[str, list[Row]]) -> Shut:
    """What is not shown, out of the row that it was read with."""
    shut = Shut()
    for row in held.get("contact", []):
        is_held, since = row.pop("held_now"), row.pop("shut_before")
        shut = Shut(_HELD if is_held else (), _SEALED if since else (), since)
    return shut
