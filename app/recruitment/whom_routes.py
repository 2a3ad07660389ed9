"""Whom a group could help, in a school's own words: the page that is read and printed, and the one that is written."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.recruitment import whom
from app.recruitment.forms import WhomForm
from app.recruitment.routes import blueprint
from app.shell.pressing import submit


@blueprint.get("/school/parents/whom")
def show_whom() -> str:
    versions = whom.list_versions(db.session(), me().own_school_id)
    return render_template(
        "recruitment/whom.html",
        now=versions[0] if versions else None,
        before=versions[1:],
        prompts=whom.PROMPTS,
    )


@blueprint.route("/school/parents/whom/write", methods=["GET", "POST"])
def write_whom() -> str | Response:
    who, form = me(), WhomForm()
    answer = submit(form, lambda: _write(form), _said, "recruitment.show_whom")
    if answer:
        return answer
    newest = whom.find(db.session(), who.own_school_id)
    if newest and not form.is_submitted():
        form.process(data=newest.answers)
    return render_template("recruitment/write_whom.html", form=form, now=newest, prompts=whom.PROMPTS)


def _write(form: WhomForm) -> bool:
    answers = {name: form[name].data or "" for name in whom.PROMPTS}
    return whom.write(
        db.session(), me().own_school_id, me().name, answers, names_nobody=bool(form.names_nobody.data)
    )


def _said(is_new: bool) -> tuple[str, str]:
    if not is_new:
        return _("It says so already."), "note"
    return _(
        "Saved. Your colleagues read it where they add somebody, and where they note a contact."
    ), "success"
