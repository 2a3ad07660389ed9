"""The home of each audience: what needs me today."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts import queries as cohorts
from app.cohorts.room_queries import purpose_of, topic_title
from app.cohorts.room_view import when_words
from app.extensions import db
from app.facilitators import queries as facilitators
from app.homes.services import rows, todays_items
from app.recruitment import queries as recruitment
from app.schools import queries as schools

blueprint = Blueprint("homes", __name__)


@blueprint.get("/authority")
def authority() -> str:
    identity = session.identity
    items = todays_items(db.session, identity)
    return render_template(
        "homes/authority.html",
        items=rows(items),
        board=schools.pipeline_board(db.session, identity.authority_id),
        activity=schools.activity_totals(db.session, identity.authority_id),
        forecast=schools.facilitator_forecast(db.session, identity.authority_id),
    )


@blueprint.get("/school")
def school() -> str:
    identity = session.identity
    items = todays_items(db.session, identity)
    stages = recruitment.stage_counts(db.session, identity.school_id)
    return render_template(
        "homes/school.html",
        items=rows(items),
        lede=_lede(len(items)),
        stages=stages,
        school=schools.get_school(db.session, identity.school_id),
        groups=cohorts.list_running(db.session, identity.school_id),
        can_lead=facilitators.stage_counts(db.session, identity.school_id).get("ready", 0),
    )


@blueprint.get("/group")
def facilitator() -> str:
    identity = session.identity
    return render_template(
        "homes/facilitator.html",
        items=rows(todays_items(db.session, identity)),
        groups=cohorts.list_led(db.session, identity.school_id, identity.person_id),
    )


@blueprint.get("/my")
def parent() -> str | Response:
    identity = session.identity
    if recruitment.has_to_choose(db.session, identity.school_id, identity.person_id):
        return redirect(url_for("recruitment.welcome"))
    coming = cohorts.find_my_next_session(db.session, identity.school_id, identity.person_id)
    return render_template(
        "homes/parent.html",
        items=rows(todays_items(db.session, identity)),
        me=recruitment.get_contact(db.session, identity.school_id, identity.person_id),
        group=cohorts.find_my_group(db.session, identity.school_id, identity.person_id),
        next_session=coming,
        topic=topic_title(coming) if coming else "",
        purpose=purpose_of(coming) if coming else "",
        when=when_words(coming) if coming else "",
        school=schools.get_school(db.session, identity.school_id),
    )


def _lede(count: int) -> str:
    if not count:
        return _("Nothing is waiting for you. That is a good place to be.")
    return ngettext("One thing needs you.", "%(num)s things need you.", count)
