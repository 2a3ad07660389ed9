"""Pages on which a school's staff change a group: its name and places, where and how it meets, the link to join."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.cohorts import changing, joining, offered, queries
from app.cohorts.changing import GroupChange
from app.cohorts.formats import room_in, where_words
from app.cohorts.forms import ChangeGroupForm
from app.cohorts.membership import lock_cohort
from app.cohorts.outside import Change, outside
from app.cohorts.routes import blueprint
from app.cohorts.where_forms import JoinLinkForm, PlaceForm
from app.extensions import db
from app.identity.current import me
from app.messages import outlook
from app.shell.kept import kept
from app.shell.parsing import listed
from app.shell.pressing import answered, submit, to
from app.shell.shared_form import is_saving


@blueprint.route("/school/groups/<uuid:cohort_id>/change", methods=["GET", "POST"])
def change_cohort(cohort_id: UUID) -> str | Response:
    cohort = queries.get_cohort(db.session, me().own_school_id, cohort_id, hold=is_saving())
    form = ChangeGroupForm(
        data={
            "name": cohort.name,
            "format": cohort.format,
            "room": room_in(cohort.room),
            "places": cohort.places,
            "offers_on": cohort.offers_on,
        }
    )
    is_back, was = request.form.get("step") == "change", (cohort.format, cohort.room)
    answer = (
        None
        if is_back
        else submit(
            form,
            lambda: _change(form, cohort),
            lambda page: page or _told(_saved(cohort, was)),
            "cohorts.show",
            cohort_id=cohort_id,
        )
    )
    return answer or render_template("cohorts/change.html", form=form, cohort=cohort)


def _offered_to(cohort_id: UUID) -> list[str]:
    """Names of those for whom a place in a group is kept: no message goes to them yet."""
    found = offered.list_open(db.session(), me().own_school_id).values()
    return [kept(one.name) for one in found if one.cohort_id == cohort_id]


def _saved(cohort: Any, was: tuple[str, str]) -> str:
    names = _offered_to(cohort.id) if (cohort.format, cohort.room) != was else []
    if not names:
        return _("Saved.")
    return _(
        "Saved. A place is kept for %(names)s: please tell them yourself where the group meets now.",
        names=listed(names),
    )


def _change(form: ChangeGroupForm, cohort: Any) -> Response | None:
    """Change it; where it would meet in another way, first the page that shows what that changes."""
    change = GroupChange(
        name=form.name.data or "",
        room=form.room.data or "",
        places=answered(form.places.data),
        format=form.format.data or "",
        offers_on=bool(form.offers_on.data),
        places_reason=form.places_reason.data or "",
    )
    sessions = changing.preview_format(db.session(), cohort, change)
    if sessions and request.form.get("step") != "save":
        typed = [pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "step")]
        return make_response(
            render_template(
                "cohorts/check_format.html",
                cohort=cohort,
                sessions=sessions,
                where=where_words(change.format, change.room),
                from_outside=outside().words_of(
                    db.session(), cohort.school_id, [one.id for one in sessions], Change.ELSEWHERE
                ),
                own_places=changing.list_own_places(db.session(), cohort),
                offered_to=_offered_to(cohort.id),
                typed=typed,
            )
        )
    changing.change_cohort(db.session(), me().own_school_id, cohort.id, change, by_name=me().name)
    return None


@blueprint.route("/school/groups/sessions/<uuid:session_id>/where", methods=["GET", "POST"])
def place_session(session_id: UUID) -> str | Response:
    school_id = me().own_school_id
    meeting = queries.get_session(db.session, school_id, session_id)
    cohort = queries.get_cohort(db.session, school_id, meeting.cohort_id)
    from_outside = outside().words_of(db.session(), school_id, [session_id], Change.ELSEWHERE)
    form = PlaceForm(data={"format": meeting.format, "room": room_in(meeting.room or cohort.room)})
    if answer := submit(
        form,
        lambda: _place(form, meeting),
        lambda is_new: (
            f"{_told(_('Saved.'))} {from_outside}".strip()
            if is_new
            else (_("It meets there already."), "note")
        ),
        "cohorts.show",
        cohort_id=cohort.id,
    ):
        return answer
    if why := changing.why_it_stays(meeting):
        flash(why, "note")
        return to("cohorts.show", cohort_id=cohort.id)
    if form.refused or not form.is_submitted():
        form.seen.data = changing.place_word(meeting)
    return render_template(
        "cohorts/place.html", form=form, meeting=meeting, cohort=cohort, from_outside=from_outside
    )


@blueprint.route("/school/groups/<uuid:cohort_id>/join-link", methods=["GET", "POST"])
def set_join_link(cohort_id: UUID) -> str | Response:
    school_id = me().own_school_id
    cohort = (
        lock_cohort(db.session, school_id, cohort_id)
        if is_saving()
        else queries.get_cohort(db.session, school_id, cohort_id)
    )
    how = joining.find_how(db.session(), school_id, cohort_id)
    form = JoinLinkForm(data={"link": how.link if how else ""})
    return submit(
        form,
        lambda: joining.set_link(db.session(), cohort, form.link.data or ""),
        joining.changed_words,
        "cohorts.show",
        cohort_id=cohort_id,
    ) or render_template("cohorts/join_link.html", form=form, cohort=cohort, how=how)


def _place(form: PlaceForm, meeting: Any) -> bool:
    return changing.place_session(
        db.session(),
        meeting.school_id,
        meeting.id,
        format_=form.format.data or meeting.format,
        room=form.room.data or "",
        reason=form.reason.data or "",
        seen=form.seen.data,
    )


def _told(words: str) -> str:
    """What was done, and who is told of it."""
    return f"{words} {outlook.said(db.session, me().own_school_id)}".strip()
