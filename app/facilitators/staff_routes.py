"""Pages of a school's staff: who offers, who leads, and what is missing for the next step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.facilitators import doubts, groups_led, list_file, queries, readiness, records, services
from app.facilitators.check_level import LEVELS, needs_certificate
from app.facilitators.forms import (
    QUESTIONS,
    MoveForm,
    PressForm,
    ProfessionalForm,
)
from app.facilitators.routes import PERSON, back_to_person, blueprint
from app.facilitators.stages import STAGES, missing_for, next_stage
from app.identity.current import me
from app.messages import outlook
from app.messages.previews import Preview, previews
from app.schools import queries as schools
from app.schools.stage_rights import stage_of
from app.schools.words import NO_FACILITATORS
from app.shell import chosen_lines, list_files, list_search
from app.shell.as_shown import changed_since, if_as_shown, is_as_shown
from app.shell.kept import kept, phone
from app.shell.pressing import press, submit, to
from app.shell.refusals import Refused
from app.shell.shared_form import is_saving
from app.states.facilitators import MAY_REAPPLY, WAY, FacilitatorStage
from tenants.together import together


def _narrowed() -> tuple[str, list[queries.FacilitatorLine]]:
    """The step that this address narrows the list to, and who is on it; what is no step of ours narrows nothing."""
    stage = request.args.get("stage", "")
    stage = stage if stage in STAGES else ""
    text = "" if chosen_lines.mark() else list_search.typed("facilitators")
    lines = queries.list_facilitators(db.session, me().own_school_id, stage, text=text)
    return stage, chosen_lines.only("facilitators", lines)


@blueprint.get("/school/facilitators")
def list_facilitators() -> str:
    school_id = me().own_school_id
    stage, lines = _narrowed()
    return render_template(
        "facilitators/list.html",
        lines=lines,
        boxes=chosen_lines.boxes((line.id, line.name) for line in lines),
        chosen=chosen_lines.mark(),
        search=list_search.box("facilitators", lines, _("Name, mobile or email")),
        counts=(counts := queries.stage_counts(db.session, school_id)),
        can_lead=queries.count_may_lead(counts),
        graduates=groups_led.groups().count_graduates(db.session(), school_id),
        stages=STAGES,
        way=WAY,
        stage=stage,
        nobody=NO_FACILITATORS[schools.get_school(db.session, school_id).stage],
    )


@blueprint.post("/school/facilitators/chosen")
def save_chosen() -> Response:
    """Lead to the file, or the page to print, of those that were ticked."""
    if ids := chosen_lines.ticked():
        return chosen_lines.keep("facilitators", ids, "facilitators.save_list")
    return to("facilitators.list_facilitators")


@blueprint.get("/school/facilitators/save")
def save_list() -> str:
    """What would be in the file, before it is made."""
    (stage, lines), mark = _narrowed(), chosen_lines.mark()
    return list_files.page(
        list_file.make(lines),
        back=url_for("facilitators.list_facilitators", stage=stage or None),
        back_text=_("Facilitators"),
        empty_at=url_for("facilitators.list_facilitators", forget=1),
        counted=ngettext(
            "One person, as the list shows them now.",
            "%(num)d people, as the list shows them now.",
            len(lines),
        ),
        leaves=list_files.names_leave(),
        xlsx=url_for("facilitators.list_as_file", file_type="xlsx", stage=stage or None, chosen=mark),
        csv=url_for("facilitators.list_as_file", file_type="csv", stage=stage or None, chosen=mark),
        print_at=url_for("facilitators.list_facilitators", chosen=mark) if mark else None,
    )


@blueprint.get("/school/facilitators/list.<file_type>")
def list_as_file(file_type: str) -> Response:
    """The list as the page shows it."""
    made = list_file.make(_narrowed()[1])
    return list_files.answer(file_type, made, list_file.SAVED, subject_id=me().own_school_id)


@blueprint.post("/school/facilitators/search")
def search_facilitators() -> Response:
    return list_search.remember("facilitators", "facilitators.list_facilitators")


@blueprint.route("/school/facilitators/add", methods=["GET", "POST"])
def add_professional() -> Response | str:
    form = ProfessionalForm()

    def added(person: Any) -> Response:
        flash(_("Added. We invite them to their pages when everything is in place."), "success")
        return to("facilitators.show", facilitator_id=person.id)

    return submit(
        form,
        lambda: services.add_professional(
            db.session,
            me().own_school_id,
            name=form.name.data or "",
            email=form.email.data or "",
            phone=form.phone.data or "",
            reason=form.reason.data or "",
        ),
        added,
    ) or render_template("facilitators/add.html", form=form)


@blueprint.get(PERSON)
def show(facilitator_id: UUID) -> str:
    school_id = me().own_school_id
    with together(db.session) as ask:
        own = ask(queries.get_facilitator, school_id, facilitator_id)
        applied = ask(queries.find_application, school_id, facilitator_id)
        stands = ask(queries.get_case, school_id, facilitator_id, by=me().person_id)
        events = ask(queries.list_events, school_id, facilitator_id)
        doubted = ask(doubts.list_of, school_id, facilitator_id)
        groups = ask(groups_led.groups().list_led_groups, school_id, facilitator_id)
        ask(stage_of, school_id)
    person, application, case = own.value, applied.value, stands.value
    following = next_stage(person.stage)
    missing = missing_for(following or FacilitatorStage.LEADING, case)
    references = queries.list_references(db.session, school_id, facilitator_id)
    since = application.submitted_at if application else None
    known = {item.referee_name.casefold() for item in references}
    of_before = [one for one in references if queries.is_of_before(one, since)]
    named = records.named_referees(application.answers) if application else []
    return render_template(
        "facilitators/show.html",
        person=person,
        phone=phone(person.phone),
        application=application,
        questions=QUESTIONS,
        named_to_add=[item["name"] for item in named if item["name"].casefold() not in known],
        of_before={one.id for one in of_before},
        closed=person.stage in MAY_REAPPLY,
        events=events.value,
        references=references,
        check=queries.find_check(db.session, school_id, facilitator_id),
        needs_certificate=needs_certificate(case.level),
        levels=LEVELS,
        training=queries.list_training(db.session, school_id, facilitator_id),
        groups=groups.value,
        stages=STAGES,
        way=WAY,
        now=readiness.words_of(db.session(), person, events.value, missing),
        doubted=doubts.addresses_of(doubted.value),
        doubts_said=doubted.value,
        following=following,
        missing=missing,
    )


@blueprint.route(f"{PERSON}/to/<to_stage>", methods=["GET", "POST"])
def move(facilitator_id: UUID, to_stage: str) -> Response | str:
    identity = me()
    person = queries.get_facilitator(db.session, identity.own_school_id, facilitator_id, hold=is_saving())
    if to_stage not in STAGES:
        abort(404)
    form = MoveForm()
    if request.method == "POST" and person.stage == to_stage:
        # The same press twice: the first did it.
        return back_to_person(facilitator_id)
    words = _("Done. %(name)s: %(stage)s.", name=kept(person.name), stage=STAGES[to_stage].label)

    def go() -> None:
        if not is_as_shown(person.stage, person.stage_changed_at):
            raise Refused(changed_since())  # a colleague moved them; the reason that was typed stays
        services.move(
            db.session,
            identity.own_school_id,
            identity.authority_id,
            facilitator_id,
            to_stage,
            form.reason.data or "",
        )

    if answer := submit(
        form,
        go,
        lambda _done: f"{words} {outlook.said(db.session, identity.own_school_id)}",
        "facilitators.show",
        facilitator_id=facilitator_id,
    ):
        return answer
    with together(db.session) as ask:
        case = ask(queries.get_case, identity.own_school_id, facilitator_id, by=identity.person_id)
        letters = ask(_letters, person, to_stage)
    return render_template(
        "facilitators/move.html",
        form=form,
        person=person,
        stage=STAGES[to_stage],
        is_next=to_stage in STAGES[person.stage].leads_to,
        missing=missing_for(to_stage, case.value),
        letters=letters.value,
    )


def _letters(session: Any, person: Any, to_stage: str) -> list[Preview]:
    """Every message that this step causes: about the step itself, and the way in to pages that open with it."""
    identity, kind = me(), services.letter_of_step(person.stage, to_stage)
    kinds = [kind] if kind else []
    offer = services.letter_of_let_in(session, person) if to_stage == FacilitatorStage.READY else None
    shown: list[Preview] = []
    for name in [*kinds, *filter(None, [offer])]:
        by_channel = previews(
            session,
            name,
            school_id=identity.own_school_id,
            authority_id=identity.authority_id,
            recipient_kind="facilitator",
            recipient_id=person.id,
        )
        # The way in goes once, to the address that they sign in with.
        shown += [one for one in by_channel if one.words][:1] if name == offer else by_channel
    return shown


@blueprint.post(f"{PERSON}/let-in")
def let_in(facilitator_id: UUID) -> Response:
    identity = me()

    def said(given: Any) -> tuple[str, str]:
        if not given:
            return _why_nothing_was_sent(facilitator_id), "note"
        words = _("Done. They sign in with the account that they have, or with a link of their own.")
        return f"{words} {outlook.said(db.session, identity.own_school_id)}", "success"

    person = queries.get_facilitator(db.session, identity.own_school_id, facilitator_id)
    return press(
        if_as_shown(
            lambda: services.let_in(
                db.session, identity.own_school_id, identity.authority_id, facilitator_id
            ),
            person.stage,
            person.stage_changed_at,
            person.email,
            person.phone,
        ),
        said,
        "facilitators.show",
        facilitator_id=facilitator_id,
    )


@blueprint.post(f"{PERSON}/checked")
def settle_doubt(facilitator_id: UUID) -> Response:
    identity = me()
    queries.get_facilitator(db.session, identity.own_school_id, facilitator_id)
    said = doubts.list_of(db.session, identity.own_school_id, facilitator_id)
    if not is_as_shown(*said):
        flash(changed_since())
    elif PressForm().validate_on_submit():
        doubts.settle(db.session, identity.own_school_id, facilitator_id, identity.name, said)
        flash(_("Noted. Messages go there again."), "success")
    return back_to_person(facilitator_id)


def _why_nothing_was_sent(facilitator_id: UUID) -> str:
    person = queries.get_facilitator(db.session, me().own_school_id, facilitator_id)
    if not (person.email or person.phone):
        return _("Nothing was sent: we have no address for them.")
    if doubts.list_addresses(db.session, person.school_id, person.id):
        return _(
            "Nothing was sent: somebody there said “This is not me”. Check it with them first, and press “I have"
            " checked it. It is theirs.”"
        )
    if person.parent_id:
        return _(
            "Nothing was sent: they have their pages already. If they have lost their phone and email, give them a"
            " fresh start on their page as a parent."
        )
    return _(
        "Nothing was sent: they have their pages already. If they have lost their phone and email, they sign in with"
        " their four words: “Get a new link”, then “I lost my phone or email”."
    )
