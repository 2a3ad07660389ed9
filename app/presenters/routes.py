"""Outside presenters: pages of staff and of those who lead, who book them, and the page that a presenter opens."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.pages import TRAFFIC
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.queries import get_cohort
from app.cohorts.refusals import NotLed
from app.extensions import db, limiter
from app.identity import presenting
from app.identity.current import me
from app.identity.presenting import PresentingPage
from app.presenters import queries, services
from app.presenters.forms import BookForm
from app.presenters.services import Booking, Writer
from app.presenters.words import STATES, TONES
from app.shell.as_shown import if_as_shown, is_as_shown
from app.shell.dates import clock, day
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.parsing import given_name
from app.shell.pressing import or_gone, press, submit, to

blueprint = Blueprint("presenters", __name__, template_folder="templates")

Page = str | Response | tuple[str, int]


# ---- those who lead


@blueprint.errorhandler(NotLed)
def not_led(_error: NotLed) -> tuple[str, int]:
    """Yesterday's link of somebody who leads the group no more."""
    return render_template("presenters/not_led.html"), 404


@blueprint.get("/group/cohorts/<uuid:cohort_id>/presenters")
def led(cohort_id: UUID) -> str:
    return _list(_led(cohort_id), is_school=False)


@blueprint.route("/group/cohorts/<uuid:cohort_id>/presenters/book", methods=["GET", "POST"])
def book_led(cohort_id: UUID) -> str | Response:
    return _book(_leader(), _led(cohort_id), is_school=False)


@blueprint.post("/group/presenters/<uuid:presenter_id>/take-back")
@or_gone(_l("This booking is not there any more."), "meetings.led_cohort")
def take_back_led(presenter_id: UUID) -> Response:
    return _take_back(_leader(), presenter_id, "presenters.led")


def _led(cohort_id: UUID) -> Any:
    return get_led_cohort(db.session(), me().own_school_id, me().person_id, cohort_id)


def _leader() -> Writer:
    who = me()
    return Writer(who.own_school_id, given_name(who.name), who.person_id)


# ---- the school


@blueprint.get("/school/groups/<uuid:cohort_id>/presenters")
def of_school(cohort_id: UUID) -> str:
    return _list(get_cohort(db.session(), me().own_school_id, cohort_id), is_school=True)


@blueprint.route("/school/groups/<uuid:cohort_id>/presenters/book", methods=["GET", "POST"])
def book(cohort_id: UUID) -> str | Response:
    cohort = get_cohort(db.session(), me().own_school_id, cohort_id)
    return _book(_staff(), cohort, is_school=True)


@blueprint.post("/school/presenters/<uuid:presenter_id>/take-back")
@or_gone(_l("This booking is not there any more."), "cohorts.list_cohorts")
def take_back(presenter_id: UUID) -> Response:
    return _take_back(_staff(), presenter_id, "presenters.of_school")


def _staff() -> Writer:
    return Writer(me().own_school_id, me().name)


# ---- both


def _list(cohort: Any, *, is_school: bool) -> str:
    return render_template(
        "presenters/list.html",
        cohort=cohort,
        booked=queries.list_of_group(db.session(), cohort.school_id, cohort.id),
        why_not=services.why_not(db.session(), cohort),
        is_school=is_school,
        unreached=queries.list_unreached(db.session(), cohort.school_id) if is_school else set(),
        states=STATES,
        tones=TONES,
    )


def _book(writer: Writer, cohort: Any, *, is_school: bool) -> str | Response:
    meetings = services.list_open(db.session(), cohort.school_id, cohort)
    earlier = queries.list_earlier(db.session(), cohort.school_id)
    form = BookForm(data=_taken_over(earlier, meetings))
    form.session.choices = [(str(one.id), _words_of(one)) for one in meetings]
    starts = {str(one.id): one.starts_at for one in meetings}

    def make() -> object:
        after_minutes, for_minutes = form.minutes(starts[form.session.data])
        booking = Booking(
            UUID(form.session.data),
            form.name.data or "",
            form.organisation.data or "",
            form.email.data or "",
            form.phone.data or "",
            form.topic.data or "",
            form.needs.data or "",
            form.door.data or "",
            after_minutes,
            for_minutes,
        )
        return services.book(
            db.session(), writer, cohort.id, booking, secret_key=current_app.config["SECRET_KEY"]
        )

    return submit(
        form,
        make,
        lambda made: _("%(name)s is asked by email. You see here what they say.", name=kept(made.name)),
        "presenters.of_school" if is_school else "presenters.led",
        cohort_id=cohort.id,
    ) or render_template(
        "presenters/book.html",
        form=form,
        cohort=cohort,
        earlier=earlier,
        why_not=services.why_not(db.session(), cohort),
        is_school=is_school,
    )


def _words_of(one: Any) -> str:
    return _(
        "Session %(n)s, %(day)s, %(time)s", n=one.number, day=day(one.on_date), time=clock(one.starts_at)
    )


def _taken_over(earlier: Any, meetings: Any) -> dict[str, object]:
    """What the form begins with: the first session, and an earlier presenter whom somebody chose."""
    first: dict[str, object] = {"session": str(meetings[0].id)} if meetings else {}
    asked = request.args.get("earlier", "")
    for one in earlier:
        if str(one.id) == asked:
            words = ("name", "organisation", "email", "phone", "topic", "needs", "door")
            return first | {word: getattr(one, word) for word in words}
    return first


def _take_back(writer: Writer, presenter_id: UUID, endpoint: str) -> Response:
    one = queries.get_one(db.session(), writer.school_id, presenter_id)
    return press(
        if_as_shown(partial(services.take_back, db.session(), writer, presenter_id), one.state),
        lambda is_new: _("It is taken back.") if is_new else (_("It was taken back before."), "note"),
        endpoint,
        cohort_id=one.cohort_id,
    )


# ---- whoever holds the link of a booking


@blueprint.get("/presenting/<secret>")
@limiter.limit(TRAFFIC)
def invited(secret: str) -> Page:
    """Where and when, and two buttons. Looking changes nothing: mail programs open links by themselves."""
    page = presenting.find_page(secret)
    if page is None:
        return render_template("presenters/gone.html"), 404
    return render_template("presenters/invited.html", page=page, secret=secret)


@blueprint.post("/presenting/<secret>/yes")
@limiter.limit(TRAFFIC)
def come(secret: str) -> Response:
    return _answer(secret, comes=True)


@blueprint.post("/presenting/<secret>/no")
@limiter.limit(TRAFFIC)
def stay_away(secret: str) -> Response:
    return _answer(secret, comes=False)


def _answer(secret: str, *, comes: bool) -> Response:
    page = presenting.find_page(secret)
    if page is None:
        raise NotFound
    if not _is_answered(secret, page, comes=comes):
        flash(
            _("This has changed since you opened the page, so nothing was kept. This is how it stands now."),
            "note",
        )
    elif comes:
        flash(_("Thank you. The school knows that you will come."), "success")
    else:
        flash(_("Thank you for telling us. The school knows that you cannot come."), "success")
    return to("presenters.invited", secret=secret)


def _is_answered(secret: str, page: PresentingPage, *, comes: bool) -> bool:
    """Whether it counts: for the day, the hour and the place that they were looking at."""
    if not is_as_shown(page.on_date, page.starts_at):
        return False
    return presenting.answer(secret, comes=comes, on_date=page.on_date, starts_at=page.starts_at)
