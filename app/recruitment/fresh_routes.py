"""Pages of a fresh start: staff ask and agree, the safeguarding lead may silence it, the parent may erase."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.recruitment import fresh_start, queries
from app.recruitment.forms import EraseForm, FreshStartForm, PressForm, SilenceForm
from app.recruitment.fresh_start import FreshStart
from app.recruitment.routes import blueprint
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.errors import NotFound
from app.shell.pressing import answered
from app.states.parents import StartEnd
from infra.clock import today

PROBLEMS = {
    "no_account": _l("They have not signed in yet. Send them an invitation."),
    "not_met": _l("You met them in the last two weeks. Check the day."),
    "same_address": _l("They sign in with this already: at “Sign in” they get a new link."),
    "under_way": _l("A fresh start is under way already."),
}


@blueprint.route("/school/parents/<uuid:parent_id>/fresh-start", methods=["GET", "POST"])
def show_fresh_start(parent_id: UUID) -> str | Response:
    identity = me()
    contact = queries.get_contact(db.session, identity.own_school_id, parent_id)
    form = FreshStartForm(data={"met_on": today()})
    if form.validate_on_submit():
        outcome = fresh_start.ask(
            db.session,
            identity.own_school_id,
            parent_id,
            form.channel,
            form.value,
            answered(form.met_on.data),
            identity.name,
        )
        if outcome == "asked":
            start = fresh_start.find(db.session, identity.own_school_id, parent_id)
            seconds = _seconds(start)
            flash(
                _("Asked. Now %(names)s has to agree.", names=seconds.names)
                if seconds and seconds.names
                else _("Asked. Nobody at your school may agree yet: the page says why."),
                "success" if seconds and seconds.names else "note",
            )
            return _back(parent_id)
        form.add_error(str(PROBLEMS[outcome]))
    return _page(parent_id, contact, form, SilenceForm(formdata=None))


@blueprint.post("/school/parents/<uuid:parent_id>/fresh-start/agree")
def agree_fresh_start(parent_id: UUID) -> Response:
    start = _latest(parent_id)
    if not is_as_shown(start.id, start.is_silent):
        flash(changed_since(), "note")
    elif PressForm().validate_on_submit():
        outcome = fresh_start.agree(db.session, start, me().name)
        words = {
            "agreed": _("Agreed. The new way in opens at once.")
            if start.is_silent
            else _("Agreed. The old addresses are told. The new way in opens in 24 hours."),
            "not_you": _(
                "Somebody else has to agree: not whoever asked, not somebody they invited, and at school for 30 days."
            ),
            "over": _("It is already over."),
        }
        flash(words[outcome], "success" if outcome == "agreed" else "note")
    return _back(parent_id)


@blueprint.post("/school/parents/<uuid:parent_id>/fresh-start/silence")
def silence_fresh_start(parent_id: UUID) -> str | Response:
    start = _latest(parent_id)
    if not is_as_shown(start.id):
        flash(changed_since(), "note")
        return _back(parent_id)
    contact = queries.get_contact(db.session, me().own_school_id, parent_id)
    form = SilenceForm()
    if not form.validate_on_submit():
        return _page(parent_id, contact, form, form)
    done = fresh_start.silence(db.session, start, form.reason.data or "", me().name)
    flash(_("The old addresses will not be told.") if done else _("It is too late for that."), "note")
    return _back(parent_id)


@blueprint.post("/school/parents/<uuid:parent_id>/fresh-start/take-back")
def take_back_fresh_start(parent_id: UUID) -> Response:
    start = _latest(parent_id)
    if not is_as_shown(start.id):
        flash(changed_since(), "note")
    elif PressForm().validate_on_submit():
        done = fresh_start.take_back(db.session, start, me().name)
        flash(
            _("Taken back. Nothing changes for them.") if done else _("It is already over."),
            "success" if done else "note",
        )
    return _back(parent_id)


@blueprint.post("/school/parents/<uuid:parent_id>/fresh-start/looked-into")
def look_into_fresh_start(parent_id: UUID) -> Response:
    start = _latest(parent_id)
    if not is_as_shown(start.id):
        flash(changed_since(), "note")
    elif PressForm().validate_on_submit() and fresh_start.look_into(db.session, start, me().name):
        flash(_("Noted. The task is done."), "success")
    return _back(parent_id)


@blueprint.route("/my/before", methods=["GET", "POST"])
def erase_before() -> str | Response:
    if not fresh_start.find_own(db.session).sealed:
        flash(_("Nothing is left from before."), "note")
        return redirect(url_for("accounts.my_account"), 303)
    form = EraseForm()
    if form.validate_on_submit():
        fresh_start.erase_sealed(db.session, me().person_id)
        flash(_("Deleted. Nobody can read it any more."), "success")
        return redirect(url_for("accounts.my_account"), 303)
    return render_template("recruitment/erase_before.html", form=form)


def _latest(parent_id: UUID) -> FreshStart:
    """Under way or over: whoever comes second reads what the first did. Raises NotFound when there was none."""
    start = fresh_start.find(db.session, me().own_school_id, parent_id)
    if start is None:
        raise NotFound
    return start


def _seconds(start: FreshStart | None) -> fresh_start.Seconds | None:
    """Who may agree, while it waits for that."""
    if start is None or start.ended_at or start.agreed_at:
        return None
    return fresh_start.find_seconds(db.session, start, me().own_school_id, me().person_id)


def _page(parent_id: UUID, contact: object, form: FreshStartForm | SilenceForm, silence: SilenceForm) -> str:
    identity = me()
    start = fresh_start.find(db.session, identity.own_school_id, parent_id)
    return render_template(
        "recruitment/fresh_start.html",
        parent_id=parent_id,
        contact=contact,
        form=form,
        silence=silence,
        start=start,
        seconds=_seconds(start),
        to_settle=any(
            one.id == start.id and one.may_settle
            for one in fresh_start.list_stopped(db.session, identity.own_school_id)
        )
        if start and start.ended == StartEnd.STOPPED
        else False,
        is_dsl=identity.role is Role.SCHOOL_DSL,
    )


def _back(parent_id: UUID) -> Response:
    return redirect(url_for("recruitment.show_fresh_start", parent_id=parent_id), 303)
