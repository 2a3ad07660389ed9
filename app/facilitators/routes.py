"""A facilitator's own record. The pages of staff and parents stand in modules of their own."""

from __future__ import annotations

from flask import Blueprint, render_template, session

from app.extensions import db
from app.facilitators import queries
from app.facilitators.stages import STAGES
from app.facilitators.words import NO_GROUP

blueprint = Blueprint("facilitators", __name__)


@blueprint.get("/group/record")
def my_record() -> str:
    """Training and groups led, for oneself."""
    identity = session.identity
    me = queries.get_facilitator(db.session, identity.school_id, identity.person_id)
    return render_template(
        "facilitators/my_record.html",
        me=me,
        no_group=NO_GROUP[me.stage],
        stages=STAGES,
        training=queries.list_training(db.session, identity.school_id, identity.person_id),
        groups=queries.list_led_groups(db.session, identity.school_id, identity.person_id),
    )


from app.facilitators import parent_routes, staff_routes  # noqa: E402, F401 - they add to this blueprint
