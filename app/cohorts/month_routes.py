"""The calendar of a month: a school's, and its council's."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for

from app.cohorts import month, planning
from app.cohorts.hints import hints_on
from app.cohorts.routes import blueprint
from app.extensions import db
from app.identity.current import me
from infra.clock import today
from tenants.together import together


@blueprint.get("/school/groups/calendar")
def school_month() -> str:
    identity, first = me(), month.month_of(request.args.get("month", ""), today())
    with together(db.session) as ask:
        calendar = ask(planning.read_calendar, identity.authority_id, identity.own_school_id)
        meetings = ask(month.of_school, identity.own_school_id, first)
    return _page(month.lay_out(first, calendar.value, meetings.value), is_school=True)


@blueprint.get("/authority/calendar")
def council_month() -> str:
    identity, first = me(), month.month_of(request.args.get("month", ""), today())
    with together(db.session) as ask:
        calendar = ask(month.calendar_of_council, identity.authority_id)
        meetings = ask(month.of_council, identity.authority_id, first)
    return _page(month.lay_out(first, calendar.value, meetings.value), is_school=False)


def _page(shown: month.Month, *, is_school: bool) -> str:
    return render_template(
        "cohorts/month.html",
        month=shown,
        is_school=is_school,
        endpoint="cohorts.school_month" if is_school else "cohorts.council_month",
        link_of=_link_to_group if is_school else _link_to_school,
        earlier=shown.before if month.is_shown(shown.before, today()) else None,
        later=shown.after if month.is_shown(shown.after, today()) else None,
        is_news=month.is_news,
        beyond=hints_on([shown.after]).beyond,
        today=today(),
    )


def _link_to_group(cohort_id: UUID) -> str:
    return url_for("cohorts.show", cohort_id=cohort_id)


def _link_to_school(school_id: UUID) -> str:
    return url_for("schools.show", school_id=school_id)
