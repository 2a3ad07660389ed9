"""The authority and its schools."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.own_pages import address_of
from app.identity.roles import Role, label_of
from app.schools import agreements, doubts, list_file, people, queries, register, services, starting, views
from app.schools.forms import AddForm, EmptyForm, InviteLeadForm, ReasonForm, SearchForm
from app.schools.pages import Page, as_listed, blueprint, on_its_way, reset_words
from app.schools.pipeline import PipelineRow, pipeline_counts
from app.schools.stages import STAGES
from app.shell import chosen_lines, list_files, list_search
from app.shell.as_shown import changed_since, is_as_shown
from app.shell.kept import kept
from app.shell.paging import page_number
from app.shell.pressing import press, submit, to
from app.states.schools import WAY

#: What the register calls schools without a phase, and what people call them.
NO_PHASE, _OTHER_PHASE = "Not applicable", _l("Others, such as independent schools")


def _narrowed() -> tuple[dict[str, str], list[PipelineRow]]:
    """The filters of this address that are ours, and the schools that fit them and what was searched for."""
    chosen, only_stuck = request.args.get("stage", ""), request.args.get("stuck") == "1"
    filters = ({"stage": chosen} if chosen in STAGES else {}) | ({"stuck": "1"} if only_stuck else {})
    text = "" if chosen_lines.mark() else list_search.typed("schools")
    rows = starting.list_pipeline(db.session, me().authority_id, stage=filters.get("stage"), text=text)
    rows = chosen_lines.only("schools", rows)
    return filters, [row for row in rows if row.stuck_days] if only_stuck else rows


@blueprint.post("/authority/schools/chosen")
def save_chosen() -> Response:
    """Lead to the file, or the page to print, of those that were ticked."""
    if ids := chosen_lines.ticked():
        return chosen_lines.keep("schools", ids, "schools.save_list")
    return to("schools.pipeline")


@blueprint.get("/authority/schools/save")
def save_list() -> str:
    """What would be in the file, before it is made."""
    (filters, rows), mark = _narrowed(), chosen_lines.mark()
    in_address = filters | ({chosen_lines.ARGUMENT: mark} if mark else {})
    return list_files.page(
        list_file.make(rows),
        back=address_of("schools.pipeline", filters),
        back_text=_("Schools"),
        empty_at=url_for("schools.pipeline", forget=1),
        counted=ngettext(
            "One school, as the list shows it now.", "%(num)d schools, as the list shows them now.", len(rows)
        ),
        leaves=_(
            "Names and numbers of schools’ contacts leave We Belong with this file. Keep it where only those who need"
            " it can read it. We keep a record of who saved it, and when."
        ),
        xlsx=address_of("schools.list_as_file", in_address | {"file_type": "xlsx"}),
        csv=address_of("schools.list_as_file", in_address | {"file_type": "csv"}),
        print_at=url_for("schools.pipeline", chosen=mark) if mark else None,
    )


@blueprint.get("/authority/schools/list.<file_type>")
def list_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    made = list_file.make(_narrowed()[1])
    return list_files.answer(file_type, made, list_file.SAVED, subject_id=me().authority_id)


@blueprint.get("/authority/schools")
def pipeline() -> str:
    """All schools by stage, the stuck ones first."""
    filters, rows = _narrowed()
    authority_id = me().authority_id
    return render_template(
        "schools/pipeline.html",
        rows=rows,
        boxes=chosen_lines.boxes((row.id, row.school.name) for row in rows),
        ticked=chosen_lines.mark(),
        search=list_search.box("schools", rows, _("Name, place, contact or URN")),
        counts=pipeline_counts(db.session, authority_id),
        stages=STAGES,
        way=WAY,
        chosen=filters.get("stage", ""),
        only_stuck="stuck" in filters,
    )


@blueprint.post("/authority/schools/search")
def search_schools() -> Response:
    """Those on the list that fit."""
    return list_search.remember("schools", "schools.pipeline")


@blueprint.get("/authority/schools/add")
def search_register() -> str | Response:
    """The register of this authority's area."""
    authority = queries.get_authority(db.session, me().authority_id)
    phases = register.list_phases(db.session, la_code=authority.la_code)
    # A NUL can neither be searched for nor be shown again.
    typed = MultiDict((name, value.replace("\0", "")) for name, value in request.args.items())
    form = SearchForm(typed, meta={"csrf": False})
    named = {phase: _OTHER_PHASE if phase == NO_PHASE else phase for phase in phases}
    form.phase.choices = [("", _("All phases")), *named.items()]
    found = None
    if (form.q.data or form.phase.data) and form.validate():
        found = register.search(
            db.session,
            la_code=authority.la_code,
            text=form.q.data or "",
            phase=form.phase.data or None,
            page=page_number(),
        )
        if not found.items and page_number() > 1:
            return to("schools.search_register", q=form.q.data, phase=form.phase.data or None)
    urns = [entry.urn for entry in found.items] if found else []
    return render_template(
        "schools/search_register.html",
        form=form,
        found=found,
        phases=named,
        added=queries.find_by_urn(db.session, authority.authority_id, urns) if urns else {},
        stages=STAGES,
    )


@blueprint.post("/authority/schools/add")
def add_prospect() -> Response:
    """One school of the register comes on the list."""
    form, identity = AddForm(), me()
    if not form.validate_on_submit():
        return to("schools.search_register")

    def added(school: Any) -> Response:
        flash(_("%(school)s is on your list. Next: invite somebody to lead.", school=school.name), "success")
        return to("schools.show", school_id=school.school_id)

    return press(
        lambda: services.add_prospect(db.session, identity.authority_id, urn=form.number, by=identity.name),
        added,
        "schools.search_register",
        q=form.urn.data or None,
    )


@blueprint.get("/authority/schools/<uuid:school_id>")
def show(school_id: UUID) -> str:
    """Where one school stands."""
    return render_template("schools/show.html", **views.school_page(db.session, me().authority_id, school_id))


@blueprint.route("/authority/schools/<uuid:school_id>/invite", methods=["GET", "POST"])
def invite_lead(school_id: UUID) -> Page:
    """Who is to lead at the school."""
    identity, form = me(), InviteLeadForm()
    school = queries.get_authority_school(db.session, identity.authority_id, school_id)
    if request.method != "POST" and (
        words := services.closed_words(db.session, identity.authority_id, school)
    ):
        flash(words, "note")
        return to("schools.show", school_id=school_id)
    return submit(
        form,
        lambda: services.invite_lead(
            db.session,
            identity.authority_id,
            school_id,
            name=form.name.data or "",
            email=form.email.data or "",
            by=identity.name,
        ),
        lambda lead: on_its_way(lead),
        "schools.show",
        field="email",
        school_id=school_id,
    ) or render_template("schools/invite_lead.html", form=form, school=school)


def _on_school(school_id: UUID, change: Any, done: Any, **values: Any) -> Response:
    """One press on the page of a school of this authority."""
    identity = me()
    school = queries.get_authority_school(db.session, identity.authority_id, school_id)
    if not is_as_shown(school.stage, school.stage_changed_at):
        flash(changed_since())
        return to("schools.show", school_id=school_id)
    act = partial(change, db.session, identity.authority_id, school_id, by=identity.name, **values)
    return press(act, done, "schools.show", school_id=school_id)


@blueprint.post("/authority/schools/<uuid:school_id>/invite-again")
def invite_again(school_id: UUID) -> Response:
    """A school that came back, with the lead that it has."""
    return _on_school(
        school_id,
        services.invite_again,
        _("The school is invited. Its lead is told, and signs in as before."),
    )


@blueprint.post("/authority/schools/<uuid:school_id>/send-brief")
def send_brief(school_id: UUID) -> Response:
    """The brief and the agreement go out."""
    return _on_school(school_id, services.send_brief, _("The brief and the agreement are on their way."))


@blueprint.post("/authority/schools/<uuid:school_id>/activate")
def activate(school_id: UUID) -> Response:
    """The school may begin."""
    return _on_school(school_id, starting.activate, _("The school is active. Its people are told."))


@blueprint.post("/authority/schools/<uuid:school_id>/start-again")
def resume(school_id: UUID) -> Response:
    """After a pause."""
    return _on_school(school_id, services.resume, _("The school is active again."))


@blueprint.route("/authority/schools/<uuid:school_id>/pause", methods=["GET", "POST"])
def pause(school_id: UUID) -> Page:
    """Stop for now, with a reason."""
    return _with_reason(school_id, "pause", services.pause, _("The school is paused."))


@blueprint.route("/authority/schools/<uuid:school_id>/leave", methods=["GET", "POST"])
def leave(school_id: UUID) -> Page:
    """End the school's part, with a reason."""
    return _with_reason(school_id, "leave", services.leave, _("The school has left."))


def _with_reason(school_id: UUID, what: str, change: Any, done: str) -> Page:
    form, identity = ReasonForm(what=what), me()
    school = queries.get_authority_school(db.session, identity.authority_id, school_id)
    if form.is_submitted() and not is_as_shown(school.stage, school.stage_changed_at):
        flash(changed_since())
        return to("schools.show", school_id=school_id)
    return submit(
        form,
        lambda: change(
            db.session, identity.authority_id, school_id, by=identity.name, reason=form.reason.data
        ),
        done,
        "schools.show",
        school_id=school_id,
    ) or render_template("schools/reason.html", form=form, school=school, what=what)


@blueprint.route("/authority/schools/<uuid:school_id>/bring-back", methods=["GET", "POST"])
def bring_back(school_id: UUID) -> Page:
    """A school that left is on the list again, with a reason."""
    return _with_reason(school_id, "bring_back", services.bring_back, _("The school is on your list again."))


@blueprint.route("/authority/schools/<uuid:school_id>/remove", methods=["GET", "POST"])
def remove_school(school_id: UUID) -> Page:
    """A school added by mistake: asked about by GET, done by POST."""
    form, authority_id = EmptyForm(), me().authority_id
    school = queries.find_authority_school(db.session, authority_id, school_id)
    if school is None:  # a second press, or a colleague's
        flash(_("That school is not on your list."), "note")
        return to("schools.pipeline")
    if form.validate_on_submit():
        return press(
            lambda: services.remove_school(db.session, authority_id, school_id),
            _off_the_list,
            "schools.show",
            school_id=school_id,
        )
    return render_template("schools/remove_school.html", form=form, school=school)


def _off_the_list(name: str) -> Response:
    flash(_("%(school)s is off your list.", school=name), "success")
    return to("schools.pipeline")


@blueprint.post("/authority/schools/<uuid:school_id>/convert")
def follow_conversion(school_id: UUID) -> Response:
    """It goes on under the number of the school that took its place."""
    return _on_school(
        school_id,
        services.follow_conversion,
        lambda school: _("It continues as %(school)s.", school=school.name),
    )


@blueprint.post("/authority/schools/<uuid:school_id>/agreement/<uuid:document_id>/accept")
def accept_agreement(school_id: UUID, document_id: UUID) -> Response:
    """The signed agreement is read and right."""
    return _on_school(
        school_id, agreements.accept, _("The signed agreement is accepted."), document_id=document_id
    )


@blueprint.route(
    "/authority/schools/<uuid:school_id>/agreement/<uuid:document_id>/return", methods=["GET", "POST"]
)
def return_agreement(school_id: UUID, document_id: UUID) -> Page:
    """It is not right: the school reads why, and signs again."""
    change = partial(agreements.send_back, document_id=document_id)
    return _with_reason(school_id, "return", change, _("It is returned. The school is told why."))


def _on_person(school_id: UUID, change: Any, done: Any) -> Response:
    """One press on somebody of a school of this authority."""
    queries.get_authority_school(db.session, me().authority_id, school_id)
    return press(change, done, "schools.show", school_id=school_id)


@blueprint.post("/authority/schools/<uuid:school_id>/people/<uuid:staff_id>/send-again")
def resend_school_invitation(school_id: UUID, staff_id: UUID) -> Response:
    """A new link for somebody who has not come."""
    authority_id = me().authority_id
    said_no = [] if "checked" in request.form else doubts.list_at_council(db.session, authority_id)
    act = partial(services.resend_invitation, db.session, authority_id, school_id, staff_id, said_no=said_no)
    return _on_person(
        school_id, act, lambda one: _("A new link is on its way to %(name)s.", name=kept(one.name))
    )


@blueprint.post("/authority/schools/<uuid:school_id>/people/<uuid:staff_id>/cancel")
def cancel_school_invitation(school_id: UUID, staff_id: UUID) -> Response:
    """A link that must not be used any more."""
    find = partial(queries.get_staff, db.session, school_id, staff_id)
    act = as_listed(find, partial(people.cancel_staff_invitation, db.session, school_id, staff_id))
    return _on_person(
        school_id, act, lambda one: _("The invitation of %(name)s is cancelled.", name=kept(one.name))
    )


@blueprint.route("/authority/schools/<uuid:school_id>/people/<uuid:staff_id>/remove", methods=["GET", "POST"])
def remove_school_person(school_id: UUID, staff_id: UUID) -> Page:
    """Somebody who has left the school: asked about by GET, done by POST."""
    form, back = EmptyForm(), url_for("schools.show", school_id=school_id)
    queries.get_authority_school(db.session, me().authority_id, school_id)
    if not form.validate_on_submit():
        member = queries.get_staff(db.session, school_id, staff_id)
        return render_template(
            "schools/remove.html",
            form=form,
            person=member,
            role=label_of(Role(member.role), is_deputy=getattr(member, "is_deputy", False)),
            back=back,
        )
    act = partial(people.remove_staff, db.session, school_id, staff_id, by=me().person_id)
    return _on_person(
        school_id, act, lambda one: _("%(name)s is removed and signed out.", name=kept(one.name))
    )


@blueprint.post("/authority/schools/<uuid:school_id>/people/<uuid:staff_id>/reset")
def reset_school_person(school_id: UUID, staff_id: UUID) -> Response:
    """Somebody at the school who lost their phone and has no colleague to help."""
    find = partial(queries.get_staff, db.session, school_id, staff_id)
    act = as_listed(find, partial(people.reset_staff_factor, db.session, school_id, staff_id))
    return _on_person(school_id, act, reset_words)
