"""The home of each audience: what needs me today."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts import my_offers
from app.cohorts import queries as cohorts
from app.cohorts.timetable import purpose_of, topic_title
from app.extensions import db
from app.facilitators import queries as facilitators
from app.facilitators import unsent
from app.facilitators.words import NO_GROUP, NO_GROUP_HERE
from app.homes.pages import COUNCIL, PARENT, SCHOOL
from app.homes.queries import list_health, read_my_group
from app.homes.services import rows, todays_items
from app.identity.current import me
from app.identity.roles import Role
from app.identity.websession import Identity
from app.meetings.queries import find_my_next_session
from app.meetings.view import dates_title, ended_words, when_words
from app.outcomes import activity
from app.recruitment import fresh_start
from app.recruitment import queries as recruitment
from app.recruitment.words import nothing_to_come
from app.safeguarding.readers import get_readers
from app.schools import pipeline, stage_rights
from app.schools import queries as schools
from app.schools.stage_steps import offered
from app.schools.words import NO_GROUPS
from app.schools.year_queries import get_shut_days
from app.shell import list_search
from app.states.facilitators import FacilitatorStage
from app.states.groups import OfferState
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, READY, ParentStage
from app.states.schools import UNDER_WAY, SchoolStage, Task, may
from tenants.together import together

blueprint = Blueprint("homes", __name__)
blueprint.before_request(list_search.forget_all)


@blueprint.get("/authority")
def authority() -> str:
    identity = me()
    COUNCIL.read_ahead(
        db.session, authority_id=identity.authority_id, person_id=identity.person_id, is_lead=True
    )
    with together(db.session) as ask:
        items = ask(todays_items, identity)
        board = ask(pipeline.pipeline_board, identity.authority_id)
        totals = ask(activity.activity_totals, identity.authority_id)
        forecast = ask(activity.facilitator_forecast, identity.authority_id)
    return render_template(
        "homes/authority.html",
        tasks=len(Task),
        items=rows(items.value),
        board=board.value,
        activity=totals.value,
        forecast=forecast.value,
    )


@blueprint.get("/school")
def school() -> str:
    identity = me()
    SCHOOL.read_ahead(db.session, is_lead=identity.role is Role.SCHOOL_LEAD, **_ids(identity))
    with together(db.session) as ask:
        items = ask(todays_items, identity)
        stages = ask(recruitment.stage_counts, identity.own_school_id)
        own = ask(schools.get_school, identity.own_school_id)
        groups = ask(cohorts.list_running, identity.own_school_id)
        health = ask(list_health, identity.own_school_id)
        leading = ask(facilitators.stage_counts, identity.own_school_id)
        ask(get_readers, identity.own_school_id, identity.authority_id)
    school = own.value
    return render_template(
        "homes/school.html",
        items=rows(items.value),
        lede=_lede(len(items.value)),
        stages=stages.value,
        ready=recruitment.count_ready(stages.value),
        school=school,
        allowed=stage_rights.in_words(school.stage),
        no_groups=NO_GROUPS[school.stage],
        groups=groups.value,
        health=health.value,
        can_lead=facilitators.count_may_lead(leading.value),
    )


@blueprint.get("/group")
def facilitator() -> str:
    identity = me()
    with together(db.session) as ask:
        items = ask(todays_items, identity)
        groups = ask(cohorts.list_led, identity.own_school_id, identity.person_id)
        own = ask(facilitators.get_facilitator, identity.own_school_id, identity.person_id)
        school = ask(schools.get_school, identity.own_school_id)
    return render_template(
        "homes/facilitator.html",
        school=school.value,
        items=rows(items.value),
        groups=groups.value,
        takes_part=school.value.stage in UNDER_WAY,
        no_group=NO_GROUP[own.value.stage] if school.value.stage in UNDER_WAY else NO_GROUP_HERE,
    )


@blueprint.get("/my")
def parent() -> str | Response:
    identity = me()
    own = identity.own_school_id, identity.person_id
    PARENT.read_ahead(db.session, **_ids(identity))
    with together(db.session) as ask:
        parent = ask(recruitment.get_parent, *own)
        contact = ask(recruitment.get_contact, *own)
        next_one = ask(find_my_next_session, *own)
        theirs = ask(read_my_group, identity)
        their_school = ask(schools.get_school, identity.own_school_id)
        offered_to_lead = ask(facilitators.find_of_parent, *own)
        draft = ask(unsent.find, *own)
        fresh = ask(fresh_start.find_own)
        items = ask(todays_items, identity)
        shut = ask(get_shut_days, identity.authority_id, identity.own_school_id)
        place = ask(my_offers.find_row, *own)
    stage = parent.value.stage
    if stage in BEFORE_JOINING:
        return redirect(url_for("recruitment.welcome"))
    coming, group, school = next_one.value, theirs.value.group, their_school.value
    sessions, meetings = theirs.value.sessions, theirs.value.meetings
    may_offer = stage in (ParentStage.IN_GROUP, ParentStage.GRADUATED) and offered("facilitators.apply")
    offer = offered_to_lead.value
    return render_template(
        "homes/parent.html",
        items=rows(items.value),
        me=contact.value,
        stage=stage,
        group=group,
        leaders=theirs.value.leaders,
        certificate_id=theirs.value.certificate_id,
        line=theirs.value.line if coming else [],
        dates_title=dates_title(sessions),
        next_session=coming,
        is_shut=coming is not None and coming.on_date in shut.value,
        topic=topic_title(coming) if coming else "",
        purpose=purpose_of(coming) if coming else "",
        when=when_words(coming) if coming else "",
        school=school,
        words=nothing_to_come(
            stage,
            group.state if group else None,
            has_notes=bool(group or meetings),
            is_paused=school.stage == SchoolStage.PAUSED,
            is_held=fresh.value.waits_until is not None,
            may_join=may(school.stage, "join"),
            is_kept=place.value is not None and place.value.state == OfferState.OPEN,
        ),
        waits=stage in READY,
        is_out=stage in DO_NOT_WRITE,
        takes_part=school.stage in UNDER_WAY,
        ended=ended_words(group, sessions, stage, school.stage),
        meetings=meetings,
        # Whoever has offered reads above how far that is.
        may_offer=may_offer and (offer is None or offer.stage == FacilitatorStage.WITHDRAWN),
        has_draft=may_offer and draft.value is not None,
    )


def _ids(identity: Identity) -> dict[str, UUID]:
    """What a home is read by."""
    return {
        "authority_id": identity.authority_id,
        "school_id": identity.own_school_id,
        "person_id": identity.person_id,
    }


def _lede(count: int) -> str:
    if not count:
        return _("Nothing is waiting for you. That is a good place to be.")
    return ngettext("One thing needs you.", "%(num)s things need you.", count)
