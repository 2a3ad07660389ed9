"""How a group's sessions were held, as those who led them say: for the staff of its school."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from app.cohorts import queries
from app.cohorts.timetable import took_place
from app.extensions import db
from app.identity.current import me
from app.meetings.forms import PART_WORDS
from app.meetings.reflections import held_by_session, is_shown, open_until
from app.meetings.routes import blueprint
from tenants.together import together


@blueprint.get("/school/groups/<uuid:cohort_id>/held")
def how_held(cohort_id: UUID) -> str:
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    with together(db.session) as ask:
        meetings = ask(queries.list_sessions, school_id, cohort_id)
        leaders = ask(queries.list_facilitator_ids, school_id, cohort_id)
        held = ask(held_by_session, school_id, cohort_id)
    sessions = [one for one in meetings.value if took_place(one)]
    return render_template(
        "meetings/how_held.html",
        cohort=cohort,
        sessions=sessions,
        shown={one.id for one in sessions if is_shown(one, held.value.get(one.id), leaders.value)},
        open_until=open_until,
        leaders=len(leaders.value),
        held=held.value,
        parts=dict(PART_WORDS),
    )
