"""Raising a concern, and the two desks where concerns are read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role
from app.safeguarding import desk_lists, queries, readers, services, words
from app.safeguarding.desk_pages import PAGES, address_of, place_of
from app.safeguarding.forms import ActionForm, ConcernForm, OpenAgainForm
from app.safeguarding.queries import HANDED_DESK, OFFICER_DESK, SCHOOL_DESK, Desk
from app.safeguarding.standing import get_state
from app.shell import drafts
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.pressing import press, to

blueprint = Blueprint("safeguarding", __name__)


def _owner(desk: Desk) -> UUID:
    return getattr(me(), desk.owner)


def _officers(concern_id: UUID) -> tuple[Desk, UUID]:
    """On which of the officer's two desks a concern lies, and whose it is there."""
    handover = queries.find_handover(db.session, me().authority_id, concern_id)
    if handover is not None:
        return HANDED_DESK, handover.school_id
    return OFFICER_DESK, me().authority_id


def _schools(_concern_id: UUID) -> tuple[Desk, UUID]:
    return SCHOOL_DESK, _owner(SCHOOL_DESK)


@blueprint.app_context_processor
def _readers() -> dict[str, Any]:
    """`concern_readers`: who reads what is raised in this school, for pages of other activities that name them."""

    def find() -> readers.Readers:
        return readers.get_readers(db.session, me().own_school_id, me().authority_id)

    return {"concern_readers": LocalProxy(find)}


# ---- raising


@blueprint.get("/concerns")
def start() -> str:
    identity = me()
    return render_template(
        "safeguarding/start.html",
        readers=readers.get_readers(db.session, identity.own_school_id, identity.authority_id),
        reads_concerns=identity.role is Role.SCHOOL_DSL,
    )


@blueprint.route("/concerns/new", methods=["GET", "POST"])
def raise_concern() -> str | Response:
    identity = me()
    form, nobody_reads = ConcernForm(), False
    if form.validate_on_submit():
        told = services.Told(
            **{name: value or "" for name, value in form.data.items() if name in services.Told.__slots__}
        )
        nobody_reads = not services.find_route(db.session, identity, told).reaches
        if not nobody_reads or form.knows_nobody_reads.data == "yes":
            concern_id = services.raise_concern(db.session, identity, form.once_id(identity.person_id), told)
            drafts.has_arrived()
            return redirect(url_for("safeguarding.received", concern_id=concern_id), 303)
        form.knows_nobody_reads.data = "yes"
    form.hand_out()
    return render_template(
        "safeguarding/raise.html",
        form=form,
        readers=readers.get_readers(db.session, identity.own_school_id, identity.authority_id),
        nobody_reads=nobody_reads,
    )


@blueprint.get("/concerns/<uuid:concern_id>/received")
def received(concern_id: UUID) -> str:
    identity = me()
    receipt = queries.get_receipt(db.session, identity.own_school_id, identity.person_id, concern_id)
    kept_from = readers.list_kept_from(db.session, identity.own_school_id, concern_id)
    return render_template(
        "safeguarding/received.html",
        receipt=receipt,
        before=queries.list_receipts_before(db.session, receipt),
        handover=queries.find_own_handover(db.session, identity.own_school_id, concern_id),
        read_by=services.read_by_day_of(receipt),
        readers=readers.get_readers(db.session, identity.own_school_id, identity.authority_id, but=kept_from),
    )


# ---- the safeguarding lead


@blueprint.get("/school/concerns")
def list_concerns() -> str | Response:
    return desk_lists.show(SCHOOL_DESK, _owner(SCHOOL_DESK))


@blueprint.post("/school/concerns/search")
def search_concerns() -> Response:
    return desk_lists.search(SCHOOL_DESK)


@blueprint.get("/school/concerns/<uuid:concern_id>")
def read_concern(concern_id: UUID) -> str | Response:
    return _read(*_schools(concern_id), concern_id)


@blueprint.get("/school/concerns/<uuid:concern_id>/print")
def print_concern(concern_id: UUID) -> str | Response:
    return _print(*_schools(concern_id), concern_id)


@blueprint.post("/school/concerns/<uuid:concern_id>/read")
def mark_read(concern_id: UUID) -> Response:
    return _mark_read(*_schools(concern_id), concern_id)


@blueprint.post("/school/concerns/<uuid:concern_id>/actions")
def record_action(concern_id: UUID) -> str | Response:
    return _record_action(*_schools(concern_id), concern_id)


@blueprint.post("/school/concerns/<uuid:concern_id>/close")
def close_concern(concern_id: UUID) -> Response:
    return _close(*_schools(concern_id), concern_id)


@blueprint.route("/school/concerns/<uuid:concern_id>/open-again", methods=["GET", "POST"])
def open_concern_again(concern_id: UUID) -> str | Response:
    return _open_again(*_schools(concern_id), concern_id)


# ---- the named officer


@blueprint.get("/officer")
def officer_concerns() -> str | Response:
    return desk_lists.show(OFFICER_DESK, _owner(OFFICER_DESK))


@blueprint.post("/officer/search")
def officer_search() -> Response:
    return desk_lists.search(OFFICER_DESK)


@blueprint.post("/officer/unopened/<uuid:unopened_concern_id>/take-over")
def officer_take_over(unopened_concern_id: UUID) -> Response:
    """An urgent one that nobody at the school has opened."""

    def taken_over(_done: object) -> Response:
        flash(_("You have taken it over. Whoever reads concerns at the school is told."), "success")
        return to("safeguarding.officer_read", officer_concern_id=unopened_concern_id)

    return press(
        lambda: services.take_over(db.session, unopened_concern_id),
        taken_over,
        "safeguarding.officer_concerns",
    )


@blueprint.get("/officer/concerns/<uuid:officer_concern_id>")
def officer_read(officer_concern_id: UUID) -> str:
    return _read(*_officers(officer_concern_id), officer_concern_id)


@blueprint.get("/officer/concerns/<uuid:officer_concern_id>/print")
def officer_print(officer_concern_id: UUID) -> str:
    return _print(*_officers(officer_concern_id), officer_concern_id)


@blueprint.post("/officer/concerns/<uuid:officer_concern_id>/read")
def officer_mark_read(officer_concern_id: UUID) -> Response:
    return _mark_read(*_officers(officer_concern_id), officer_concern_id)


@blueprint.post("/officer/concerns/<uuid:officer_concern_id>/actions")
def officer_record_action(officer_concern_id: UUID) -> str | Response:
    return _record_action(*_officers(officer_concern_id), officer_concern_id)


@blueprint.post("/officer/concerns/<uuid:officer_concern_id>/close")
def officer_close(officer_concern_id: UUID) -> Response:
    return _close(*_officers(officer_concern_id), officer_concern_id)


@blueprint.route("/officer/concerns/<uuid:officer_concern_id>/open-again", methods=["GET", "POST"])
def officer_open_again(officer_concern_id: UUID) -> str | Response:
    return _open_again(*_officers(officer_concern_id), officer_concern_id)


# ---- what both desks do
def _read(desk: Desk, owner: UUID, concern_id: UUID, form: ActionForm | None = None) -> str:
    return _page(desk, owner, concern_id, "safeguarding/read.html", form=form or _new_form())


def _print(desk: Desk, owner: UUID, concern_id: UUID) -> str:
    return _page(desk, owner, concern_id, "safeguarding/print.html", printed=True)


def _page(
    desk: Desk,
    owner: UUID,
    concern_id: UUID,
    template: str,
    *,
    form: ActionForm | None = None,
    printed: bool = False,
) -> str:
    concern = queries.get_concern(db.session, desk, owner, concern_id)
    services.note_viewed(db.session, desk, concern, printed=printed)
    actions = queries.list_actions(db.session, desk, owner, concern_id)
    return render_template(
        template,
        concern=concern,
        school=_school_name(desk, concern),
        actions=actions,
        # As `standing.get_state` says it, without asking again.
        stands=(concern.closed_at, len(actions)),
        handover=_handover(desk, concern),
        is_officer=desk is not SCHOOL_DESK,
        answers=services.answers(db.session, desk, concern),
        address=lambda page: address_of(desk, page, concern_id),
        list_url=url_for(PAGES[desk.name]["list"]),
        words=words,
        **({"form": form} if form else {}),
    )


def _school_name(desk: Desk, concern: Any) -> str | None:
    if desk is SCHOOL_DESK:
        return me().school_name
    school_id = concern.school_id if desk is HANDED_DESK else concern.about_school_id
    return queries.get_school_name(db.session, me().authority_id, school_id)


def _handover(desk: Desk, concern: Any) -> Any:
    if desk is OFFICER_DESK:
        return None
    return queries.find_own_handover(db.session, concern.school_id, concern.id)


def _new_form() -> ActionForm:
    form = ActionForm(formdata=None)
    form.hand_out()
    return form


def _mark_read(desk: Desk, owner: UUID, concern_id: UUID) -> Response:
    services.mark_read(db.session, desk, owner, concern_id, me().name)
    return to(**place_of(desk, "read", concern_id))


def _record_action(desk: Desk, owner: UUID, concern_id: UUID) -> str | Response:
    form = ActionForm()
    if not form.validate_on_submit():
        form.hand_out()
        return _read(desk, owner, concern_id, form)
    services.record_action(
        db.session,
        desk,
        owner,
        concern_id,
        action_id=form.once_id(concern_id),
        by_name=me().name,
        action=form.action.data or "",
        decision=form.decision.data or "",
        reason=form.reason.data or "",
    )
    drafts.has_arrived()
    flash(_("Added to the record."), "success")
    return to(**place_of(desk, "read", concern_id))


def _has_changed(desk: Desk, owner: UUID, concern_id: UUID) -> Response | None:
    if is_as_shown(*get_state(db.session, desk, owner, concern_id, hold=request.method == "POST")):
        return None
    return _nothing_done(desk, concern_id)


def _nothing_done(desk: Desk, concern_id: UUID) -> Response:
    flash(changed_since(), "note")
    return to(**place_of(desk, "read", concern_id))


def _close(desk: Desk, owner: UUID, concern_id: UUID) -> Response:
    if changed := _has_changed(desk, owner, concern_id):
        return changed
    return press(
        lambda: services.close_concern(db.session, desk, owner, concern_id, me().name),
        _("This concern is closed. You can still read it, add to it, or open it again."),
        **place_of(desk, "read", concern_id),
    )


def _open_again(desk: Desk, owner: UUID, concern_id: UUID) -> str | Response:
    form = OpenAgainForm()
    concern = queries.get_concern(db.session, desk, owner, concern_id)
    if concern.closed_at is None:
        return _open_already(desk, owner, concern_id, form)
    if not services.answers(db.session, desk, concern):
        return press(
            lambda: services.check_answers(db.session, desk, concern),
            None,
            **place_of(desk, "read", concern_id),
        )
    stands = get_state(db.session, desk, owner, concern_id, hold=form.is_submitted())
    if not is_as_shown(*stands):
        if not _is_new_reason(desk, owner, concern_id, form):
            return _nothing_done(desk, concern_id)
        form.add_error(changed_since(), "reason")  # what was typed stays in the box
    elif form.validate_on_submit():
        opened = services.open_again(
            db.session,
            desk,
            owner,
            concern_id,
            action_id=form.once_id(concern_id),
            by_name=me().name,
            reason=form.reason.data or "",
        )
        flash(
            _("This concern is open again.") if opened else changed_since(), "success" if opened else "note"
        )
        return to(**place_of(desk, "read", concern_id))
    form.hand_out()
    return render_template(
        "safeguarding/open_again.html",
        form=form,
        concern=concern,
        stands=stands,
        back=address_of(desk, "read", concern_id),
    )


def _open_already(desk: Desk, owner: UUID, concern_id: UUID, form: OpenAgainForm) -> str | Response:
    """Somebody was first: the same press, or another one, whose reason is not thrown away."""
    if not _is_new_reason(desk, owner, concern_id, form):
        return to(**place_of(desk, "read", concern_id))
    record = _new_form()
    record.action.data = form.reason.data
    record.add_error(
        _(
            "This concern is already open. What you wrote is in the box below, and not kept yet. Add it to the"
            " record if it should be there."
        ),
        "action",
    )
    return _read(desk, owner, concern_id, record)


def _is_new_reason(desk: Desk, owner: UUID, concern_id: UUID, form: OpenAgainForm) -> bool:
    """Whether something was sent that is not in the record yet."""
    if not form.is_submitted() or not form.reason.data:
        return False
    kept = queries.list_actions(db.session, desk, owner, concern_id)
    return form.once_id(concern_id) not in {one.id for one in kept}
