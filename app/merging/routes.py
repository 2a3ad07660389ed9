"""Two records of one person: chosen, looked at side by side, put together, undone."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.merging import preview, records, services
from app.merging.forms import chosen, merge_form
from app.merging.rules import Plan
from app.merging.services import Undone
from app.messages import timeline
from app.recruitment import history, queries
from app.recruitment.noting import HOW, HOW_FOUND, HOW_TOLD
from app.recruitment.stages import STAGES
from app.shell import list_search
from app.shell.as_shown import if_as_shown
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import press, submit
from app.shell.shared_form import is_saving

blueprint = Blueprint("merging", __name__)

PERSON = "/school/parents/<uuid:parent_id>/same-person"
#: What is looked for when somebody chooses the other record.
LIST = "same_person"
MOST = 20


@blueprint.get(PERSON)
def choose(parent_id: UUID) -> str:
    """Who may be the same person, and a box to look for anybody else."""
    school_id = me().own_school_id
    contact = queries.get_contact(db.session, school_id, parent_id)
    box = list_search.box(LIST, MOST, _("Name, mobile or email"))
    found = _find(school_id, parent_id, box.text)
    return render_template(
        "merging/choose.html",
        parent_id=parent_id,
        contact=contact,
        alike=records.list_alike(db.session(), school_id, parent_id),
        box=box,
        found=found,
    )


def _find(school_id: UUID, parent_id: UUID, text: str) -> list[queries.ParentLine]:
    if not text:
        return []
    lines, _total = queries.list_parents(db.session(), school_id, text=text, limit=MOST)
    return [line for line in lines if line.id != parent_id]


@blueprint.post(f"{PERSON}/search")
def search(parent_id: UUID) -> Response:
    """What was typed stands in no address."""
    return list_search.remember(LIST, "merging.choose", parent_id=parent_id)


@blueprint.route(f"{PERSON}/<uuid:other_id>", methods=["GET", "POST"])
def look_at(parent_id: UUID, other_id: UUID) -> str | Response:
    """Both side by side, what would come of them, and the button."""
    school_id = me().own_school_id
    plan = services.look_at(db.session(), school_id, parent_id, other_id, hold=is_saving())
    if plan.problem:
        return render_template("merging/cannot.html", plan=plan, parent_id=parent_id)
    form = merge_form(plan)
    return submit(
        form,
        if_as_shown(lambda: services.merge(db.session(), school_id, plan, chosen(form, plan)), *plan.marks),
        _("They are one entry now. You can undo it until this time tomorrow."),
        "recruitment.show_parent",
        parent_id=plan.stays.id,
    ) or _page(form, plan, parent_id)


def _page(form: Any, plan: Plan, parent_id: UUID) -> str:
    return render_template(
        "merging/look_at.html",
        form=form,
        plan=plan,
        parent_id=parent_id,
        preview=preview.of(plan),
        stages=STAGES,
    )


@blueprint.get(f"{PERSON}/was/<uuid:merge_id>")
def show(parent_id: UUID, merge_id: UUID) -> str:
    """What the entry that went had: its history and messages; and for a day, the way back."""
    school_id = me().own_school_id
    found = records.get_merge(db.session(), school_id, merge_id)
    stands = records.find_kept(db.session(), school_id, found.gone_id)
    if stands != parent_id or found.undone_at is not None:
        raise NotFound
    return render_template(
        "merging/show.html",
        contact=queries.get_contact(db.session, school_id, parent_id),
        merge=found,
        events=history.list_steps(db.session(), school_id, found.gone_id),
        messages=timeline.list_for_recipient(db.session(), school_id, "parent", found.gone_id),
        stages=STAGES,
        hows=HOW | HOW_TOLD | HOW_FOUND,
    )


@blueprint.post(f"{PERSON}/was/<uuid:merge_id>/undo")
def undo(parent_id: UUID, merge_id: UUID) -> Response:
    """Two entries again."""
    found = records.get_merge(db.session(), me().own_school_id, merge_id)
    if found.kept_id != parent_id:
        raise NotFound
    return press(
        if_as_shown(lambda: services.undo(db.session(), me().own_school_id, merge_id), found.at),
        partial(_undone, kept(found.gone_name)),
        "recruitment.show_parent",
        parent_id=parent_id,
    )


def _undone(name: str, done: Undone) -> str:
    words = [_("Undone. %(name)s is an entry of its own again.", name=name)]
    if done.invite_anew:
        words.append(_("Their invitation has ended: invite them anew."))
    if done.tell_of_place:
        words.append(
            _("We may have told this one that they have a place. Call them, and say that it was a mistake.")
        )
    return " ".join(words)
