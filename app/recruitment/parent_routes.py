"""A parent's own pages: the invitation, each choice, and the way out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import keys
from app.accounts.queries import leads_here
from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.identity.websession import Identity
from app.recruitment import noting, queries, services
from app.recruitment.consents import CHOICES, NOTHING_TO_COUNT, STOPPED_WITH_LEAVING
from app.recruitment.forms import ChoicesForm, PressForm
from app.recruitment.places import answers
from app.recruitment.routes import blueprint
from app.recruitment.words import LEAVING, OFFERS_TO_STOP, STOPPING
from app.schools import queries as schools
from app.schools import stage_rights
from app.shell.as_shown import changed_since, if_as_shown, is_as_shown
from app.shell.navigation import opens_when
from app.shell.pressing import press, to
from app.shell.shared_form import is_saving
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, READY, WITH_GROUP, ParentStage


def _has_joined(identity: Identity) -> bool:
    """A parent's menu comes with joining: before it, and after a no, the one page says all."""
    return queries.has_joined(db.session, identity.own_school_id, identity.person_id)


opens_when(Role.PARENT, _has_joined)


@blueprint.get("/my/welcome")
def welcome() -> str | Response:
    identity = me()
    if not queries.has_to_choose(db.session, identity.own_school_id, identity.person_id):
        return redirect(url_for("homes.parent"))
    parent = queries.get_parent(db.session, identity.own_school_id, identity.person_id)
    # Whoever said yes to one of the staff is here to confirm it, not to hear more.
    asked = parent.stage == ParentStage.INTERESTED and parent.said_yes_at is None
    return render_template(
        "recruitment/welcome.html",
        form=PressForm(),
        me=queries.get_contact(db.session, identity.own_school_id, identity.person_id),
        asked=asked,
        is_back=asked and parent.joined_at is not None,
        school=schools.get_school(db.session, identity.own_school_id),
    )


@blueprint.post("/my/welcome/office")
def office_finds_me() -> Response:
    """Before any other choice: whether a colleague in the school office finds them; pressed again, the other way."""
    identity = me()
    own = queries.get_contact(db.session, identity.own_school_id, identity.person_id, hold=True)

    def turn() -> bool:
        own.off_office_by_self = not own.off_office_by_self
        db.session.flush()
        return own.off_office_by_self

    return press(
        if_as_shown(turn, own.off_office_by_self),
        lambda is_off: (
            _("The school office does not find you any more.")
            if is_off
            else _("The school office finds you again.")
        ),
        "recruitment.welcome",
    )


@blueprint.post("/my/welcome/more")
def tell_me_more() -> Response:
    return _answer(
        "interested",
        _("Thank you. Somebody from the school will call you. You do not need to do anything.")
        if _has_number()
        else _(
            "Thank you. Somebody from the school will get in touch with you. They have no number for you."
        ),
    )


@blueprint.post("/my/welcome/no")
def say_no() -> Response:
    return _answer(
        "said_no",
        _(
            "Thank you for telling us. We will not ask again this school year. Nothing changes for you or your child."
        ),
    )


@blueprint.route("/my/welcome/choices", methods=["GET", "POST"])
def choose() -> str | Response:
    identity = me()
    if request.method != "POST" and not queries.has_to_choose(
        db.session, identity.own_school_id, identity.person_id
    ):
        return redirect(url_for("homes.parent"))
    own = queries.get_contact(db.session, identity.own_school_id, identity.person_id)
    form = _choices_form(own)
    if form.validate_on_submit():
        choices = form.choices()

        def chosen(_done: object) -> Response:
            _keep(own, form)
            return to("recruitment.joined" if choices["join"] else "shell.landing")

        return press(
            lambda: services.decide(db.session, identity.own_school_id, identity.person_id, choices),
            chosen,
            "homes.parent",
        )
    return render_template("recruitment/choose.html", form=form, choices=CHOICES, is_first=True)


@blueprint.get("/my/welcome/done")
def joined() -> str | Response:
    identity = me()
    # Also from the browser's history, long after: home says what is true now.
    if _stage(identity) not in READY:
        return redirect(url_for("homes.parent"))
    return render_template(
        "recruitment/joined.html",
        me=queries.get_contact(db.session, identity.own_school_id, identity.person_id),
        school=schools.get_school(db.session, identity.own_school_id),
        guard=keys.guard(),
    )


@blueprint.route("/my/choices", methods=["GET", "POST"])
def my_choices() -> str | Response:
    identity = me()
    if queries.has_to_choose(db.session, identity.own_school_id, identity.person_id):
        return redirect(url_for("recruitment.welcome"))
    if is_saving():
        queries.get_parent(db.session, identity.own_school_id, identity.person_id, hold=True)
    own = queries.get_contact(db.session, identity.own_school_id, identity.person_id, hold=is_saving())
    now_chosen = queries.list_consents(db.session, identity.own_school_id, identity.person_id)
    form = _choices_form(
        own, {kind: "yes" if consent.given else "no" for kind, consent in now_chosen.items()}
    )
    stage = _stage(identity)
    stopped = STOPPED_WITH_LEAVING if stage in DO_NOT_WRITE else ()
    for name in ("join", *stopped, *NOTHING_TO_COUNT.get(ParentStage(stage), ())):
        del form[name]
    if form.validate_on_submit() and form.is_up_to_date():
        services.choose(db.session, identity.own_school_id, identity.person_id, form.choices())
        _keep(own, form)
        flash(_("Saved. You can change this on any day."), "success")
        if form.took_over:
            flash(
                _(
                    "Something was changed since you opened that page, and stays so. This is how things stand now."
                ),
                "note",
            )
        return redirect(url_for("recruitment.my_choices"))
    return render_template(
        "recruitment/choose.html",
        form=form,
        choices=CHOICES,
        is_first=False,
        has_stopped=stage in DO_NOT_WRITE,
        stopping=OFFERS_TO_STOP.get(stage),
        may_say_what_suits=stage in (*READY, *WITH_GROUP),
    )


@blueprint.post("/my/come-back")
def come_back() -> Response:
    """Somebody who said no, or left, would like to hear more."""
    identity = me()

    def welcome(_done: object) -> Response:
        flash(
            _("Good to hear from you. Somebody from the school will call you.")
            if _has_number()
            else _("Good to hear from you. Somebody from the school will get in touch with you."),
            "success",
        )
        return to("recruitment.welcome")

    return press(
        lambda: noting.change_mind(db.session, identity.own_school_id, identity.person_id),
        welcome,
        "homes.parent",
    )


@blueprint.route("/my/leave", methods=["GET", "POST"])
def leave_group() -> str | Response:
    identity = me()
    form = PressForm()
    parent = queries.get_parent(db.session, identity.own_school_id, identity.person_id, hold=is_saving())
    is_fresh = is_as_shown(parent.stage, parent.stage_changed_at)
    if form.validate_on_submit() and not is_fresh and parent.stage not in DO_NOT_WRITE:
        # What they were asked was another question: whoever has a place since gives up more.
        flash(changed_since(), "note")
    elif form.validate_on_submit():
        flash(_leave(), "success")
        return redirect(url_for("homes.parent"))
    if (stage := parent.stage) in BEFORE_JOINING | DO_NOT_WRITE:
        # Nothing to leave: home says where they stand, and how to say no.
        return redirect(url_for("homes.parent"))
    has_answers = answers().has_answered(db.session(), identity.own_school_id, identity.person_id)
    return render_template(
        "recruitment/leave.html",
        form=form,
        words=LEAVING[stage],
        stopping=STOPPING[stage],
        has_answers=has_answers,
        leads_on=leads_here(),
        stands=(stage, parent.stage_changed_at),
    )


def _leave() -> str:
    """They leave; what they read of it. Who had left already reads that there is nothing more to do."""
    identity = me()
    if not services.leave(db.session, identity.own_school_id, identity.person_id):
        return _("You are not taking part, and no messages go to you. There is nothing more to do.")
    if stage_rights.may_now(db.session(), identity.own_school_id, "join"):
        return _("You have left. Messages stop now. You are always welcome back: call the school.")
    return _("You have left. Messages stop now.")


def _stage(identity: Identity) -> str:
    return queries.get_parent(db.session, identity.own_school_id, identity.person_id).stage


def _has_number() -> bool:
    """Whether the school can call this parent."""
    identity = me()
    return bool(queries.get_contact(db.session, identity.own_school_id, identity.person_id).phone)


def _answer(to_stage: str, words: str) -> Response:
    identity = me()
    return press(
        lambda: services.answer_invitation(db.session, identity.own_school_id, identity.person_id, to_stage),
        words,
        "recruitment.welcome",
    )


def _keep(own: Any, form: ChoicesForm) -> None:
    """What of it is no consent: their name in the group, and whether the office finds them."""
    if "known_as" in form:
        own.known_as = form.known_as.data or own.known_as
    own.off_office_by_self = bool(form.not_for_office.data)


def _choices_form(own: Any, now_chosen: dict[str, str] | None = None) -> ChoicesForm:
    kept = {"known_as": own.known_as, "not_for_office": own.off_office_by_self}
    return ChoicesForm(data=kept | (now_chosen or {}))
