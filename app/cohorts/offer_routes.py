"""Offers of a place: what staff note of one, and a parent's own pages of the place that is kept for them."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import my_offers, offers, queries
from app.cohorts.forms import OfferAnswerForm, PressForm
from app.cohorts.routes import blueprint
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.recruitment import queries as recruitment
from app.schools import queries as schools
from app.schools.year_queries import get_shut_days
from app.shell.as_shown import if_as_shown
from app.shell.pressing import press, submit
from app.states.parents import READY, ParentStage
from infra.clock import today
from tenants.together import together


@blueprint.route("/school/groups/<uuid:cohort_id>/offers/<uuid:offer_id>", methods=["GET", "POST"])
def note_offer(cohort_id: UUID, offer_id: UUID) -> str | Response:
    identity = me()
    school_id = identity.own_school_id
    found = offers.get_offer(db.session(), school_id, cohort_id, offer_id)
    contact = recruitment.get_contact(db.session, school_id, found.parent_id)
    form = OfferAnswerForm()
    return submit(
        form,
        if_as_shown(
            lambda: offers.note_answer(
                db.session(), school_id, cohort_id, offer_id, form.to_state.data, by_name=identity.name
            ),
            found.state,
            found.answer_by,
        ),
        lambda _done: f"{_('Noted.')} {outlook.said(db.session, school_id)}".strip(),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/offer.html",
        form=form,
        found=found,
        contact=contact,
        cohort=queries.get_cohort(db.session, school_id, cohort_id),
    )


@blueprint.get("/my/offer")
def my_offer() -> str:
    identity = me()
    own = identity.own_school_id, identity.person_id
    with together(db.session) as ask:
        offered = ask(my_offers.find_mine)
        row = ask(my_offers.find_row, *own)
        school = ask(schools.get_school, identity.own_school_id)
        shut = ask(get_shut_days, identity.authority_id, identity.own_school_id)
        parent = ask(recruitment.get_parent, *own)
    days = offered.value.days if offered.value else ()
    return render_template(
        "cohorts/my_offer.html",
        offered=offered.value,
        days=[on for on in days if on not in shut.value],
        shut=[on for on in days if on in shut.value],
        row=row.value,
        is_late=row.value is not None and row.value.answer_by < today(),
        waits=parent.value.stage in READY,
        has_place=parent.value.stage == ParentStage.IN_GROUP,
        school=school.value,
        stands=_stands(),
    )


@blueprint.post("/my/offer/take")
def take_offer() -> Response:
    identity = me()
    return press(
        if_as_shown(
            lambda: my_offers.take(db.session(), identity.own_school_id, identity.person_id), *_stands()
        ),
        _("The place is yours. All dates are under “Dates and notes”."),
        "homes.parent",
    )


@blueprint.post("/my/offer/no")
def decline_offer() -> Response:
    identity = me()
    return press(
        if_as_shown(
            lambda: my_offers.decline(db.session(), identity.own_school_id, identity.person_id), *_stands()
        ),
        _("Thank you for telling us. You stay on the list for another group."),
        "homes.parent",
    )


@blueprint.route("/my/place/give-back", methods=["GET", "POST"])
def give_back() -> str | Response:
    """Asked about by GET, done by POST."""
    identity = me()
    place = my_offers.find_place(db.session(), identity.own_school_id, identity.person_id)
    form = PressForm()
    return submit(
        form,
        if_as_shown(
            lambda: my_offers.give_back(db.session(), identity.own_school_id, identity.person_id),
            place.since if place else None,
        ),
        _("Your place is given back. You stay on the list for another group."),
        "homes.parent",
    ) or render_template("cohorts/give_back.html", form=form, place=place)


def _stands() -> tuple[object, ...]:
    """What the page shows of a place that is kept, for a press on it."""
    offered = my_offers.find_mine(db.session())
    if offered is None:
        return ("none",)
    return offered.id, offered.room, offered.starts_at, offered.ends_at, offered.leaders, *offered.days
