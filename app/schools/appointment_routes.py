"""Who is to see more, who agreed, and who stopped it: one page for everybody who is concerned."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.schools import appointments
from app.schools.pages import blueprint
from app.shell.dates import clock, day
from app.shell.pressing import press


@blueprint.get("/appointments")
def appointments_page() -> str:
    """What was asked and what came of it, in the school or in the council and its schools."""
    identity = me()
    return render_template(
        "schools/appointments.html",
        appointments=appointments.list_appointments(
            db.session,
            reader=identity.role,
            school_id=identity.school_id,
            authority_id=identity.authority_id,
        ),
    )


@blueprint.post("/appointments/<uuid:appointment_id>/agree")
def agree_to_appointment(appointment_id: UUID) -> Response:
    """The second person."""
    act = partial(appointments.agree, db.session, appointment_id)
    return press(
        act,
        lambda at: _(
            "Thank you. It begins on %(day)s at %(time)s, unless somebody stops it.",
            day=day(at),
            time=clock(at),
        ),
        "schools.appointments_page",
    )


@blueprint.post("/appointments/<uuid:appointment_id>/stop")
def stop_appointment(appointment_id: UUID) -> Response:
    """Anybody concerned, before it begins."""
    act = partial(appointments.stop, db.session, appointment_id)
    return press(act, _("Stopped. Everybody concerned is told."), "schools.appointments_page")
