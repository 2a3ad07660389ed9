"""Somebody was away twice: the page on which those who lead send a warm message, or leave it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts.leader_queries import get_led_cohort, list_leader_names
from app.cohorts.queries import get_session
from app.extensions import db
from app.identity.current import me
from app.meetings import missed
from app.meetings.routes import blueprint
from app.messages.previews import to_everybody
from app.schools import queries as schools
from app.shell.dates import in_words, plain_clock
from app.shell.errors import NotFound
from app.shell.parsing import listed
from app.shell.pressing import press


@blueprint.get("/group/cohorts/<uuid:cohort_id>/missed")
def list_missed(cohort_id: UUID) -> str:
    who = me()
    cohort = get_led_cohort(db.session, who.own_school_id, who.person_id, cohort_id)
    found = missed.list_missed(db.session(), who.own_school_id, cohort_id)
    shown = {}
    if found:
        coming = get_session(db.session, who.own_school_id, found[0].next_session_id)
        room = coming.room or cohort.room or schools.get_school(db.session, who.own_school_id).room
        fields = {"date": in_words(coming.on_date), "time": plain_clock(coming.starts_at), "room": room}
        fields["leaders"] = listed(list_leader_names(db.session(), cohort_id))
        shown = to_everybody(
            db.session(), missed.KIND, who.own_school_id, authority_id=who.authority_id, **fields
        )
    return render_template(
        "meetings/missed.html",
        cohort=cohort,
        missed=found,
        shown={channel.value: words for channel, words in shown.items()},
    )


@blueprint.post("/group/cohorts/<uuid:cohort_id>/missed/<uuid:parent_id>")
def choose_missed(cohort_id: UUID, parent_id: UUID) -> Response:
    who, answer = me(), request.form.get("send")
    if answer not in ("yes", "no"):
        raise NotFound
    own = who.own_school_id, who.person_id, cohort_id, parent_id
    words = (
        _("The message is on its way, if they let messages reach them.")
        if answer == "yes"
        else _("Left as it is. You are not asked again.")
    )
    return press(
        partial(missed.choose, db.session(), *own, send=answer == "yes"),
        lambda is_new: words if is_new else (_("Somebody has decided already."), "note"),
        "meetings.list_missed",
        cohort_id=cohort_id,
    )
