"""A facilitator's own record. The pages of staff and parents stand in modules of their own."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from app.extensions import db
from app.facilitators import groups_led, queries
from app.facilitators.stages import STAGES
from app.facilitators.words import NO_GROUP
from app.identity.current import me
from app.shell.pressing import to

blueprint = Blueprint("facilitators", __name__)
#: One person's page, as staff see it.
PERSON = "/school/facilitators/<uuid:facilitator_id>"


@blueprint.get("/group/record")
def my_record() -> str:
    """Training and groups led, for oneself."""
    identity = me()
    own = queries.get_facilitator(db.session, identity.own_school_id, identity.person_id)
    return render_template(
        "facilitators/my_record.html",
        me=own,
        no_group=NO_GROUP[own.stage],
        stages=STAGES,
        training=queries.list_training(db.session, identity.own_school_id, identity.person_id),
        groups=groups_led.groups().list_led_groups(db.session(), identity.own_school_id, identity.person_id),
    )


def back_to_person(facilitator_id: UUID, part: str | None = None) -> Response:
    """To that page, at one of its parts."""
    return to("facilitators.show", facilitator_id=facilitator_id, _anchor=part)


from app.facilitators import parent_routes, record_routes, staff_routes  # noqa: E402, F401 - they add to this blueprint
