"""How many messages a council's schools sent, and what the texts cost."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import current_app, render_template, request
from flask_babel import format_currency, format_decimal
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.messages import own_key
from app.messages import usage as counted
from app.schools import usage
from app.schools.pages import blueprint
from app.shell import dates, list_files


def _month(months: tuple[date, ...]) -> date:
    """The month that this address asks for, of those that are shown; else the last."""
    asked = request.args.get("month", "")
    return next((one for one in months if f"{one:%Y-%m}" == asked), months[0])


@blueprint.get("/authority/schools/messages")
def message_usage() -> str:
    """A month of each school, the months of all together, and what this year's texts came to."""
    found = counted.of_council(db.session())
    return render_template(
        "schools/message_usage.html",
        usage=found,
        month=_month(found.months),
        schools=usage.list_schools(db.session(), me().authority_id),
        cost=counted.cost_of(db.session(), current_app.extensions["settings"]),
        held=counted.held_words(db.session()),
        has_own_key=own_key.find_key(db.session(), me().authority_id) is not None,
        daily=current_app.extensions["settings"].notify_daily_limit,
        in_words=counted.rounded_words,
        month_words=dates.month_and_year,
        number=format_decimal,
        pounds=partial(format_currency, currency="GBP"),
    )


@blueprint.get("/authority/schools/messages.<file_type>")
def usage_file(file_type: str) -> Response:
    """All months of all schools, as the page shows them."""
    schools = usage.list_schools(db.session(), me().authority_id)
    made = usage.make_file(counted.of_council(db.session()), schools)
    return list_files.answer(file_type, made, usage.SAVED, subject_id=me().authority_id)
