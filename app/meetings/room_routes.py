"""The room companion of those who lead, and the look back on a session; works without a signal (`assets/room.js`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.cohorts.leader_queries import get_led_session
from app.cohorts.refusals import NotLed
from app.extensions import db
from app.identity.current import me
from app.meetings import reflections
from app.meetings.forms import SHORT_MARK_WORDS, LookBackForm
from app.meetings.room import FromTheRoom, NotFromTheRoom, receive, state_of_room
from app.meetings.routes import blueprint
from app.shell.form_tokens import reader, token
from app.shell.pressing import submit


@blueprint.get("/group/sessions/<uuid:session_id>/room")
def room(session_id: UUID) -> str:
    who = me()
    return _page(get_led_session(db.session, who.own_school_id, who.person_id, session_id))


@blueprint.get("/group/room-shell")
def room_shell() -> str:
    """The same page of nobody and of no session: what a phone shows when there is no signal."""
    return _page(None)


@blueprint.get("/group/room-worker.js")
def room_worker() -> Response:
    """The script that answers without a signal; its address says for which pages."""
    script = current_app.extensions["assets"].path("room-worker.js").read_bytes()
    return Response(script, mimetype="text/javascript")


@blueprint.get("/group/sessions/<uuid:session_id>/room.json")
def room_now(session_id: UUID) -> Response | tuple[Response, int]:
    who = me()
    try:
        return _as_json(state_of_room(db.session, who.own_school_id, who.person_id, session_id))
    except NotLed:
        return _not_led()


@blueprint.post("/group/sessions/<uuid:session_id>/room.json")
def from_the_room(session_id: UUID) -> Response | tuple[Response, int]:
    who = me()
    try:
        sent = FromTheRoom.read(request.get_json(silent=True))
    except (NotFromTheRoom, RecursionError):
        # Thousands of brackets are no mark either.
        raise BadRequest from None
    try:
        got = receive(db.session, who.own_school_id, who.person_id, session_id, sent)
    except NotLed:
        return _not_led()
    state = state_of_room(db.session, who.own_school_id, who.person_id, session_id)
    others = {of.hex: mark for of, mark in got.others.items()}
    return _as_json(state | {"others": others, "refused": dict(got.refused)})


@blueprint.route("/group/sessions/<uuid:session_id>/look-back", methods=["GET", "POST"])
def look_back(session_id: UUID) -> str | Response:
    who = me()
    one = get_led_session(db.session, who.own_school_id, who.person_id, session_id)
    mine = reflections.find_mine(db.session, who.own_school_id, who.person_id, session_id)
    form = LookBackForm(obj=mine if mine and mine.looked_back_at else None)
    return submit(
        form,
        lambda: reflections.look_back(
            db.session, who.own_school_id, who.person_id, session_id, form.reflection()
        ),
        _("Thank you. What you ticked is kept. You can change it here."),
        "meetings.look_back",
        session_id=session_id,
    ) or render_template(
        "meetings/look_back.html", form=form, one=one, why_not=reflections.why_no_look_back(one), mine=mine
    )


def _page(one: Any) -> str:
    return render_template(
        "meetings/room.html", one=one, form=LookBackForm(formdata=None), marks=SHORT_MARK_WORDS
    )


def _not_led() -> tuple[Response, int]:
    """With who asked: marks on a phone may be somebody else's, and stay there for them."""
    return jsonify({"owner": reader()}), 404


def _as_json(state: dict[str, object]) -> Response:
    """With whom the answer is for, and the token that what comes back must carry."""
    return jsonify(state | {"owner": reader(), "token": token()})
