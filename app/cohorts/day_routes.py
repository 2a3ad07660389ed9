"""Which day and time to choose for a new group, for a school's staff."""

from __future__ import annotations

from datetime import date, time

from flask import render_template, request

from app.cohorts import day_and_time, planning
from app.cohorts.forms import FirstDayForm
from app.cohorts.routes import blueprint
from app.extensions import db
from app.identity.current import me
from app.recruitment.waiting import list_in_order
from app.states.groups import GroupFormat
from tenants.together import together


@blueprint.get("/school/groups/new/days")
def choose_day() -> str:
    """Weekdays and times, with how many of those who wait each suits and how the dates lie."""
    identity = me()
    with together(db.session) as ask:
        waiting = ask(list_in_order, identity.own_school_id)
        calendar = ask(planning.read_calendar, identity.authority_id, identity.own_school_id)
    # Without a day in the address it is the school's own plan, and no mistake.
    planned = day_and_time.first_day(db.session(), identity.own_school_id, calendar.value.terms)
    form = FirstDayForm(request.args or None, data={"start_on": planned}, meta={"csrf": False})
    is_fine = not request.args or form.validate()
    start_on = form.start_on.data if is_fine else None
    format_ = form.format.data or GroupFormat.ROOM if is_fine else GroupFormat.ROOM
    wished = [one.wishes for one in waiting.value]
    rows = day_and_time.list_days(calendar.value, wished, start_on or planned, format_)
    said = sum(one.is_said for one in wished)
    return render_template(
        "cohorts/days.html",
        form=form,
        rows=rows,
        format=format_,
        not_so=sum(not one.meets(format_) for one in wished),
        # Where nobody said anything, each day suits all of them alike.
        best=day_and_time.best_of(rows) if said else None,
        said=said,
        waiting=len(waiting.value),
        parts=day_and_time.PARTS,
    )


def taken_over() -> dict[str, object]:
    """Day, time and way to meet chosen on that page, for the form of a new group; what cannot be read is left out."""
    found: dict[str, object] = {}
    for name, read in (("start_on", date.fromisoformat), ("starts_at", time.fromisoformat)):
        try:
            found[name] = read(request.args.get(name, ""))
        except ValueError:
            continue
    if request.args.get("format", "") in list(GroupFormat):
        found["format"] = request.args["format"]
    return found
