"""What staff note for a parent: an answer, a mistake, a row to remove, a plan to print."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.recruitment import doubts, noted_noes, noting, queries
from app.recruitment.consents import FOR_STAFF
from app.recruitment.forms import REASONS, AnswerForm, PressForm, TakeBackForm, TakeBackNoForm
from app.recruitment.noting import Noted
from app.recruitment.routes import blueprint
from app.recruitment.stages import STAGES, may_go
from app.schools.stage_steps import offered
from app.shell.as_shown import changed_since, if_as_shown, is_as_shown
from app.shell.pressing import or_gone, submit
from app.shell.refusals import Refused
from app.shell.shared_form import is_saving
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, ParentStage
from infra.storage import StorageUnavailable

PERSON = "/school/parents/<uuid:parent_id>"


@blueprint.post(f"{PERSON}/checked")
def settle_doubt(parent_id: UUID) -> Response:
    identity = me()
    queries.get_parent(db.session, identity.own_school_id, parent_id)
    said = doubts.list_of(db.session, identity.own_school_id, parent_id)
    if not is_as_shown(*said):
        flash(changed_since())
    elif PressForm().validate_on_submit():
        doubts.settle(db.session, identity.own_school_id, parent_id, identity.name, said)
        flash(_("Noted. Messages go there again."), "success")
    return redirect(url_for("recruitment.show_parent", parent_id=parent_id))


@blueprint.route(f"{PERSON}/answer", methods=["GET", "POST"])
def record_answer(parent_id: UUID) -> str | Response:
    school_id = me().own_school_id
    parent = queries.get_parent(db.session, school_id, parent_id, hold=is_saving())
    form = AnswerForm()
    fitting = [(code, words) for code, words in REASONS.items() if _fits(parent.stage, code)]
    is_fresh = is_as_shown(parent.stage, parent.stage_changed_at)
    # What a colleague noted in between may leave other answers; it is said as that, and not as a wrong choice.
    form.to_stage.choices = fitting if is_fresh else list(REASONS.items())
    if answer := submit(
        form,
        lambda: _note(form, parent_id) if is_fresh else _refuse_late(form, parent.stage),
        lambda words: words,
        "recruitment.show_parent",
        parent_id=parent_id,
    ):
        return answer
    form.to_stage.choices = fitting
    return render_template(
        "recruitment/answer.html",
        form=form,
        parent=parent,
        contact=queries.get_contact(db.session, school_id, parent_id),
        is_out=parent.stage in DO_NOT_WRITE,
        may_join=_fits(parent.stage, "joined"),
    )


class _JoinedAlready(Refused):
    """The same press twice, or two colleagues with one slip: the first did it."""

    leads_on = True


def _refuse_late(form: AnswerForm, stage: str) -> str:
    if form.to_stage.data == stage == ParentStage.JOINED:
        raise _JoinedAlready(_("They have already joined. Nothing was noted twice."))
    return _refuse_stale()


def _refuse_stale() -> str:
    raise Refused(changed_since())


def _fits(stage: str, code: str) -> bool:
    """Whether this answer can be noted for somebody at this stage."""
    if code == "no_to":
        return stage not in DO_NOT_WRITE
    if code == "joined":
        return stage in BEFORE_JOINING and offered("recruitment.invite_parent")
    return may_go(stage, code)


def _note(form: AnswerForm, parent_id: UUID) -> str:
    identity = me()
    noted = Noted(form.how.data, identity.name, form.reason.data or "")
    where = (db.session, identity.own_school_id, parent_id)
    with db.session.begin_nested():  # a slip that is refused leaves nothing behind
        if form.to_stage.data == "no_to":
            noting.note_no_to(*where, form.no_to.data, noted)
        elif form.to_stage.data == "joined":
            try:
                if not noting.note_yes(*where, noted, slip=form.slip.data or None):
                    return _yes_without_slip(parent_id)
            except StorageUnavailable:
                raise Refused(
                    _("We cannot keep files just now. Send it again in a few minutes."), "slip"
                ) from None
        else:
            noting.note_answer(*where, form.to_stage.data, noted)
    return _("Noted. Thank you.")


def _yes_without_slip(parent_id: UUID) -> str:
    if queries.get_contact(db.session, me().own_school_id, parent_id).is_on_paper:
        return _("Noted. Now print a letter for them, so that they can confirm it with a signed slip.")
    return _("Noted. Now send them an invitation or a letter, so that they can confirm it themselves.")


@blueprint.route(f"{PERSON}/take-back", methods=["GET", "POST"])
def take_back(parent_id: UUID) -> str | Response:
    """A no, or a *left*, that was noted by mistake."""
    identity, form = me(), TakeBackForm()
    parent = queries.get_parent(db.session, identity.own_school_id, parent_id, hold=is_saving())

    def do() -> str:
        if not is_as_shown(parent.stage, parent.stage_changed_at):
            return _refuse_stale()
        return noting.take_back(
            db.session,
            identity.own_school_id,
            parent_id,
            reason=form.reason.data or "",
            by_name=identity.name,
        )

    if answer := submit(
        form,
        do,
        lambda stage: _("Taken back. They are at “%(stage)s” again.", stage=STAGES[stage].label),
        "recruitment.show_parent",
        parent_id=parent_id,
    ):
        return answer
    contact = queries.get_contact(db.session, identity.own_school_id, parent_id)
    return render_template("recruitment/take_back.html", form=form, contact=contact, parent=parent)


@blueprint.route(f"{PERSON}/take-back-no", methods=["GET", "POST"])
def take_back_no(parent_id: UUID) -> str | Response:
    """A no to something else, that was noted by mistake."""
    identity, form = me(), TakeBackNoForm()
    parent = queries.get_parent(db.session, identity.own_school_id, parent_id, hold=is_saving())
    noted = noted_noes.list_noted(db.session(), parent_id)
    consents = queries.list_consents(db.session(), identity.own_school_id, parent_id)
    # With when each was noted: one that was taken back and noted again is another.
    seen = [(kind, consents[kind].changed_at) for kind in noted if kind in consents]
    form.no_to.choices = [(kind, FOR_STAFF[kind]) for kind in noted]
    if not noted:
        flash(_("There is no such note any more. This is how things stand now."), "note")
        return _back(parent_id)
    take = partial(
        noted_noes.take_back,
        db.session(),
        identity.own_school_id,
        parent_id,
        form.no_to.data or (),
        reason=form.reason.data or "",
        by_name=identity.name,
    )
    return submit(
        form,
        if_as_shown(take, *seen),
        _("Taken back. Their choices are what they were before."),
        "recruitment.show_parent",
        parent_id=parent_id,
    ) or render_template(
        "recruitment/take_back_no.html",
        form=form,
        contact=queries.get_contact(db.session, identity.own_school_id, parent_id),
        parent=parent,
        seen=seen,
    )


@blueprint.route(f"{PERSON}/remove", methods=["GET", "POST"])
@or_gone(_l("They have already been removed from the list."), "recruitment.list_parents")
def remove_parent(parent_id: UUID) -> str | Response:
    """Somebody added by mistake: asked about by GET, done by POST."""
    school_id, form = me().own_school_id, PressForm()
    contact = queries.get_contact(db.session, school_id, parent_id)
    name = contact.name
    return submit(
        form,
        lambda: noting.remove_parent(db.session, school_id, parent_id),
        _("%(name)s is removed from the list.", name=name),
        "recruitment.list_parents",
    ) or render_template("recruitment/remove_parent.html", form=form, name=name, parent_id=parent_id)


def _back(parent_id: UUID) -> Response:
    return redirect(url_for("recruitment.show_parent", parent_id=parent_id))
