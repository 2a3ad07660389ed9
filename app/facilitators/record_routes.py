"""What is written down on the way to leading: references, the check and its certificate, training."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db
from app.facilitators import queries, readiness, records
from app.facilitators.check_level import LEVELS, Contact, Frequency, Level, Venue, work_out
from app.facilitators.forms import (
    CertificateForm,
    CheckForm,
    DecisionForm,
    PressForm,
    ReceivedForm,
    ReferenceForm,
    TrainingForm,
)
from app.facilitators.routes import PERSON, blueprint
from app.identity.current import me
from app.shell.as_shown import if_as_shown
from app.shell.pressing import answered, or_gone, press, submit
from app.shell.shared_form import is_saving
from app.states.facilitators import MEMBERS


@blueprint.post(f"{PERSON}/references/use")
def use_referees(facilitator_id: UUID) -> Response:
    school_id = me().own_school_id
    application = queries.find_application(db.session, school_id, facilitator_id)
    return press(
        if_as_shown(
            lambda: records.use_referees(db.session, school_id, facilitator_id),
            application.submitted_at if application else None,
        ),
        None,
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="references",
    )


@blueprint.route(f"{PERSON}/references/add", methods=["GET", "POST"])
def add_reference(facilitator_id: UUID) -> Response | str:
    school_id = me().own_school_id
    person = queries.get_facilitator(db.session, school_id, facilitator_id)
    form = ReferenceForm()
    return submit(
        form,
        lambda: records.add_reference(
            db.session,
            school_id,
            facilitator_id,
            name=form.name.data or "",
            contact=form.contact.data or "",
            relationship=form.relationship.data or "",
        ),
        None,
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="references",
    ) or render_template("facilitators/add_reference.html", form=form, person=person)


@blueprint.post(f"{PERSON}/references/<uuid:reference_id>/asked")
def ask_reference(facilitator_id: UUID, reference_id: UUID) -> Response:
    return press(
        lambda: records.ask_reference(db.session, me().own_school_id, facilitator_id, reference_id),
        None,
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="references",
    )


@blueprint.route(f"{PERSON}/references/<uuid:reference_id>", methods=["GET", "POST"])
def note_reference(facilitator_id: UUID, reference_id: UUID) -> Response | str:
    school_id = me().own_school_id
    reference = queries.get_reference(db.session, school_id, facilitator_id, reference_id, hold=is_saving())
    application = queries.find_application(db.session, school_id, facilitator_id)
    form = ReceivedForm(data=records.answer_as_typed(reference, application))
    if form.satisfactory.object_data is None:
        del form.why
    return submit(
        form,
        lambda: records.receive_reference(
            db.session,
            school_id,
            facilitator_id,
            reference_id,
            satisfactory=form.satisfactory.data == "yes",
            words=form.note.data or "",
            why=(form.why.data or "") if "why" in form else "",
        ),
        _("Saved."),
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="references",
    ) or render_template(
        "facilitators/note_reference.html",
        form=form,
        reference=reference,
        members=MEMBERS,
        person=queries.get_facilitator(db.session, school_id, facilitator_id),
    )


@blueprint.route(f"{PERSON}/check", methods=["GET", "POST"])
def check(facilitator_id: UUID) -> Response | str:
    """Two looks: the four answers travel in the address, then the decision is written down."""
    school_id = me().own_school_id
    person = readiness.find(db.session, school_id, facilitator_id, hold=is_saving())
    known = queries.find_check(db.session, school_id, facilitator_id)
    form = DecisionForm(request.form or request.args, data=records.as_typed(known))
    first = CheckForm(request.form or request.args, meta={"csrf": False})
    worked_out = None
    if (request.args or request.form) and first.validate():
        worked_out = work_out(
            Contact(first.contact.data),
            Venue(first.venue.data),
            supervised=first.supervised.data == "yes",
            frequency=Frequency(first.frequency.data),
        )
    if worked_out is None:
        return render_template("facilitators/check.html", form=first, person=person)
    if answer := submit(
        form,
        lambda: records.decide_check(
            db.session,
            school_id,
            facilitator_id,
            contact=Contact(form.contact.data),
            venue=Venue(form.venue.data),
            supervised=form.supervised.data == "yes",
            frequency=Frequency(form.frequency.data),
            level=Level(form.level.data),
            risk_assessment=form.risk_assessment.data or "",
        ),
        _("The decision is written down."),
        "facilitators.show",
        field="level",
        facilitator_id=facilitator_id,
        _anchor="check",
    ):
        return answer
    if request.method != "POST":
        form.level.data = worked_out.level.value
        form.risk_assessment.data = known.risk_assessment if known else ""
    return render_template(
        "facilitators/decide.html",
        form=form,
        person=person,
        decision=worked_out,
        levels=LEVELS,
        members=MEMBERS,
    )


@blueprint.route(f"{PERSON}/certificate", methods=["GET", "POST"])
def see_certificate(facilitator_id: UUID) -> Response | str:
    school_id = me().own_school_id
    person = readiness.find(db.session, school_id, facilitator_id, hold=is_saving())
    known = queries.find_check(db.session, school_id, facilitator_id)
    level = str(LEVELS[Level(known.level)]) if known else ""
    form = CertificateForm(
        data={"level": level, "number": known.certificate_number, "issued_on": known.issued_on}
        if known
        else None
    )
    return submit(
        form,
        lambda: records.see_certificate(
            db.session,
            school_id,
            facilitator_id,
            number=form.number.data or "",
            issued_on=answered(form.issued_on.data),
        ),
        _("Noted. We keep no copy."),
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="check",
    ) or render_template(
        "facilitators/certificate.html", form=form, person=person, level=level, members=MEMBERS
    )


@blueprint.route(f"{PERSON}/training/add", methods=["GET", "POST"])
def add_training(facilitator_id: UUID) -> Response | str:
    school_id = me().own_school_id
    person = queries.get_facilitator(db.session, school_id, facilitator_id)
    form = TrainingForm()
    return submit(
        form,
        lambda: records.add_training(
            db.session,
            school_id,
            facilitator_id,
            title=form.title.data or "",
            on_date=answered(form.on_date.data),
            minutes=answered(form.minutes.data),
        ),
        _("Recorded."),
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="training",
    ) or render_template("facilitators/add_training.html", form=form, person=person)


@blueprint.route(f"{PERSON}/training/<uuid:training_id>/remove", methods=["GET", "POST"])
@or_gone(_l("This training has already been taken out."), "facilitators.show", "facilitator_id")
def remove_training(facilitator_id: UUID, training_id: UUID) -> Response | str:
    school_id = me().own_school_id
    training = queries.get_training(db.session, school_id, facilitator_id, training_id)
    form = PressForm()
    return submit(
        form,
        lambda: records.remove_training(db.session, school_id, facilitator_id, training_id),
        _("Taken out."),
        "facilitators.show",
        facilitator_id=facilitator_id,
        _anchor="training",
    ) or render_template(
        "facilitators/remove_training.html",
        form=form,
        training=training,
        members=MEMBERS,
        person=queries.get_facilitator(db.session, school_id, facilitator_id),
    )
