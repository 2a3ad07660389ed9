"""A head teacher's pages: their school in numbers, and its papers. Nothing here can be pressed."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.announcements import queries as announcements
from app.extensions import db
from app.identity.current import me
from app.in_numbers.due import list_due
from app.in_numbers.queries import school_in_numbers
from app.schools import agreements, queries, views
from app.schools.signing_anew import why_anew
from app.schools.stages import STAGES
from tenants.together import together

blueprint = Blueprint("in_numbers", __name__)


@blueprint.get("/head")
def home() -> str:
    """How many, how full, what is due: and no name of a parent."""
    who = me()
    with together(db.session) as ask:
        own = ask(queries.get_school, who.own_school_id)
        counted = ask(school_in_numbers)
        signed = ask(agreements.find_signed, who.own_school_id)
        news = ask(announcements.list_for_school, who.authority_id, who.own_school_id)
    school = own.value
    return render_template(
        "in_numbers/home.html",
        school=school,
        stage=STAGES[school.stage],
        numbers=counted.value,
        due=list_due(school, counted.value, signed.value, why_anew(school, signed.value)),
        announcements=news.value,
    )


@blueprint.get("/head/papers")
def papers() -> str:
    """The brief, the agreement, and the signed one."""
    rows, _signed = views.papers(db.session, me().own_school_id)
    return render_template("in_numbers/papers.html", papers=rows)
