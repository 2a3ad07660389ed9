"""Raising a concern, and the two desks where concerns are read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.roles import Role
from app.identity.websession import Identity
from app.safeguarding import queries, readers, services, words
from app.safeguarding.desk_pages import PAGES
from app.safeguarding.forms import ActionForm, ConcernForm, OpenAgainForm
from app.safeguarding.queries import HANDED_DESK, OFFICER_DESK, SCHOOL_DESK, Desk
from app.safeguarding.standing import get_state
from app.shell import drafts, list_search
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.errors import NotFound
from app.shell.pressing import press, to

blueprint = Blueprint("safeguarding", __name__)


def _identity() -> Identity:
    return session.identity  # type: ignore[attr-defined,no-any-return]


def _owner(desk: Desk) -> UUID:
    return getattr(_identity(), desk.owner)


def _officers(concern_id: UUID) -> tuple[Desk, UUID]:
    """On which of the officer's two desks a concern lies, and whose it is there."""
    handover = queries.find_handover(db.session, _identity().authority_id, concern_id)
    if handover is not None:
        return HANDED_DESK, handover.school_id
    return OFFICER_DESK, _identity().authority_id


def _schools(_concern_id: UUID) -> tuple[Desk, UUID]:
    return SCHOOL_DESK, _owner(SCHOOL_DESK)


def _to(desk: Desk, page: str, concern_id: UUID) -> str:
    return url_for(**_at(desk, page, concern_id))


def _at(desk: Desk, page: str, concern_id: UUID) -> dict[str, Any]:
    pages = PAGES[desk.name]
    return {"endpoint": pages[page], pages["argument"]: concern_id}


@blueprint.app_context_processor
def _readers() -> dict[str, Any]:
    """`concern_readers`: who reads what is raised in this school, for pages of other activities that name them."""

    def find() -> readers.Readers:
        return readers.get_readers(db.session, _identity().school_id, _identity().authority_id)

    return {"concern_readers": LocalProxy(find)}


# ---- raising


@blueprint.get("/concerns")
def start() -> str:
    identity = _identity()
    return render_template(
        "safeguarding/start.html",
        readers=readers.get_readers(db.session, identity.school_id, identity.authority_id),
        reads_concerns=identity.role is Role.SCHOOL_DSL,
    )


@blueprint.route("/concerns/new", methods=["GET", "POST"])
def raise_concern() -> str | Response:
    identity = _identity()
    form, nobody_reads = ConcernForm(), False
    if form.validate_on_submit():
        told = services.Told(
            **{name: value or "" for name, value in form.data.items() if name in services.Told.__slots__}
        )
        nobody_reads = not services.find_route(db.session, identity, told).reaches
        if not nobody_reads or form.knows_nobody_reads.data == "yes":
            concern_id = services.raise_concern(db.session, identity, form.once_id(), told)
            drafts.has_arrived()
            return redirect(url_for("safeguarding.received", concern_id=concern_id), 303)
        form.knows_nobody_reads.data = "yes"
    form.hand_out()
    return render_template(
        "safeguarding/raise.html",
        form=form,
        readers=readers.get_readers(db.session, identity.school_id, identity.authority_id),
        nobody_reads=nobody_reads,
    )


@blueprint.get("/concerns/<uuid:concern_id>/received")
def received(concern_id: UUID) -> str:
    identity = _identity()
    receipt = queries.get_receipt(db.session, identity.school_id, identity.person_id, concern_id)
    kept_from = readers.list_kept_from(db.session, identity.school_id, concern_id)
    return render_template(
        "safeguarding/received.html",
        receipt=receipt,
        handover=queries.find_own_handover(db.session, identity.school_id, concern_id),
        read_by=services.read_by_day_of(receipt),
        readers=readers.get_readers(db.session, identity.school_id, identity.authority_id, but=kept_from),
    )


# ---- the safeguarding lead


@blueprint.get("/school/concerns")
def list_concerns() -> str:
    return _list(SCHOOL_DESK)


@blueprint.post("/school/concerns/search")
def search_concerns() -> Response:
    return _search(SCHOOL_DESK)


@blueprint.get("/school/concerns/<uuid:concern_id>")
def read_concern(concern_id: UUID) -> str:
    return _read(*_schools(concern_id), concern_id)


@blueprint.get("/school/concerns/<uuid:concern_id>/print")
def print_concern(concern_id: UUID) -> str:
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
def officer_concerns() -> str:
    return _list(OFFICER_DESK)


@blueprint.post("/officer/search")
def officer_search() -> Response:
    return _search(OFFICER_DESK)


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
def _list(desk: Desk) -> str:
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= 10_000:
        raise NotFound
    closed = request.args.get("show") == "closed"
    text = list_search.typed("concerns")
    page = queries.list_concerns(db.session, desk, _owner(desk), closed=closed, number=number, text=text)

    handed = (
        queries.list_handed(db.session, _owner(desk), closed=closed, text=text)
        if desk is OFFICER_DESK and number == 1
        else []
    )

    def neighbour(other: int) -> str:
        return url_for(PAGES[desk.name]["list"], show="closed" if closed else None, page=other)

    return render_template(
        "safeguarding/list.html",
        page=page,
        search=list_search.box(
            "concerns", page.total + len(handed), _("Reference, name, or a word of the list")
        ),
        search_url=url_for(PAGES[desk.name]["search"], show="closed" if closed else None),
        closed=closed,
        is_officer=desk is OFFICER_DESK,
        urgent=[] if closed or text else queries.list_urgent(db.session, desk, _owner(desk)),
        unopened=queries.list_unopened(db.session, _owner(desk))
        if desk is OFFICER_DESK and not closed
        else [],
        handed=handed,
        address=lambda concern_id: _to(desk, "read", concern_id),
        list_url=url_for(PAGES[desk.name]["list"]),
        closed_url=url_for(PAGES[desk.name]["list"], show="closed"),
        previous=neighbour(number - 1) if number > 1 else None,
        next=neighbour(number + 1) if page.last < page.total and page.lines else None,
        words=words,
    )


def _search(desk: Desk) -> Response:
    shown = {"show": "closed"} if request.args.get("show") == "closed" else {}
    return list_search.remember("concerns", PAGES[desk.name]["list"], **shown)


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
        address=lambda page: _to(desk, page, concern_id),
        list_url=url_for(PAGES[desk.name]["list"]),
        words=words,
        **({"form": form} if form else {}),
    )


def _school_name(desk: Desk, concern: Any) -> str | None:
    if desk is SCHOOL_DESK:
        return _identity().school_name
    school_id = concern.school_id if desk is HANDED_DESK else concern.about_school_id
    return queries.get_school_name(db.session, _identity().authority_id, school_id)


def _handover(desk: Desk, concern: Any) -> Any:
    if desk is OFFICER_DESK:
        return None
    return queries.find_own_handover(db.session, concern.school_id, concern.id)


def _new_form() -> ActionForm:
    form = ActionForm(formdata=None)
    form.hand_out()
    return form


def _mark_read(desk: Desk, owner: UUID, concern_id: UUID) -> Response:
    services.mark_read(db.session, desk, owner, concern_id, _identity().name)
    return redirect(_to(desk, "read", concern_id), 303)


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
        action_id=form.once_id(),
        by_name=_identity().name,
        action=form.action.data or "",
        decision=form.decision.data or "",
        reason=form.reason.data or "",
    )
    drafts.has_arrived()
    flash(_("Added to the record."), "success")
    return redirect(_to(desk, "read", concern_id), 303)


def _has_changed(desk: Desk, owner: UUID, concern_id: UUID) -> Response | None:
    if is_as_shown(*get_state(db.session, desk, owner, concern_id, hold=request.method == "POST")):
        return None
    flash(changed_since(), "note")
    return redirect(_to(desk, "read", concern_id), 303)


def _close(desk: Desk, owner: UUID, concern_id: UUID) -> Response:
    if changed := _has_changed(desk, owner, concern_id):
        return changed
    return press(
        lambda: services.close_concern(db.session, desk, owner, concern_id, _identity().name),
        _("This concern is closed. You can still read it, add to it, or open it again."),
        **_at(desk, "read", concern_id),
    )


def _open_again(desk: Desk, owner: UUID, concern_id: UUID) -> str | Response:
    form = OpenAgainForm()
    concern = queries.get_concern(db.session, desk, owner, concern_id)
    if concern.closed_at is None:
        return redirect(_to(desk, "read", concern_id), 303)
    if not services.answers(db.session, desk, concern):
        return press(
            lambda: services.check_answers(db.session, desk, concern), None, **_at(desk, "read", concern_id)
        )
    if changed := _has_changed(desk, owner, concern_id):
        return changed
    if form.validate_on_submit():
        opened = services.open_again(
            db.session,
            desk,
            owner,
            concern_id,
            action_id=form.once_id(),
            by_name=_identity().name,
            reason=form.reason.data or "",
        )
        flash(
            _("This concern is open again.") if opened else changed_since(), "success" if opened else "note"
        )
        return redirect(_to(desk, "read", concern_id), 303)
    form.hand_out()
    return render_template(
        "safeguarding/open_again.html",
        form=form,
        concern=concern,
        stands=get_state(db.session, desk, owner, concern_id),
        back=_to(desk, "read", concern_id),
    )
