"""What a school's stage does not allow is not offered: which page or press needs which right of `stage_rights`.

Templates ask `offered("cohorts.start")` first; a page that is opened all the same says why it is shut.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, render_template, request

from app.extensions import db
from app.identity.current import me, session
from app.identity.roles import Role
from app.schools import stage_rights
from app.shell.navigation import home_of
from app.states.schools import may

STEPS: dict[str, str] = {
    "recruitment.add_parent": "find_parents",
    "parent_import.send": "find_parents",
    "merging.choose": "find_parents",
    "merging.look_at": "find_parents",
    "signing_up.open_page": "find_parents",
    "recruitment.invite_parent": "invite_parents",
    "recruitment.make_letter": "invite_parents",
    "letters.look_at": "invite_parents",
    "letters.make": "invite_parents",
    "recruitment.record_answer": "answer_for_parents",
    "recruitment.take_back": "answer_for_parents",
    "recruitment.take_back_no": "answer_for_parents",
    "cohorts.form_cohort": "form_groups",
    "cohorts.offer_places": "form_groups",
    "cohorts.start": "form_groups",
    "cohorts.move_session": "run_groups",
    "cohorts.cancel_session": "run_groups",
    "cohorts.assign_facilitator": "run_groups",
    "facilitators.add_professional": "find_facilitators",
    "facilitators.let_in": "find_facilitators",
    "facilitators.move": "find_facilitators",
    "schools.invite_staff": "invite_colleague",
    "schools.details": "prepare",
    "schools.finish_brief": "prepare",
    "schools.agreement": "prepare",
    "schools.ask_for_papers": "prepare",
    "schools.room_and_dates": "prepare",
    "recruitment.choose": "join",
    "recruitment.tell_me_more": "join",
    "recruitment.come_back": "join",
    "cohorts.my_offer": "join",
    "facilitators.apply": "apply",
    "facilitators.check_answers": "apply",
}
#: Steps of somebody who leads, or would like to, that end something: always open.
ENDING = frozenset({"not_now", "withdrawn", "resting"})


def right_for(endpoint: str, **args: Any) -> str | None:
    """The right that this page or press needs; None for all that are open at every stage."""
    if endpoint == "facilitators.move" and args.get("to_stage") in ENDING:
        return None
    return STEPS.get(endpoint)


def offered(endpoint: str, **args: Any) -> bool:
    """Whether the stage of the school of whoever is signed in has the right that this needs."""
    code = right_for(endpoint, **args)
    return code is None or may(_stage(), code)


def install(app: Flask) -> None:
    """Give templates `offered`, and answer a visit to what is shut with the reason in place of the form.

    After the access check. What is pressed is refused by the service that it calls.
    """
    app.jinja_env.globals["offered"] = offered
    app.before_request(_not_now)


def _not_now() -> str | None:
    identity = session.identity
    if request.method == "POST" or identity is None or identity.school_id is None or request.endpoint is None:
        return None
    if identity.role not in current_app.extensions["access_table"][request.endpoint]:
        return None
    code = right_for(request.endpoint, **(request.view_args or {}))
    if code is None or may(_stage(), code):
        return None
    is_parent = identity.role in (Role.PARENT, Role.FACILITATOR)
    who = stage_rights.RIGHTS[code].who
    return render_template(
        "schools/not_now.html",
        base="shell/parent_base.html" if is_parent else "shell/staff_base.html",
        why=stage_rights.why_not(_stage(), who, code),
        home=home_of(identity.role),
        allowed=None if is_parent else stage_rights.in_words(_stage()),
    )


def _stage() -> str:
    if "school_stage" not in g:
        g.school_stage = stage_rights.stage_of(db.session(), me().own_school_id)
    stage: str = g.school_stage
    return stage
