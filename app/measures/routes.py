"""Pages of `measures`: a parent's own questions, answers and change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.measures import queries, services
from app.measures.drawing import draw_star, points
from app.measures.forms import EmptyForm, question_form
from app.recruitment import queries as recruitment
from app.recruitment.words import no_questions
from app.shell import drafts
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.edge import after_commit
from app.shell.errors import NotFound
from infra.queue import Bell, ring

blueprint = Blueprint("measures", __name__)
blueprint.add_app_template_filter(points, "own_points")

OCCASION = "/my/answers/<any(before, after):occasion>"
Page = str | Response


@blueprint.get("/my/answers")
def my_answers() -> str:
    """What there is to answer, and what was answered."""
    return render_template(
        "measures/my_answers.html",
        journeys=queries.list_journeys(db.session(), *_me()),
        words=no_questions(recruitment.get_parent(db.session(), *_me()).stage),
        me=me(),
    )


@blueprint.get(OCCASION)
def intro(occasion: str) -> Page:
    """What is asked and who sees it."""
    journey = _journey(occasion)
    if journey.state == "sent":
        return _to("given", occasion)
    return render_template("measures/intro.html", journey=journey, me=me())


@blueprint.route(f"{OCCASION}/<int:question>", methods=["GET", "POST"])
def question(occasion: str, question: int) -> Page:
    """One question. What is chosen is kept with every press."""
    journey = _journey(occasion)
    if not 1 <= question <= journey.total:
        raise NotFound
    if not journey.is_open:
        return _to("given" if journey.state == "sent" else "intro", occasion)
    if question > journey.reached + 1:
        return _to("question", occasion, question=journey.reached + 1)
    item = journey.instrument.items[question - 1]
    form = question_form(
        item,
        journey.instrument.prompt,
        given=journey.given(question),
        was_reached=question <= journey.reached,
    )
    if request.method == "POST":
        press = request.form.get("press", "")
        if press == "later" and not request.form.get("answer"):
            return _come_back()
        if press == "skip" or form.validate_on_submit():
            answer = None if press == "skip" else form.number
            drafts.has_arrived()
            return _save(journey, question, answer, press)
    return render_template(
        "measures/question.html",
        form=form,
        journey=journey,
        question=question,
        ends=(_(item.scale.labels[item.scale.lowest]), _(item.scale.labels[item.scale.highest])),
        me=me(),
    )


@blueprint.route(f"{OCCASION}/check", methods=["GET", "POST"])
def check(occasion: str) -> Page:
    """All answers once more, then send."""
    journey = _journey(occasion)
    if journey.state == "sent":
        return _to("thank_you", occasion)
    if not journey.is_open or not journey.is_complete:
        return _to("intro", occasion)
    form, rows = EmptyForm(), _rows(journey, occasion)
    answers = [row["value"] for row in rows]
    if form.is_submitted() and not is_as_shown(*answers):
        flash(changed_since())
    elif form.validate_on_submit():
        services.send_answers(db.session(), *_me(), journey)
        after_commit(_ring_rollup)
        return _to("thank_you", occasion)
    return render_template("measures/check.html", form=form, journey=journey, rows=rows, answers=answers)


@blueprint.get(f"{OCCASION}/thank-you")
def thank_you(occasion: str) -> Page:
    """Sent."""
    journey = _journey(occasion)
    if journey.state != "sent":
        return _to("intro", occasion)
    has_change = bool(queries.list_changes(queries.list_journeys(db.session(), *_me())))
    return render_template("measures/thank_you.html", journey=journey, has_change=has_change)


@blueprint.get(f"{OCCASION}/given")
def given(occasion: str) -> Page:
    """My answers as I sent them."""
    journey = _journey(occasion)
    if journey.state != "sent":
        return _to("intro", occasion)
    return render_template("measures/given.html", journey=journey, rows=_rows(journey, None))


@blueprint.get("/my/answers/change")
def my_change() -> str:
    """How my answers moved."""
    journeys = queries.list_journeys(db.session(), *_me())
    changes = queries.list_changes(journeys)
    return render_template("measures/my_change.html", changes=changes, drawing=draw_star(changes), me=me())


def _me() -> tuple[UUID, UUID]:
    return me().own_school_id, me().person_id


def _journey(occasion: str) -> queries.Journey:
    return queries.get_journey(db.session(), *_me(), occasion)


def _save(journey: queries.Journey, question: int, answer: int | None, press: str) -> Response:
    try:
        answers = services.save_answer(db.session(), *_me(), journey, question=question, answer=answer)
    except services.AlreadySent:
        return _to("given", journey.occasion)
    except services.NotOpen:
        return _to("intro", journey.occasion)
    if press == "later":
        return _come_back()
    if len(answers.items) >= journey.total:
        return _to("check", journey.occasion)
    return _to("question", journey.occasion, question=question + 1)


def _come_back() -> Response:
    flash(_("Your answers are kept. Come back on any day."), "success")
    return redirect(url_for("measures.my_answers"), 303)


def _rows(journey: queries.Journey, occasion: str | None) -> list[dict[str, Any]]:
    """Question and answer, with links to change them where there is an occasion to change."""
    rows = []
    for number, item in enumerate(journey.instrument.items, start=1):
        value = journey.given(number)
        row: dict[str, Any] = {
            "key": _(item.text),
            "value": _("Left out") if value is None else _("%(n)s of 10", n=value),
        }
        if occasion:
            row["href"] = url_for("measures.question", occasion=occasion, question=number)
            row["hidden"] = _("question %(n)s", n=number)
        rows.append(row)
    return rows


def _to(page: str, occasion: str, **values: Any) -> Response:
    return redirect(url_for(f"measures.{page}", occasion=occasion, **values), 303)


def _ring_rollup() -> None:
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.ROLLUP)
