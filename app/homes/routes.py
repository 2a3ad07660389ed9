"""The home of each audience: what needs me today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts import my_queries as mine
from app.cohorts import queries as cohorts
from app.cohorts import room_queries as room
from app.cohorts.notes import list_my_meetings
from app.cohorts.queries import GroupHealth, GroupLine
from app.cohorts.room_view import dates_title, ended_words, my_line, when_words
from app.cohorts.timetable import purpose_of, topic_title
from app.extensions import db
from app.facilitators import queries as facilitators
from app.facilitators import unsent
from app.facilitators.words import NO_GROUP
from app.homes.services import rows, todays_items
from app.identity.current import me
from app.identity.websession import Identity
from app.outcomes import activity
from app.recruitment import fresh_start
from app.recruitment import queries as recruitment
from app.recruitment.words import nothing_to_come
from app.schools import queries as schools
from app.schools import stage_rights
from app.schools.stage_steps import offered
from app.schools.words import NO_GROUPS
from app.shell import list_search
from app.states.facilitators import MAY_REAPPLY
from app.states.groups import UNDER_WAY, GroupState
from app.states.parents import ParentStage
from app.states.schools import SchoolStage

blueprint = Blueprint("homes", __name__)
blueprint.before_request(list_search.forget_all)


@blueprint.get("/authority")
def authority() -> str:
    identity = me()
    items = todays_items(db.session, identity)
    return render_template(
        "homes/authority.html",
        items=rows(items),
        board=schools.pipeline_board(db.session, identity.authority_id),
        activity=activity.activity_totals(db.session, identity.authority_id),
        forecast=activity.facilitator_forecast(db.session, identity.authority_id),
    )


@blueprint.get("/school")
def school() -> str:
    identity = me()
    items = todays_items(db.session, identity)
    stages = recruitment.stage_counts(db.session, identity.own_school_id)
    groups = cohorts.list_running(db.session, identity.own_school_id)
    school = schools.get_school(db.session, identity.own_school_id)
    return render_template(
        "homes/school.html",
        items=rows(items),
        lede=_lede(len(items)),
        stages=stages,
        ready=recruitment.count_ready(stages),
        school=school,
        allowed=stage_rights.in_words(school.stage),
        no_groups=NO_GROUPS[school.stage],
        groups=groups,
        health=_health(identity.own_school_id, groups),
        can_lead=facilitators.count_may_lead(facilitators.stage_counts(db.session, identity.own_school_id)),
    )


@blueprint.get("/group")
def facilitator() -> str:
    identity = me()
    return render_template(
        "homes/facilitator.html",
        items=rows(todays_items(db.session, identity)),
        groups=cohorts.list_led(db.session, identity.own_school_id, identity.person_id),
        no_group=NO_GROUP[
            facilitators.get_facilitator(db.session, identity.own_school_id, identity.person_id).stage
        ],
    )


@blueprint.get("/my")
def parent() -> str | Response:
    identity = me()
    if recruitment.has_to_choose(db.session, identity.own_school_id, identity.person_id):
        return redirect(url_for("recruitment.welcome"))
    stage = recruitment.get_parent(db.session, identity.own_school_id, identity.person_id).stage
    coming = mine.find_my_next_session(db.session, identity.own_school_id, identity.person_id)
    group = mine.find_my_group(db.session, identity.own_school_id, identity.person_id)
    sessions = cohorts.list_sessions(db.session, identity.own_school_id, group.id) if group else []
    school = schools.get_school(db.session, identity.own_school_id)
    meetings = list_my_meetings(db.session, identity.own_school_id) if not group else []
    may_offer = stage in (ParentStage.IN_GROUP, ParentStage.GRADUATED) and offered("facilitators.apply")
    offer = facilitators.find_of_parent(db.session, identity.own_school_id, identity.person_id)
    return render_template(
        "homes/parent.html",
        items=rows(todays_items(db.session, identity)),
        me=recruitment.get_contact(db.session, identity.own_school_id, identity.person_id),
        stage=stage,
        group=group,
        leaders=room.list_my_leaders(db.session, group.id) if group and group.state in UNDER_WAY else [],
        certificate_id=room.find_my_certificate(
            db.session, identity.own_school_id, identity.person_id, group.id
        )
        if group
        else None,
        line=_line(identity, sessions) if group and coming else [],
        dates_title=dates_title(sessions),
        next_session=coming,
        topic=topic_title(coming) if coming else "",
        purpose=purpose_of(coming) if coming else "",
        when=when_words(coming) if coming else "",
        school=school,
        words=nothing_to_come(
            stage,
            group.state if group else None,
            has_notes=bool(group or meetings),
            is_paused=school.stage == SchoolStage.PAUSED,
            is_held=fresh_start.find_own(db.session()).waits_until is not None,
        ),
        ended=ended_words(group, sessions, stage, school.stage),
        meetings=meetings,
        # Whoever has offered reads above how far that is.
        may_offer=may_offer and (offer is None or offer.stage in MAY_REAPPLY),
        has_draft=may_offer
        and unsent.find(db.session, identity.own_school_id, identity.person_id) is not None,
    )


def _health(school_id: UUID, groups: Sequence[GroupLine]) -> list[GroupHealth]:
    """How each group that has met is doing."""
    found = (
        cohorts.group_health(db.session, school_id, group)
        for group in groups
        if group.state == GroupState.RUNNING
    )
    return [health for health in found if health.done]


def _line(who: Identity, sessions: Sequence[Any]) -> list[dict[str, Any]]:
    """A parent's own sessions."""
    cohort_id = sessions[0].cohort_id
    return my_line(
        sessions,
        room.list_notes_states(db.session, who.own_school_id, cohort_id),
        room.list_my_notices(db.session, who.own_school_id, who.person_id, cohort_id),
    )


def _lede(count: int) -> str:
    if not count:
        return _("Nothing is waiting for you. That is a good place to be.")
    return ngettext("One thing needs you.", "%(num)s things need you.", count)
