"""The school's own set-up."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.roles import Role, label_of
from app.schools import (
    agreements,
    doubts,
    people,
    queries,
    set_up,
    stage_rights,
    starting,
    views,
    year_queries,
)
from app.schools.forms import (
    AgreementForm,
    ClosedDayForm,
    DetailsForm,
    EmptyForm,
    InviteStaffForm,
    RoomForm,
)
from app.schools.pages import Page, as_listed, blueprint, on_its_way, reset_words
from app.schools.papers import list_gaps
from app.schools.policy import may_change_set_up, may_see_appointments
from app.schools.readers import find_invited
from app.schools.signing_anew import why_anew
from app.schools.stages import STAGES
from app.schools.words import RETURNED, REVIEW, SET_UP, STILL_MISSING
from app.shell import chosen_lines, list_search
from app.shell.kept import kept, phone
from app.shell.parsing import readable_phone
from app.shell.pressing import answered, press, submit, to
from app.shell.refusals import Refused
from app.shell.shared_form import is_saving
from app.states.schools import ON_THE_LIST, UNDER_WAY
from infra.storage import StorageUnavailable
from tenants.together import together

TASKS = "schools.tasks"
STAFF = "schools.staff"
ROOM = "schools.room_and_dates"


@blueprint.get("/school/set-up")
def tasks() -> str:
    """What the school does before it starts."""
    identity = me()
    with together(db.session) as ask:
        own = ask(queries.get_school, identity.own_school_id)
        colleagues = ask(queries.list_staff, identity.own_school_id)
        council = ask(queries.get_authority, identity.authority_id)
        readers = ask(queries.list_readers)
        papers = ask(views.papers, identity.own_school_id)
        closed_days = ask(year_queries.list_closed_days, identity.own_school_id)
        invited = ask(find_invited, identity.own_school_id)
        unreached = ask(queries.list_without_mobile, identity.own_school_id)
    school = own.value
    people.note_arrivals(db.session, colleagues.value)
    rows_of_papers, signed = papers.value
    rows = views.task_rows(
        queries.list_tasks(db.session, identity.own_school_id),
        invited.value,
        why_anew(school, signed),
        views.no_mobile(colleagues.value, unreached.value),
    )
    missing = [one.school for one in starting.list_obstacles(db.session, school)]
    return render_template(
        "schools/tasks.html",
        school=school,
        readers=readers.value,
        stage=STAGES[school.stage],
        words=RETURNED
        if agreements.is_to_send_again(school.stage, signed)
        else STILL_MISSING
        if missing
        else SET_UP[school.stage],
        tasks=rows,
        left=sum(not row["done"] for row in rows),
        missing=missing,
        authority=council.value,
        papers=rows_of_papers,
        closed_days=closed_days.value,
        phone=phone,
        may_change=may_change_set_up(identity.role),
        allowed=stage_rights.in_words(school.stage),
    )


@blueprint.route("/school/set-up/details", methods=["GET", "POST"])
def details() -> Page:
    """Your school and your lead."""
    identity = me()
    school = queries.get_school(db.session, identity.own_school_id, hold=is_saving())
    form = DetailsForm(obj=school)
    settled = set_up.named_in_agreement(db.session, school)
    for name in settled:
        del form[name]
    if form.validate_on_submit() and form.is_up_to_date():
        values = {name: form[name].data or "" for name in set_up.DETAILS if name in form}
        for name in ("phone", "contact_phone", "dsl_phone"):
            values[name] = readable_phone(values[name])
        act = partial(
            set_up.save_details, db.session, identity.own_school_id, by=identity.name, values=values
        )
        return press(act, _("Saved. Parents see who they can call."), TASKS)
    return render_template("schools/details.html", form=form, school=school, settled=settled)


@blueprint.get("/school/set-up/brief")
def brief() -> str:
    """Five minutes of reading."""
    identity = me()
    return render_template(
        "schools/brief.html",
        papers=views.papers(db.session, identity.own_school_id, ("project_brief",))[0],
        done=queries.list_tasks(db.session, identity.own_school_id)["brief"],
        may_change=may_change_set_up(identity.role),
    )


@blueprint.post("/school/set-up/brief")
def finish_brief() -> Response:
    """It is read."""
    identity = me()
    act = partial(set_up.read_brief, db.session, identity.own_school_id, by=identity.name)
    return press(act, _("Thank you for reading it."), TASKS)


@blueprint.route("/school/set-up/agreement", methods=["GET", "POST"])
def agreement() -> Page:
    """Download, sign, upload."""
    identity, form = me(), AgreementForm()

    def sign() -> None:
        try:
            set_up.sign_agreement(db.session, identity.own_school_id, form.file.data, by=identity.name)
        except StorageUnavailable:
            raise Refused(
                _("We cannot keep files just now. Your file is not lost: send it again in a few minutes."),
                "file",
            ) from None

    if answer := submit(form, sign, _("Thank you. We have your agreement and check the file now."), TASKS):
        return answer
    with together(db.session) as ask:
        own = ask(queries.get_school, identity.own_school_id)
        papers = ask(views.papers, identity.own_school_id)
        council = ask(queries.get_authority, identity.authority_id)
        officers = ask(queries.list_officers)
    school = own.value
    rows, signed = papers.value
    return render_template(
        "schools/agreement.html",
        form=form,
        has_begun=school.stage in UNDER_WAY,
        papers=rows,
        gaps=list_gaps(council.value, school, officers.value) if school.stage in ON_THE_LIST else (),
        anew=why_anew(school, signed),
        review=signed,
        review_words=REVIEW,
    )


@blueprint.post("/school/set-up/agreement/make")
def ask_for_papers() -> Response:
    """For a school that has no papers yet."""
    identity = me()
    act = partial(set_up.ask_for_papers, db.session, identity.own_school_id, by=identity.name)
    return press(act, _("Your agreement is being made. It takes a minute."), "schools.agreement")


# ---- room, dates, closed days


@blueprint.route("/school/set-up/room-and-dates", methods=["GET", "POST"])
def room_and_dates() -> Page:
    """Where the group meets, from when, and when the school is shut."""
    identity = me()
    form = RoomForm(obj=queries.get_school(db.session, identity.own_school_id, hold=is_saving()))
    if form.validate_on_submit() and form.is_up_to_date():
        values = {name: getattr(form, name).data for name in set_up.ROOM}
        act = partial(set_up.save_room, db.session, identity.own_school_id, by=identity.name, values=values)
        return press(act, _("Your room and dates are saved."), TASKS)
    return _room_page(form)


def _room_page(form: RoomForm) -> str:
    identity = me()
    return render_template(
        "schools/room_and_dates.html",
        form=form,
        closed_days=year_queries.list_closed_days(db.session, identity.own_school_id),
        terms=year_queries.list_term_rows(db.session, identity.authority_id),
    )


@blueprint.route("/school/set-up/closed-days/add", methods=["GET", "POST"])
def add_closed_day() -> Page:
    """A training day, or another day off."""
    form = ClosedDayForm()
    return submit(
        form,
        lambda: set_up.add_closed_day(
            db.session,
            me().own_school_id,
            on_date=answered(form.on_date.data),
            reason=form.reason.data or "",
        ),
        _("The day is added. New groups skip it. “This week” asks you to move a session that lies on it."),
        ROOM,
        field="on_date",
    ) or render_template("schools/add_closed_day.html", form=form)


@blueprint.post("/school/set-up/closed-days/<uuid:closed_day_id>/remove")
def remove_closed_day(closed_day_id: UUID) -> Response:
    """The school is open after all."""
    act = partial(set_up.remove_closed_day, db.session, me().own_school_id, closed_day_id)
    return press(act, _("The day is taken out."), ROOM)


# ---- people


@blueprint.get("/school/staff")
def staff() -> str:
    """Who works with the groups here."""
    identity = me()
    typed = list_search.typed("staff")
    with together(db.session) as ask:
        everybody = ask(queries.list_staff, identity.own_school_id)
        fitting = ask(queries.list_staff, identity.own_school_id, text=typed) if typed else everybody
        doubted = ask(doubts.list_at_school, identity.own_school_id)
    members = everybody.value
    return render_template(
        "schools/staff.html",
        people=views.person_rows(db.session, fitting.value, doubted.value),
        boxes=chosen_lines.boxes((one.id, one.name) for one in fitting.value),
        search=list_search.box("staff", members, _("Name, email or job")),
        has_dsl=any(one.role == "school_dsl" for one in members),
        done=queries.list_tasks(db.session, identity.own_school_id)["staff"],
        me=identity.person_id,
        may_change=may_change_set_up(identity.role),
        may_see_appointments=may_see_appointments(identity.role),
    )


@blueprint.post("/school/staff/search")
def search_staff() -> Response:
    """Those who fit."""
    return list_search.remember("staff", STAFF)


@blueprint.route("/school/staff/invite", methods=["GET", "POST"])
def invite_staff() -> Page:
    """A colleague, by role."""
    form = InviteStaffForm()
    return submit(
        form,
        lambda: set_up.invite_colleague(
            db.session,
            me().own_school_id,
            role=form.role.data,
            name=form.name.data or "",
            email=form.email.data or "",
            job_title=form.job_title.data or "",
        ),
        lambda member: on_its_way(member),
        STAFF,
        field="email",
    ) or render_template(
        "schools/invite_staff.html", form=form, stage=stage_rights.stage_of(db.session, me().own_school_id)
    )


@blueprint.post("/school/staff/finish")
def finish_staff() -> Response:
    """Everybody is invited."""
    identity = me()
    act = partial(set_up.finish_staff, db.session, identity.own_school_id, by=identity.name)

    def finished(_done: object) -> Response:
        flash(_("Good. You can invite more people at any time."), "success")
        return to(TASKS)

    return press(act, finished, STAFF)


@blueprint.post("/school/staff/<uuid:staff_id>/send-again")
def resend_staff(staff_id: UUID) -> Response:
    """A new link."""
    identity = me()
    said_no = [] if "checked" in request.form else doubts.list_at_school(db.session, identity.own_school_id)
    act = partial(
        people.resend_staff_invitation,
        db.session,
        identity.authority_id,
        identity.own_school_id,
        staff_id,
        said_no=said_no,
    )
    return press(act, lambda one: _("A new link is on its way to %(name)s.", name=kept(one.name)), STAFF)


@blueprint.post("/school/staff/<uuid:staff_id>/cancel")
def cancel_staff(staff_id: UUID) -> Response:
    """A link that must not be used any more."""
    act = partial(people.cancel_staff_invitation, db.session, me().own_school_id, staff_id)
    return press(
        as_listed(partial(queries.get_staff, db.session, me().own_school_id, staff_id), act),
        lambda one: _("The invitation of %(name)s is cancelled.", name=kept(one.name)),
        STAFF,
    )


@blueprint.route("/school/staff/<uuid:staff_id>/remove", methods=["GET", "POST"])
def remove_staff(staff_id: UUID) -> Page:
    """A colleague who has left: asked about by GET, done by POST."""
    identity, form = me(), EmptyForm()
    if not form.validate_on_submit():
        member = queries.get_staff(db.session, identity.own_school_id, staff_id)
        return render_template(
            "schools/remove.html",
            form=form,
            person=member,
            role=label_of(Role(member.role), is_deputy=getattr(member, "is_deputy", False)),
            back=url_for(STAFF),
        )
    act = partial(people.remove_staff, db.session, identity.own_school_id, staff_id, by=identity.person_id)
    return press(act, lambda one: _("%(name)s is removed and signed out.", name=kept(one.name)), STAFF)


@blueprint.post("/school/staff/<uuid:staff_id>/reset")
def reset_staff(staff_id: UUID) -> Response:
    """A colleague who lost their phone."""
    act = partial(people.reset_staff_factor, db.session, me().own_school_id, staff_id)
    return press(
        as_listed(partial(queries.get_staff, db.session, me().own_school_id, staff_id), act),
        reset_words,
        STAFF,
    )
