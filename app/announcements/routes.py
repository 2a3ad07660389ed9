"""Announcements: the council's page to write them, and what its schools read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.announcements import queries, services
from app.announcements.forms import AnnouncementForm
from app.announcements.messages import KIND, fields_of
from app.announcements.services import Checked, Draft
from app.extensions import db
from app.identity.current import me
from app.messages.previews import to_everybody
from app.schools.stages import STAGES
from app.shell.as_shown import if_as_shown
from app.shell.pressing import answered, press, submit
from app.states.messages import Channel
from infra.clock import today

blueprint = Blueprint("announcements", __name__)
T = TypeVar("T")


@blueprint.route("/authority/announcements", methods=["GET", "POST"])
def of_council() -> str | Response:
    """Write, look at it, send: and what was announced before."""
    who, form, step = me(), AnnouncementForm(), request.form.get("step")
    answer = None
    if step == "send":
        send = partial(_with_draft, form, partial(services.send, db.session(), who.authority_id, who.name))
        answer = submit(form, send, _sent, "announcements.of_council", field="words")
    elif step != "change":
        check = partial(_with_draft, form, partial(services.check, db.session(), who.authority_id))
        answer = submit(form, check, partial(_check_page, form))
    return answer or _write_page(form)


@blueprint.post("/authority/announcements/<uuid:announcement_id>/stop")
def stop(announcement_id: UUID) -> Response:
    """Off the homes of schools at once."""
    who = me()
    row = queries.get_one(db.session(), who.authority_id, announcement_id)
    return press(
        if_as_shown(
            partial(services.stop, db.session(), who.authority_id, who.name, announcement_id), row.stopped_at
        ),
        lambda is_new: (
            _("It is taken back. Emails that had gone cannot be.")
            if is_new
            else (_("It was taken back before."), "note")
        ),
        "announcements.of_council",
    )


@blueprint.get("/school/announcements")
def of_school() -> str:
    """What the council announced to this school and is shown still."""
    who = me()
    found = queries.list_for_school(db.session(), who.authority_id, who.own_school_id)
    return render_template(
        "announcements/of_school.html",
        announcements=found,
        taken_back=queries.list_taken_back(db.session(), who.authority_id, who.own_school_id),
    )


def _with_draft(form: AnnouncementForm, use: Callable[[Draft], T]) -> T:
    """Hand over what a valid form has."""
    return use(
        Draft(
            form.heading.data or "",
            form.words.data or "",
            form.stage.data or "",
            form.to.data or "",
            answered(form.show_until.data),
        )
    )


def _write_page(form: AnnouncementForm) -> str:
    written = queries.list_of_council(db.session(), me().authority_id)
    return render_template(
        "announcements/write.html",
        form=form,
        written=written,
        why_not=services.why_not(written),
        stages=STAGES,
        today=today(),
        names_all=lambda one: len(one.stages) > 1,
    )


def _check_page(form: AnnouncementForm, checked: Checked) -> Response:
    first, draft = checked.readers[0], checked.draft
    shown = to_everybody(
        db.session(),
        KIND.name,
        first.school_id,
        authority_id=me().authority_id,
        **fields_of(draft.heading, draft.words),
    )
    page = render_template(
        "announcements/check.html",
        form=form,
        draft=draft,
        shown=shown[Channel.EMAIL],
        who=_who(checked),
        last=[one.id for one in checked.before[:1]],
    )
    return make_response(page)


def _who(checked: Checked) -> str:
    schools = len({one.school_id for one in checked.readers})
    people = ngettext("One person", "%(num)s people", len(checked.readers))
    return ngettext("%(people)s at one school.", "%(people)s at %(num)s schools.", schools, people=people)


def _sent(checked: Checked | None) -> tuple[str, str]:
    if checked is None:
        return _("The same was announced today. Nothing was sent twice."), "note"
    return _("It is on the first pages of these schools now. Emails are on their way."), "success"
