"""Calls: the page on which a parent asks for one, and those of whoever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.contact_log.queries import list_people
from app.contact_log.subjects import PARENTS
from app.extensions import db
from app.identity.current import me
from app.identity.own_pages import address_of
from app.identity.roles import Role
from app.one_to_one import queries, services
from app.one_to_one.forms import AskForm, OutcomeForm
from app.one_to_one.queries import MyPage
from app.one_to_one.words import (
    CHOICES_LED,
    CHOICES_OF_SCHOOL,
    NEEDS,
    NEEDS_ASKED,
    NEEDS_COUNTED,
    OUTCOMES,
    TIMES,
)
from app.schools import queries as schools
from app.shell.as_shown import if_as_shown
from app.shell.dates import day
from app.shell.kept import kept
from app.shell.pressing import answered, or_gone, press, submit
from app.states.calls import CallOutcome
from app.states.wishes import DayPart
from infra.clock import today

blueprint = Blueprint("one_to_one", __name__)

#: The value of the choice that is the school's named contact.
AT_SCHOOL = "school"
_GONE = _l("This is not there any more. Nothing was changed.")


# ---- the parent


@blueprint.route("/my/calls", methods=["GET", "POST"])
def mine() -> str | Response:
    who = me()
    page = queries.read_my_page(db.session(), who)
    form = AskForm()
    # Who is asked already is not offered again; a second press reads that they are.
    form.caller.choices = [*_choices(page, also_asked=form.is_submitted())]

    def send() -> str:
        chosen = answered(form.caller.data)
        facilitator_id = None if chosen == AT_SCHOOL else UUID(chosen)
        need, times = answered(form.need.data), form.times.data or []
        until = services.ask(db.session(), who, facilitator_id, need, times)
        return _("You will be called by %(day)s. You can take it back until then.", day=day(until))

    return submit(form, send, str, "one_to_one.mine", field="caller") or render_template(
        "one_to_one/mine.html",
        form=form,
        page=page,
        today=today(),
        needs=NEEDS,
        times=TIMES,
    )


def _choices(page: MyPage, *, also_asked: bool) -> Iterator[tuple[str, str]]:
    if not page.may_ask or not page.phone:
        return
    asked = set() if also_asked else page.asked
    for one in page.callers:
        if one.facilitator_id in asked:
            continue
        yield str(one.facilitator_id), _("%(name)s, from your group", name=kept(one.name))
    if page.school.contact_name and None not in asked:
        yield AT_SCHOOL, _("%(name)s, at school", name=kept(page.school.contact_name))


@blueprint.post("/my/calls/<uuid:call_id>/stop")
@or_gone(_GONE, "one_to_one.mine")
def take_back(call_id: UUID) -> Response:
    who = me()
    return press(
        lambda: services.take_back(db.session(), who.own_school_id, who.person_id, call_id),
        lambda is_new: _("It is taken back. Nobody calls you about it.") if is_new else None,
        "one_to_one.mine",
    )


@blueprint.post("/my/calls/<uuid:call_id>/school")
@or_gone(_GONE, "one_to_one.mine")
def to_school(call_id: UUID) -> Response:
    who = me()
    request = queries.get_mine(db.session(), who.own_school_id, who.person_id, call_id)
    name = schools.get_school(db.session, who.own_school_id).contact_name
    return press(
        if_as_shown(lambda: services.to_school(db.session(), who, call_id), request.state, name),
        lambda until: _("Thank you. %(name)s calls you by %(day)s.", name=kept(name), day=day(until)),
        "one_to_one.mine",
    )


# ---- those who lead


@blueprint.get("/group/calls")
def led() -> str:
    return _list_page("one_to_one.call_led", "call_id")


@blueprint.route("/group/calls/<uuid:call_id>", methods=["GET", "POST"])
@or_gone(_GONE, "one_to_one.led")
def call_led(call_id: UUID) -> str | Response:
    form = OutcomeForm()
    form.outcome.choices = [(one.value, words) for one, words in CHOICES_LED.items()]
    del form.colleague
    return _call_page(call_id, form, "one_to_one.led")


# ---- the school


@blueprint.get("/school/calls")
def of_school() -> str:
    return _list_page("one_to_one.call_of_school", "school_call_id")


@blueprint.route("/school/calls/<uuid:school_call_id>", methods=["GET", "POST"])
@or_gone(_GONE, "one_to_one.of_school")
def call_of_school(school_call_id: UUID) -> str | Response:
    who = me()
    form = OutcomeForm()
    form.outcome.choices = [(one.value, words) for one, words in CHOICES_OF_SCHOOL.items()]
    people = list_people(db.session(), PARENTS, who)
    others = [(str(one), name) for one, name in people.items() if one != who.person_id]
    form.colleague.choices = [("", _("Nobody")), *others]
    return _call_page(school_call_id, form, "one_to_one.of_school")


# ---- the council


@blueprint.get("/authority/calls")
def of_council() -> str:
    return render_template(
        "one_to_one/of_council.html",
        counted=queries.list_of_council_in_tens(db.session()),
        needs=NEEDS_COUNTED,
    )


# ---- both who are asked


def _list_page(endpoint: str, argument: str) -> str:
    who = me()
    waiting, over = queries.read_asked(db.session(), who.own_school_id)
    is_led = argument == "call_id"
    pages = {one.request.id: address_of(endpoint, {argument: one.request.id}) for one in waiting}
    return render_template(
        "one_to_one/asked.html",
        waiting=waiting,
        over=over,
        pages=pages,
        is_led=is_led,
        outcomes=OUTCOMES,
        late=queries.list_late_led(db.session()) if who.role is Role.SCHOOL_LEAD else [],
        counted=[] if is_led else queries.list_of_school_in_tens(db.session()),
        needs=NEEDS_COUNTED,
    )


def _call_page(call_id: UUID, form: OutcomeForm, endpoint: str) -> str | Response:
    who, session = me(), db.session()
    # Held, so that of two who call the second reads what the first noted.
    request = queries.get_asked(session, who.own_school_id, call_id, hold=form.is_submitted())
    asked = queries.with_names(session, who.own_school_id, [request])

    def note() -> str:
        colleague = form.colleague.data if "colleague" in form else ""
        names = dict(form.colleague.choices) if colleague else {}
        noted = services.note(
            session,
            who,
            call_id,
            CallOutcome(answered(form.outcome.data)),
            try_on=form.try_on.data,
            colleague=(UUID(colleague), names[colleague]) if colleague else None,
        )
        return _said(noted.outcome)

    if not form.is_submitted():
        form.try_on.data = queries.call_by_day(session, who.authority_id, who.own_school_id, within=1)
    as_it_was = if_as_shown(note, request.tries, request.owner_id)
    return submit(
        form, as_it_was if queries.is_open(request) else note, str, endpoint, field="outcome"
    ) or render_template(
        "one_to_one/call.html",
        form=form,
        asked=asked[0] if asked else None,
        request=request,
        endpoint=endpoint,
        needs=NEEDS_ASKED,
        good_times=", ".join(str(TIMES[DayPart(one)]) for one in request.times).capitalize(),
        outcomes=OUTCOMES,
    )


def _said(outcome: str | None) -> str:
    if outcome == CallOutcome.NO_ANSWER:
        return _("Noted. It stays on your page until you reach them.")
    if outcome == CallOutcome.PASSED_ON:
        return _("Noted. They read it on their page.")
    return _("Noted. Thank you for calling.")
