"""A graduate's own pages: offer to lead, look over the answers, see where it stands, take it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.facilitators import groups_led, queries, services, unsent
from app.facilitators.forms import QUESTIONS, ApplyForm, PressForm, WithdrawForm, form_data
from app.facilitators.routes import blueprint
from app.facilitators.stages import STAGES
from app.facilitators.words import MINE_AFTER_FRESH_START, NOT_YET
from app.identity.current import me
from app.recruitment import queries as recruitment
from app.schools import queries as schools
from app.shell import drafts
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.pressing import press, submit
from app.shell.shared_form import is_saving
from app.states.facilitators import APPLICANTS, MAY_REAPPLY, WAY
from app.states.parents import ParentStage


def _may_apply() -> Response | str | None:
    """None for a graduate who may write an application now; else what they see instead."""
    identity = me()
    person = queries.find_of_parent(db.session, identity.own_school_id, identity.person_id)
    if person is not None and person.stage not in MAY_REAPPLY:
        return redirect(url_for("facilitators.my_application"))
    stage = recruitment.get_parent(db.session, identity.own_school_id, identity.person_id).stage
    return (
        None
        if stage == ParentStage.GRADUATED
        else render_template("facilitators/not_yet.html", words=NOT_YET[stage])
    )


@blueprint.route("/my/lead", methods=["GET", "POST"])
def apply() -> Response | str:
    if (instead := _may_apply()) is not None:
        return instead
    identity = me()
    groups = groups_led.groups().list_own_groups(db.session(), identity.own_school_id, identity.person_id)
    draft = unsent.find(db.session, identity.own_school_id, identity.person_id, hold=is_saving())
    form = ApplyForm(data=form_data(draft.answers if draft else {"group": groups[-1] if groups else ""}))
    own = recruitment.get_contact(db.session, identity.own_school_id, identity.person_id)
    form.own = [(own.email, own.name), (own.phone, own.name)]
    # Boxes that this window left alone take what another one saved, before anybody asks what is still empty.
    if is_saving() and form.is_up_to_date():
        is_complete = form.validate_on_submit()
        # Also what is not complete yet: it is theirs, and they may come back to it from another browser.
        unsent.keep(
            db.session, identity.own_school_id, identity.person_id, form.answers(), is_complete=is_complete
        )
        if is_complete:
            drafts.has_arrived()
            return redirect(url_for("facilitators.check_answers"))
    if request.method != "POST" and not request.args.get("start") and draft is None:
        if queries.find_of_parent(db.session, identity.own_school_id, identity.person_id) is not None:
            # Whoever was told "not now", or took the offer back, reads that first; applying again is one press further.
            return redirect(url_for("facilitators.my_application"))
        return render_template("facilitators/lead.html")
    if request.method == "POST":
        # With what was kept above.
        draft = unsent.find(db.session, identity.own_school_id, identity.person_id)
    return render_template("facilitators/apply.html", form=form, draft=draft)


@blueprint.post("/my/lead/discard")
def discard_draft() -> Response:
    """Throw away what is written and not sent."""
    identity = me()
    draft = unsent.find(db.session, identity.own_school_id, identity.person_id, hold=True)
    if draft and not is_as_shown(draft.words):
        # Another window wrote more.
        flash(changed_since(), "note")
        return redirect(url_for("facilitators.apply", start=1))
    unsent.drop(db.session, identity.own_school_id, identity.person_id)
    flash(_("What you wrote is erased. Nobody else has seen it."), "success")
    return redirect(url_for("homes.parent"))


@blueprint.route("/my/lead/check", methods=["GET", "POST"])
def check_answers() -> Response | str:
    identity = me()
    if (instead := _may_apply()) is not None:
        return instead
    draft = unsent.find(db.session, identity.own_school_id, identity.person_id, hold=is_saving())
    if draft is None or not draft.is_complete:
        return redirect(url_for("facilitators.apply", start=1))
    form = PressForm()
    written = draft.words
    if form.is_submitted() and not is_as_shown(written):
        flash(changed_since())
    elif form.validate_on_submit():
        return press(
            partial(_send, draft.answers), _("Sent. Thank you for offering."), "facilitators.my_application"
        )
    return render_template(
        "facilitators/check_answers.html",
        form=form,
        answers=draft.answers,
        questions=QUESTIONS,
        written=written,
    )


def _send(answers: Any) -> None:
    identity = me()
    services.apply(db.session, identity.own_school_id, identity.person_id, answers)
    unsent.drop(db.session, identity.own_school_id, identity.person_id)


@blueprint.get("/my/lead/application")
def my_application() -> Response | str:
    identity = me()
    person = queries.find_of_parent(db.session, identity.own_school_id, identity.person_id)
    if person is None:
        return redirect(url_for("facilitators.apply"))
    return render_template(
        "facilitators/my_application.html",
        person=person,
        school=schools.get_school(db.session, identity.own_school_id),
        words=MINE_AFTER_FRESH_START if queries.brought_me_back(db.session(), person) else None,
        stages=STAGES,
        way=WAY,
        application=queries.find_application(db.session, identity.own_school_id, person.id),
        questions=QUESTIONS,
        may_withdraw=person.stage in APPLICANTS,
        may_apply=person.stage in MAY_REAPPLY,
    )


@blueprint.route("/my/lead/withdraw", methods=["GET", "POST"])
def withdraw() -> Response | str:
    identity = me()
    person = queries.find_of_parent(db.session, identity.own_school_id, identity.person_id)
    if person is None or person.stage not in APPLICANTS:
        return redirect(url_for("facilitators.my_application"))
    form = WithdrawForm()
    stands = (person.stage, person.stage_changed_at)
    if form.is_submitted() and not is_as_shown(*stands):
        flash(changed_since())
        return redirect(url_for("facilitators.my_application"))
    return submit(
        form,
        lambda: services.withdraw(
            db.session, identity.own_school_id, identity.person_id, form.reason.data or ""
        ),
        _("We have taken your offer back. Thank you for thinking of it."),
        "facilitators.my_application",
    ) or render_template("facilitators/withdraw.html", form=form, stands=stands)
