"""The authority's own people and settings."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role, label_of
from app.programme.numbers import OFFER_DAYS
from app.schools import doubts, people, queries, settings, views, year_queries
from app.schools.forms import (
    ClosedDayForm,
    EmptyForm,
    InviteMemberForm,
    SettingsForm,
    SupportLineForm,
    TermForm,
)
from app.schools.pages import Page, as_listed, blueprint, on_its_way, reset_words
from app.shell import chosen_lines, list_search
from app.shell.as_shown import if_as_shown
from app.shell.kept import kept, phone
from app.shell.parsing import readable_phone
from app.shell.pressing import answered, press, submit, to
from app.shell.shared_form import is_saving
from infra.clock import today

PEOPLE = "schools.authority_people"
SETTINGS = "schools.authority_settings"


# ---- people


@blueprint.get("/authority/people")
def authority_people() -> str:
    """Leads, named officers and commissioners."""
    identity = me()
    members = queries.list_members(db.session, identity.authority_id, text=list_search.typed("members"))
    return render_template(
        "schools/authority_people.html",
        search=list_search.box("members", members, _("Name, email or job")),
        people=views.person_rows(
            db.session, members, doubts.list_at_council(db.session, identity.authority_id)
        ),
        boxes=chosen_lines.boxes((one.id, one.name) for one in members),
        me=identity.person_id,
    )


@blueprint.post("/authority/people/search")
def search_members() -> Response:
    """Those who fit."""
    return list_search.remember("members", PEOPLE)


@blueprint.route("/authority/people/invite", methods=["GET", "POST"])
def invite_member() -> Page:
    """Somebody new."""
    form = InviteMemberForm()
    return submit(
        form,
        lambda: people.invite_member(
            db.session,
            me().authority_id,
            role=form.role.data,
            name=form.name.data or "",
            email=form.email.data or "",
            job_title=form.job_title.data or "",
        ),
        lambda member: on_its_way(member),
        PEOPLE,
        field="email",
    ) or render_template("schools/invite_member.html", form=form)


@blueprint.post("/authority/people/<uuid:member_id>/send-again")
def resend_member(member_id: UUID) -> Response:
    """A new link."""
    authority_id = me().authority_id
    said_no = [] if "checked" in request.form else doubts.list_at_council(db.session, authority_id)
    act = partial(people.resend_member_invitation, db.session, authority_id, member_id, said_no=said_no)
    return press(act, lambda one: _("A new link is on its way to %(name)s.", name=kept(one.name)), PEOPLE)


@blueprint.post("/authority/people/<uuid:member_id>/cancel")
def cancel_member(member_id: UUID) -> Response:
    """A link that must not be used any more."""
    act = partial(people.cancel_member_invitation, db.session, me().authority_id, member_id)
    return press(
        as_listed(partial(queries.get_member, db.session, me().authority_id, member_id), act),
        lambda one: _("The invitation of %(name)s is cancelled.", name=kept(one.name)),
        PEOPLE,
    )


@blueprint.route("/authority/people/<uuid:member_id>/remove", methods=["GET", "POST"])
def remove_member(member_id: UUID) -> Page:
    """Somebody who has left: asked about by GET, done by POST."""
    identity, form = me(), EmptyForm()
    if not form.validate_on_submit():
        member = queries.get_member(db.session, identity.authority_id, member_id)
        return render_template(
            "schools/remove.html",
            form=form,
            person=member,
            role=label_of(Role(member.role), is_deputy=getattr(member, "is_deputy", False)),
            back=url_for(PEOPLE),
        )
    act = partial(people.remove_member, db.session, identity.authority_id, member_id, by=identity.person_id)
    return press(act, lambda one: _("%(name)s is removed and signed out.", name=kept(one.name)), PEOPLE)


@blueprint.post("/authority/people/<uuid:member_id>/reset")
def reset_member(member_id: UUID) -> Response:
    """Somebody who lost their phone."""
    act = partial(people.reset_member_factor, db.session, me().authority_id, member_id)
    return press(
        as_listed(partial(queries.get_member, db.session, me().authority_id, member_id), act),
        reset_words,
        PEOPLE,
    )


# ---- settings


@blueprint.get("/authority/settings")
def authority_settings() -> str:
    """What is set for all schools."""
    authority_id = me().authority_id
    return render_template(
        "schools/authority_settings.html",
        authority=queries.get_authority(db.session, authority_id),
        officers=queries.list_officers(db.session),
        terms=year_queries.list_term_rows(db.session, authority_id),
        closed_days=year_queries.list_days_closed_for_all(db.session, authority_id),
        phone=phone,
    )


@blueprint.route("/authority/settings/contact", methods=["GET", "POST"])
def change_settings() -> Page:
    """Who to call, data protection, colour."""
    authority_id = me().authority_id
    form = SettingsForm(obj=queries.get_authority(db.session, authority_id, hold=is_saving()))
    if form.validate_on_submit() and form.is_up_to_date():
        values = {name: getattr(form, name).data or "" for name in settings.FIELDS}
        for name in ("contact_phone", "officer_phone", "out_of_hours_phone"):
            values[name] = readable_phone(values[name])
        values["offer_days"] = form.offer_days.data or OFFER_DAYS
        settings.save_settings(db.session, authority_id, values, by=me().name)
        flash(_("Your settings are saved."), "success")
        return to(SETTINGS)
    return render_template(
        "schools/change_settings.html", form=form, officers=queries.list_officers(db.session)
    )


@blueprint.route("/authority/settings/support-lines", methods=["GET", "POST"])
def support_lines() -> Page:
    """Who else listens: shown to every parent, once somebody here has checked it."""
    authority_id, form = me().authority_id, SupportLineForm()
    if answer := submit(
        form,
        lambda: settings.add_support_line(
            db.session,
            authority_id,
            name=form.name.data or "",
            number=form.number.data or "",
            note=form.note.data or "",
        ),
        _("The line is added. Parents see it from now on."),
        "schools.support_lines",
        field="name",
    ):
        return answer
    lines = queries.get_authority(db.session, authority_id).support_lines
    shown = {line["number"] for line in lines}
    return render_template(
        "schools/support_lines.html",
        form=form,
        lines=lines,
        usual=[line for line in settings.USUAL_LINES if line[1] not in shown],
    )


@blueprint.post("/authority/settings/support-lines/usual")
def add_usual_line() -> Response:
    """One of the national lines, checked today."""
    line = next((one for one in settings.USUAL_LINES if one[0] == request.form.get("name")), None)
    if line is None:
        return to("schools.support_lines")
    act = partial(
        settings.add_support_line,
        db.session,
        me().authority_id,
        name=line[0],
        number=line[1],
        note=str(line[2]),
    )
    return press(act, _("The line is added. Parents see it from now on."), "schools.support_lines")


@blueprint.post("/authority/settings/support-lines/remove")
def remove_support_line() -> Response:
    """A line that is not right any more."""
    act = partial(
        settings.remove_support_line,
        db.session,
        me().authority_id,
        name=request.form.get("name", ""),
        number=request.form.get("number", ""),
    )
    lines = queries.get_authority(db.session, me().authority_id).support_lines
    named = (request.form.get("name", ""), request.form.get("number", ""))
    shown = next((line for line in lines if (line["name"], line["number"]) == named), None)
    # One that is gone is gone; one that was checked anew since stays.
    wish = if_as_shown(act, shown.get("note"), shown.get("checked_on")) if shown else act
    return press(wish, _("The line is taken off."), "schools.support_lines")


@blueprint.route("/authority/settings/terms/add", methods=["GET", "POST"])
def add_term() -> Page:
    """One more term."""
    return _term_page(TermForm(), None)


@blueprint.route("/authority/settings/terms/<uuid:term_id>", methods=["GET", "POST"])
def change_term(term_id: UUID) -> Page:
    """Other dates for a term."""
    term = settings.get_term(db.session, me().authority_id, term_id, hold=is_saving())
    return _term_page(TermForm(obj=term), term_id, term.days)


def _term_page(form: TermForm, term_id: UUID | None, stands: tuple[object, ...] = ()) -> Page:
    def save() -> None:
        dates = settings.TermDates(
            name=form.name.data or "",
            starts_on=answered(form.starts_on.data),
            ends_on=answered(form.ends_on.data),
            half_term_starts_on=form.half_term_starts_on.data,
            half_term_ends_on=form.half_term_ends_on.data,
        )
        settings.save_term(db.session, me().authority_id, dates, term_id=term_id)

    words = _("The term is saved. New groups are planned with it.")
    return submit(form, save, words, SETTINGS, field="starts_on") or render_template(
        "schools/term.html", form=form, term_id=term_id, stands=stands
    )


@blueprint.post("/authority/settings/terms/<uuid:term_id>/remove")
def remove_term(term_id: UUID) -> Response:
    """A term that was typed by mistake."""
    term = settings.find_term(db.session, me().authority_id, term_id, hold=True)
    act = partial(settings.remove_term, db.session, me().authority_id, term_id)
    return press(if_as_shown(act, *term.days) if term else act, _("The term is taken out."), SETTINGS)


@blueprint.route("/authority/settings/closed-days/add", methods=["GET", "POST"])
def close_all() -> Page:
    """A day on which all schools are shut."""
    form = ClosedDayForm()

    def said(_done: object) -> str:
        if answered(form.on_date.data) < today():
            return _("The day is added. It is past, so nothing is to be moved.")
        return _("The day is added. Schools with a session on it are asked to move it.")

    return submit(
        form,
        lambda: settings.close_all(
            db.session,
            me().authority_id,
            on_date=answered(form.on_date.data),
            reason=form.reason.data or "",
        ),
        said,
        SETTINGS,
        field="on_date",
    ) or render_template("schools/close_all.html", form=form)


@blueprint.post("/authority/settings/closed-days/<uuid:shut_day_id>/remove")
def open_all(shut_day_id: UUID) -> Response:
    """The schools are open after all."""
    act = partial(settings.open_all, db.session, me().authority_id, shut_day_id)
    return press(act, _("The day is taken out."), SETTINGS)
