"""Pages about a school's parents, for its staff. The parents' own pages are in `parent_routes`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.documents.queries import list_documents
from app.extensions import db
from app.identity.current import me
from app.identity.own_pages import address_of
from app.messages import outlook, timeline
from app.messages.previews import previews
from app.recruitment import (
    doubts,
    first_way,
    fresh_start,
    history,
    households,
    letters,
    list_file,
    noted_noes,
    noting,
    passed_on,
    queries,
    services,
    sharing,
    slips,
    whom,
    wishes,
)
from app.recruitment.consents import ATTENDANCE_BANDS, LANGUAGES
from app.recruitment.forms import FilterForm, InviteForm, ParentForm
from app.recruitment.noting import HOW, HOW_FOUND, HOW_TOLD
from app.recruitment.places import merges, places
from app.recruitment.services import AddedBefore, ParentDetails
from app.recruitment.stages import STAGES, may_go
from app.schools import queries as schools
from app.schools.contacts import contacts
from app.schools.stage_rights import stage_of
from app.schools.stage_steps import offered
from app.schools.words import NO_PARENTS
from app.shell import chosen_lines, list_search
from app.shell.as_shown import FIELD, as_shown, changed_since, if_as_shown, is_as_shown
from app.shell.paging import page_number
from app.shell.parsing import full_name
from app.shell.pressing import press, submit, to
from app.shell.shared_form import is_saving
from app.states.parents import BEFORE_JOINING, DO_NOT_WRITE, READY, WAY, WITH_GROUP
from tenants.together import together

blueprint = Blueprint("recruitment", __name__)

PAGE = 50
MOVED = _l(
    "Saved. Messages go there from now on. If they have signed in before, we tell them at the old address too,"
    " and they still sign in as they did."
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whom the list shows: by the filters in the address, and by what was searched for."""

    stage: str
    stages: tuple[str, ...]
    language: str
    text: str

    @property
    def in_address(self) -> dict[str, str]:
        """The filters, for another address of the same list; what was searched for stands in none."""
        return {name: chosen for name in ("stage", "language") if (chosen := getattr(self, name))}

    def read(self, *, limit: int, offset: int = 0) -> tuple[list[queries.ParentLine], int]:
        """Some of them, and how many there are."""
        if chosen_lines.mark():
            everybody, _total = queries.list_parents(db.session, me().own_school_id, limit=list_file.MOST)
            ticked = chosen_lines.only("parents", everybody)
            return ticked[offset : offset + limit], len(ticked)
        return queries.list_parents(
            db.session,
            me().own_school_id,
            stages=self.stages,
            text=self.text,
            language=self.language,
            limit=limit,
            offset=offset,
        )


def narrowed() -> Narrowed:
    """What this address and this person's search narrow the list to; what is no filter of ours narrows nothing."""
    if chosen_lines.mark():  # they were ticked on a list that was narrowed otherwise, maybe
        return Narrowed("", (), "", "")
    stage, language = request.args.get("stage", ""), request.args.get("language", "")
    stages = tuple(READY) if stage == "ready" else (stage,) if stage in STAGES else ()
    return Narrowed(
        stage if stages else "",
        stages,
        language if language in LANGUAGES else "",
        list_search.typed("parents"),
    )


@blueprint.get("/school/parents")
def list_parents() -> str | Response:
    school_id, shown, page = me().own_school_id, narrowed(), page_number()
    lines, total = shown.read(limit=PAGE, offset=(page - 1) * PAGE)
    if not lines and page > 1:
        return to("recruitment.list_parents", stage=shown.stage or None, language=shown.language or None)
    school_stage = schools.get_school(db.session, school_id).stage
    return render_template(
        "recruitment/list.html",
        nobody=NO_PARENTS[school_stage],
        lines=lines,
        boxes=chosen_lines.boxes((line.id, line.name) for line in lines),
        total=total,
        page=page,
        page_size=PAGE,
        counts=queries.stage_counts(db.session, school_id),
        stages=STAGES,
        way=WAY,
        language_names=LANGUAGES,
        filters=FilterForm(data={"text": shown.text, "stage": shown.stage, "language": shown.language}),
        chosen={"stage": shown.stage, "language": shown.language},
        searched=shown.text,
        ticked=chosen_lines.mark(),
    )


@blueprint.post("/school/parents/search")
def search_parents() -> Response:
    form = FilterForm()
    if form.validate_on_submit():
        list_search.keep("parents", form.text.data or "")
        chosen = {name: form[name].data for name in ("stage", "language") if form[name].data}
        return redirect(address_of("recruitment.list_parents", chosen))
    flash(_("Choose from the lists, and search for at most 100 letters."))
    return redirect(url_for("recruitment.list_parents"))


@blueprint.route("/school/parents/add", methods=["GET", "POST"])
def add_parent() -> str | Response:
    form = ParentForm()
    return submit(form, lambda: _add(form), lambda done: done) or render_template(
        "recruitment/edit.html",
        form=form,
        parent=None,
        asked_about=_asked_about(form),
        **whom.beside(db.session(), me().own_school_id),
    )


def _add(form: ParentForm) -> Response:
    try:
        parent_id = services.add_parent(db.session, me().own_school_id, _details(form, None)).id
    except AddedBefore as before:
        parent_id = before.parent_id
        flash(_("%(name)s is already in your list. Nothing was added twice.", name=_name(form)), "note")
    else:
        flash(
            _("Added. Ask them when you next speak, or send an invitation.")
            if form.email.data or form.phone.data
            else _("Added. Ask them when you next speak, or print a letter."),
            "success",
        )
    return to("recruitment.show_parent", parent_id=parent_id)


@blueprint.get("/school/parents/<uuid:parent_id>")
def show_parent(parent_id: UUID) -> str:
    school_id = me().own_school_id
    with together(db.session) as ask:
        own = ask(queries.get_parent, school_id, parent_id)
        reached = ask(queries.get_contact, school_id, parent_id)
        profile = ask(queries.get_profile, school_id, parent_id)
        steps = ask(history.list_steps, school_id, parent_id)
        consents = ask(queries.list_consents, school_id, parent_id)
        written = ask(timeline.list_for_recipient, school_id, "parent", parent_id)
        letter = ask(letters.find_letter, school_id, parent_id)
        in_groups = ask(places().for_their_page, school_id, parent_id)
        start = ask(fresh_start.find, school_id, parent_id)
        doubted = ask(doubts.list_of, school_id, parent_id)
        noes = ask(noted_noes.list_noted, parent_id)
        signed = ask(list_documents, school_id, ("signed_slip",), subject_id=parent_id)
        happened = ask(queries.list_events, school_id, parent_id)
        household = ask(households.list_housemates, school_id, parent_id)
        others = ask(sharing.list_of_parent, school_id, parent_id)
        merged = ask(merges().list_merges, school_id, parent_id)
        logged = ask(contacts().of_parent, parent_id)
        wish = ask(wishes.find_row, school_id, parent_id)
        came = ask(passed_on.find, school_id, parent_id)
        ask(stage_of, school_id)
    parent, contact = own.value, reached.value
    in_all = history.with_channels(steps.value, contact, consents.value)
    counted = slips.that_counted(signed.value, happened.value) if parent.joined_at else []
    return render_template(
        "recruitment/show.html",
        parent=parent,
        contact=contact,
        profile=profile.value,
        events=history.with_contacts(in_all, logged.value.lines),
        contacts=logged.value.shown,
        consents=consents.value,
        messages=written.value,
        stages=STAGES,
        language_names=LANGUAGES,
        bands=ATTENDANCE_BANDS,
        **letters.shown(db.session(), letter.value),
        may_invite=may_go(parent.stage, "invited") and offered("recruitment.invite_parent"),
        is_out=parent.stage in DO_NOT_WRITE,
        # While somebody may ask them.
        alike=sharing.said_beside(contact, others.value) if parent.stage in BEFORE_JOINING else (),
        noted_noes=noes.value,
        may_take_back=noting.may_take_back(db.session, school_id, parent),
        hows=HOW | HOW_TOLD | HOW_FOUND,
        household=household.value,
        merged=merged.value,
        slips=counted,
        may_remove=noting.may_remove(db.session(), parent),
        # Who joined without a slip came in by themselves.
        wants_way_in=bool(counted) and _wants_way_in(parent, contact),
        **in_groups.value,
        start=start.value,
        wishes=wishes.read(wish.value) if parent.stage in (*READY, *WITH_GROUP) else None,
        **doubts.shown(doubted.value),
        passed_on=came.value,
    )


def _wants_way_in(parent: Any, contact: Any) -> bool:
    return offered("recruitment.invite_parent") and first_way.wants_first_way(db.session(), parent, contact)


@blueprint.route("/school/parents/<uuid:parent_id>/change", methods=["GET", "POST"])
def change_parent(parent_id: UUID) -> str | Response:
    school_id = me().own_school_id
    parent = queries.get_parent(db.session, school_id, parent_id)
    contact = queries.get_contact(db.session, school_id, parent_id, hold=is_saving())
    profile = queries.get_profile(db.session, school_id, parent_id)
    form = ParentForm(
        obj=contact,
        data={
            **{name: getattr(profile, name) for name in services.PROFILE},
            "on_paper": not (contact.phone or contact.email),
        },
    )
    return submit(
        form,
        lambda: services.change_parent(db.session, school_id, parent_id, _details(form, contact)),
        lambda moved: (
            _saved(first_way.wants_first_way(db.session(), parent, contact)) if moved else _("Saved.")
        ),
        "recruitment.show_parent",
        parent_id=parent_id,
    ) or render_template(
        "recruitment/edit.html", form=form, parent=parent, contact=contact, asked_about=_asked_about(form)
    )


def _saved(wants_first_way: bool) -> str:
    if wants_first_way:
        return _(
            "Saved. Nothing goes there yet. Press “Give them a way in”: then they choose what we send them."
        )
    return str(MOVED)


@blueprint.route("/school/parents/<uuid:parent_id>/invite", methods=["GET", "POST"])
def invite_parent(parent_id: UUID) -> str | Response:
    identity, school_id = me(), me().own_school_id
    with together(db.session) as ask:
        # In the order in which every step holds them.
        own = ask(queries.get_parent, school_id, parent_id, hold=is_saving())
        known = ask(queries.get_contact, school_id, parent_id, hold=is_saving())
    parent, contact = own.value, known.value
    alike = sharing.list_of_parent(db.session(), school_id, parent_id)
    noes = sharing.at_addresses_of(contact, alike)
    stands = (contact.email, contact.phone, *(one.marks for one in noes))
    form = InviteForm()
    if not is_as_shown(*stands):
        # Somebody corrected an address, or said no there: the page shows whom it would go to now.
        flash(changed_since(), "note")
        return to("recruitment.invite_parent", parent_id=parent_id)
    if form.is_submitted() and noes and not form.another.data:
        form.add_error(_("Is this another person? Tick it, or do not send this."), "another")
    elif form.validate_on_submit():
        invite = partial(services.invite, db.session, school_id, identity.authority_id, parent_id)
        return press(
            partial(invite, is_another=bool(noes)),
            lambda count: (
                outlook.said(db.session, school_id) if count else _("Somebody has just invited them."),
                outlook.tone(db.session, school_id),
            ),
            "recruitment.show_parent",
            parent_id=parent_id,
        )
    with together(db.session) as ask:
        passed = ask(passed_on.find, school_id, parent_id)
        doubted = ask(doubts.list_of, school_id, parent_id)
    came, said = passed.value, doubted.value
    letter = first_way.letter_for(db.session(), parent)
    is_asked = letter == first_way.FIRST_WAY or may_go(parent.stage, "invited")
    if why_not := passed_on.why_not(came) if is_asked else services.would_confuse(parent):
        flash(why_not)  # What would be refused is not offered.
        return to("recruitment.show_parent", parent_id=parent_id)
    return render_template(
        "recruitment/invite.html",
        form=form,
        is_back=letter == "invited_back",
        is_first=letter == first_way.FIRST_WAY,
        contact=contact,
        parent=parent,
        noes=noes,
        stands=stands,
        alike=sharing.said_beside(contact, alike),
        doubted=doubts.addresses_of(said),
        doubts_said=said,
        letters=previews(
            db.session(),
            letter,
            school_id=school_id,
            authority_id=identity.authority_id,
            recipient_kind="parent",
            recipient_id=parent_id,
            link_life=passed_on.life(came),
        ),
        passed_on=came,
    )


@blueprint.post("/school/parents/<uuid:parent_id>/letter")
def make_letter(parent_id: UUID) -> Response:
    identity = me()
    return press(
        lambda: letters.ask_for_letter(
            db.session(), identity.own_school_id, identity.authority_id, parent_id, by=identity.name
        ),
        lambda document_id: to("papers.waiting", document_id=document_id),
        "recruitment.show_parent",
        parent_id=parent_id,
    )


@blueprint.post("/school/parents/<uuid:parent_id>/household/part")
def part_household(parent_id: UUID) -> Response:
    mates = households.list_housemates(db.session, me().own_school_id, parent_id)
    return press(
        if_as_shown(lambda: households.part(db.session, me().own_school_id, parent_id), *mates),
        lambda was_in_one: _("Taken out of the household.") if was_in_one else _("They are in no household."),
        "recruitment.show_parent",
        parent_id=parent_id,
    )


def _details(form: ParentForm, contact: sharing.Contact | None) -> ParentDetails:
    values: dict[str, Any] = {
        name: (
            bool(form[name].data)
            if name in ("interpreter", "is_shared", "not_for_office")
            else form[name].data or ""
        )
        for name in ParentDetails.__dataclass_fields__
    }
    details = ParentDetails(**values)
    if details.is_shared:
        # The tick answers what the page asked, of those whom it named: not of another number that was typed since.
        words = sharing.whose(db.session(), me().own_school_id, details, but=contact)
        details = replace(details, is_shared=is_as_shown(words))
    return details


def _asked_about(form: ParentForm) -> dict[str, str]:
    """The mark of what the page asks about a shared number, kept while something else has to be mended."""
    if form.refused and form.refused.field == "is_shared":
        return as_shown(form.refused.words)
    return {FIELD: request.form[FIELD]} if FIELD in request.form else {}


def _name(form: ParentForm) -> str:
    return full_name(form.first_name.data or "", form.last_name.data or "")


from app.recruitment import (  # noqa: E402 - their pages belong to this blueprint
    fresh_routes,  # noqa: F401
    noting_routes,  # noqa: F401
    parent_routes,  # noqa: F401
    several_routes,  # noqa: F401
    whom_routes,  # noqa: F401
    wish_routes,  # noqa: F401
)
