"""Pages about a school's groups, for its staff."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.cohorts import (
    as_it_stands,
    history,
    joining,
    leading,
    list_file,
    membership,
    naming,
    offered,
    planning,
    printing,
    queries,
    services,
    telling,
)
from app.cohorts.calendar import Proposal
from app.cohorts.day_routes import taken_over
from app.cohorts.forms import AssignForm, GroupForm, PressForm, RemoveForm
from app.cohorts.hints import hints_on
from app.cohorts.members import has_been_in, has_place_since
from app.cohorts.pages import GROUP
from app.cohorts.plan_view import beside, plan_heading, state_of
from app.cohorts.routes import blueprint
from app.cohorts.services import NewGroup
from app.cohorts.times import ends_at
from app.cohorts.timetable import ending_of, next_of
from app.cohorts.topics import title_of
from app.cohorts.who_came import who_came
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.programme.numbers import (
    FEWEST_FACILITATORS,
    FEWEST_PARENTS,
    MOST_PARENTS,
    SESSION_MINUTES,
)
from app.recruitment import queries as recruitment
from app.recruitment.consents import LANGUAGES
from app.recruitment.waiting import list_in_order
from app.schools import queries as schools
from app.schools import stage_rights
from app.schools.words import NO_GROUPS
from app.shell import chosen_lines, list_files, list_search
from app.shell.as_shown import if_as_shown
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import answered, submit, to
from app.states.facilitators import FacilitatorKind
from app.states.groups import OVER, SESSION_OVER, UNDER_WAY, GroupFormat, GroupState, OfferState
from infra.clock import today
from infra.ids import new_id
from tenants.together import together


def _shown() -> tuple[list[queries.GroupLine], list[queries.GroupLine]]:
    """Groups that are meeting or forming, and those that are over, as far as they fit what was searched for."""
    text = "" if chosen_lines.mark() else list_search.typed("groups")
    school_id = me().own_school_id
    found = queries.list_groups(db.session, school_id, [*UNDER_WAY, *OVER], text=text)
    found = queries.where_next(db.session(), school_id, chosen_lines.only("groups", found))
    return [one for one in found if one.state in UNDER_WAY], [one for one in found if one.state in OVER]


@blueprint.post("/school/groups/chosen")
def save_chosen() -> Response:
    """Lead to the file, or the page to print, of those that were ticked."""
    if ids := chosen_lines.ticked():
        return chosen_lines.keep("groups", ids, "cohorts.save_list")
    return to("cohorts.list_cohorts")


@blueprint.get("/school/groups/save")
def save_list() -> str:
    """What would be in the file, before it is made."""
    made, mark = list_file.make([*(shown := _shown())[0], *shown[1]]), chosen_lines.mark()
    return list_files.page(
        made,
        back=url_for("cohorts.list_cohorts"),
        back_text=_("Groups"),
        empty_at=url_for("cohorts.list_cohorts", forget=1),
        counted=ngettext(
            "One group, as the list shows it now.",
            "%(num)d groups, as the list shows them now.",
            len(made.rows),
        ),
        leaves=_(
            "Dates and rooms leave We Belong with this file. Whoever has it knows where and when parents meet: keep it"
            " where only those who need it can read it. We keep a record of who saved it, and when."
        ),
        xlsx=url_for("cohorts.list_as_file", file_type="xlsx", chosen=mark),
        csv=url_for("cohorts.list_as_file", file_type="csv", chosen=mark),
        print_at=url_for("cohorts.list_cohorts", chosen=mark) if mark else None,
    )


@blueprint.get("/school/groups/list.<file_type>")
def list_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    open_groups, past_groups = _shown()
    made = list_file.make([*open_groups, *past_groups])
    return list_files.answer(file_type, made, list_file.SAVED, subject_id=me().own_school_id)


@blueprint.get("/school/groups")
def list_cohorts() -> str:
    school_id = me().own_school_id
    open_groups, past_groups = _shown()
    stage = schools.get_school(db.session, school_id).stage
    return render_template(
        "cohorts/list.html",
        nothing=NO_GROUPS[stage],
        open_groups=open_groups,
        past_groups=past_groups,
        boxes=chosen_lines.boxes((one.id, one.name) for one in [*open_groups, *past_groups]),
        chosen=chosen_lines.mark(),
        search=list_search.box("groups", len(open_groups) + len(past_groups), _("Name or room")),
        waiting=len(recruitment.list_waiting(db.session, school_id)),
    )


@blueprint.post("/school/groups/search")
def search_groups() -> Response:
    return list_search.remember("groups", "cohorts.list_cohorts")


@blueprint.route("/school/groups/new", methods=["GET", "POST"])
def form_cohort() -> str | Response:
    identity = me()
    waiting = len(recruitment.list_waiting(db.session, identity.own_school_id))
    form = GroupForm(data=_usual(identity.own_school_id) | taken_over())
    return submit(form, lambda: _planned(form), lambda planned: _check_group(form, waiting, *planned)) or (
        render_template("cohorts/form.html", form=form, waiting=waiting)
    )


def _planned(form: GroupForm) -> tuple[NewGroup, Proposal, UUID | None]:
    """The group and its dates as the form would have them, and its id once they are saved."""
    identity, group = me(), _new_group(form)
    stage_rights.check(db.session, identity.own_school_id, "form_groups")
    naming.refuse_taken(db.session, identity.own_school_id, group.name, but=group.key)
    calendar = planning.read_calendar(db.session, identity.authority_id, identity.own_school_id)
    proposal = planning.propose(
        calendar,
        answered(form.start_on.data),
        answered(form.starts_at.data),
        SESSION_MINUTES,
        today=today(),
    )
    saved = None
    if request.form.get("step") == "save":
        saved = services.form_cohort(db.session, identity.own_school_id, group, proposal)
    return group, proposal, saved


def _check_group(
    form: GroupForm, waiting: int, group: NewGroup, proposal: Proposal, saved: UUID | None
) -> Response:
    if saved:
        flash(_("The group and its dates are saved. Now choose who leads, and offer places."), "success")
        return to("cohorts.show", cohort_id=saved)
    if request.form.get("step") == "change":
        return make_response(render_template("cohorts/form.html", form=form, waiting=waiting))
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "step")]
    return make_response(
        render_template(
            "cohorts/check.html",
            form=form,
            where=group.where,
            proposal=proposal,
            hints=hints_on(one.on for one in proposal.sessions),
            waiting=waiting,
            fewest=FEWEST_PARENTS,
            typed=typed,
        )
    )


@blueprint.get("/school/groups/<uuid:cohort_id>")
def show(cohort_id: UUID) -> str:
    school_id = me().own_school_id
    GROUP.read_ahead(db.session, authority_id=me().authority_id, school_id=school_id, cohort_id=cohort_id)
    with together(db.session) as ask:
        group = ask(queries.get_cohort, school_id, cohort_id)
        sessions = ask(queries.list_sessions, school_id, cohort_id)
        people = ask(queries.list_members, school_id, cohort_id)
        marked = ask(who_came().list_of_group, school_id, cohort_id)
        leading = ask(queries.list_leaders, school_id, cohort_id)
        certificates = ask(printing.list_certificates, school_id, cohort_id)
        to_tell = ask(telling.list_to_tell, school_id, cohort_id=cohort_id)
        calendar = ask(planning.read_calendar, me().authority_id, school_id)
        waiting = ask(recruitment.list_waiting, school_id)
        happened = ask(history.list_history, school_id, cohort_id)
        kept_places = ask(offered.list_offers, school_id, cohort_id)
        reached = ask(list_in_order, school_id)
        how = ask(joining.find_how, school_id, cohort_id)
    cohort, meetings, members, leaders = group.value, sessions.value, people.value, leading.value
    following = next_of(meetings)
    return render_template(
        "cohorts/show.html",
        cohort=cohort,
        stands=as_it_stands.facts(cohort, members, leaders, meetings),
        meetings=meetings,
        **beside(meetings),
        next_meeting=following,
        states={one.id: state_of(one, following) for one in meetings},
        open_meetings=[one for one in meetings if one.state not in SESSION_OVER],
        members=members,
        certificates=certificates.value if cohort.state == GroupState.CLOSED else {},
        **ending_of(meetings),
        ends_at=ends_at,
        sharing=[member for member in members if member.shares],
        marks=marked.value,
        to_tell=to_tell.value,
        leaders=leaders,
        plan_heading=plan_heading(meetings),
        conflicts=services.list_conflicts(db.session, calendar.value, cohort)
        if cohort.state in UNDER_WAY
        else [],
        missing=planning.missing_for_start(
            facilitators=len(leaders), parents=len(members), sessions=len(meetings)
        ),
        waiting=waiting.value,
        offers=kept_places.value,
        kept_open=sum(one.state == OfferState.OPEN for one in kept_places.value),
        to_tell_of_offer={one.id for one in reached.value if not one.is_reached},
        history=happened.value,
        how=how.value,
        language_names=LANGUAGES,
        title_of=title_of,
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/parents/<uuid:parent_id>/remove", methods=["GET", "POST"])
def remove_parent(cohort_id: UUID, parent_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    contact = recruitment.get_contact(db.session, school_id, parent_id)
    if not has_been_in(db.session, school_id, cohort_id, parent_id):
        raise NotFound
    form = RemoveForm()
    since = has_place_since(db.session, school_id, cohort_id, parent_id)
    return submit(
        form,
        if_as_shown(
            lambda: membership.remove_from_group(
                db.session, school_id, cohort_id, parent_id, form.to_stage.data, form.reason.data or ""
            ),
            since,
        ),
        lambda _done: _told(_("%(name)s is not in this group any more.", name=kept(contact.name))),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/remove.html",
        has_link=joining.has_link(db.session(), school_id, cohort_id),
        form=form,
        cohort=cohort,
        contact=contact,
        since=since,
        is_told=membership.would_be_told(db.session(), school_id, parent_id),
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/facilitators", methods=["GET", "POST"])
def assign_facilitator(cohort_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    leaders = queries.list_leaders(db.session, school_id, cohort_id)
    people = queries.list_can_lead(db.session, school_id, cohort_id)
    busy = queries.list_leading(db.session, school_id)
    form = AssignForm()
    form.facilitator.choices = [(str(one.id), one.name) for one in [*people, *leaders]]
    form.facilitator.hints = {str(one.id): _leads_now(one.kind, one.id in busy) for one in people}
    if answer := submit(
        form,
        lambda: leading.assign(db.session, school_id, cohort_id, UUID(form.facilitator.data)),
        lambda _done: _told(_("Saved.")),
        "cohorts.show",
        field="facilitator",
        cohort_id=cohort_id,
    ):
        return answer
    form.facilitator.choices = [(str(one.id), one.name) for one in people]
    return render_template(
        "cohorts/assign.html", form=form, cohort=cohort, candidates=people, leaders=leaders
    )


@blueprint.route(
    "/school/groups/<uuid:cohort_id>/facilitators/<uuid:facilitator_id>/remove", methods=["GET", "POST"]
)
def unassign_facilitator(cohort_id: UUID, facilitator_id: UUID) -> str | Response:
    """Asked about by GET, with who leads then and who is told; done by POST."""
    school_id = me().own_school_id
    cohort = queries.get_cohort(db.session, school_id, cohort_id)
    ahead = leading.look_ahead(db.session, school_id, cohort, facilitator_id)
    form = PressForm()
    return submit(
        form,
        if_as_shown(
            lambda: leading.unassign(db.session, school_id, cohort_id, facilitator_id), ahead.leads_since
        ),
        lambda _done: _told(_("%(name)s does not lead this group any more.", name=kept(ahead.person.name))),
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template(
        "cohorts/take_off.html", form=form, cohort=cohort, ahead=ahead, fewest=FEWEST_FACILITATORS
    )


def _told(words: str) -> str:
    """What was done, and who is told of it."""
    return f"{words} {outlook.said(db.session, me().own_school_id)}".strip()


def _calendar() -> planning.SchoolCalendar:
    identity = me()
    return planning.read_calendar(db.session, identity.authority_id, identity.own_school_id)


def _usual(school_id: UUID) -> dict[str, object]:
    school = schools.get_school(db.session, school_id)
    return {
        "key": str(new_id()),
        "room": school.room,
        "format": GroupFormat.ROOM,
        "places": MOST_PARENTS,
        "start_on": school.planned_start_on,
    }


def _new_group(form: GroupForm) -> NewGroup:
    try:
        key = UUID(form.key.data or "")
    except ValueError:
        key = new_id()
    return NewGroup(
        key=key,
        name=form.name.data or "",
        starts_at=answered(form.starts_at.data),
        room=form.room.data or "",
        places=answered(form.places.data),
        format=form.format.data or GroupFormat.ROOM,
    )


def _leads_now(kind: str, is_leading: bool) -> str:
    who = _("Professional facilitator.") if kind == FacilitatorKind.PROFESSIONAL else _("Parent facilitator.")
    return f"{who} {_('Leads another group now.') if is_leading else _('Ready.')}"
