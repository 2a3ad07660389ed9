"""What staff write down about somebody on the way to leading: references, the check, training."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.facilitators import queries, readiness
from app.facilitators.check_level import (
    FREQUENCIES,
    LEVELS,
    ROLES,
    VENUES,
    Contact,
    Frequency,
    Level,
    Venue,
    needs_certificate,
    why_not,
    work_out,
)
from app.facilitators.gates import (
    is_somebody_else,
    plain_certificate_number,
    problem_of_certificate_day,
    problem_of_training,
)
from app.facilitators.models import (
    Facilitator,
    FacilitatorApplication,
    FacilitatorCheck,
    FacilitatorReference,
    FacilitatorTraining,
)
from app.facilitators.steps import acting_name, note_down
from app.schools import stage_rights
from app.shell.dates import in_words
from app.shell.kept import kept
from app.shell.refusals import Refused
from app.shell.validators import says_something
from app.states.facilitators import MAY_REAPPLY
from infra.clock import now, today
from infra.ids import new_id

REFERENCE_ADDED = define("facilitators:reference:added")
REFERENCE_ASKED = define("facilitators:reference:asked")
REFERENCE_RECEIVED = define("facilitators:reference:received", keys=("satisfactory",))
CHECK_DECIDED = define("facilitators:check:decided", keys=("level",))
CERTIFICATE_SEEN = define("facilitators:certificate:seen")
TRAINING_ADDED = define("facilitators:training:added", keys=("minutes",))
TRAINING_REMOVED = define("facilitators:training:removed")


def _open(session: Session, school_id: UUID, facilitator_id: UUID) -> Facilitator:
    """The person, held. Refused for whoever was told *not now*, or took the offer back: nothing is asked of them.

    Refused too where the school may not look for people who lead, as once it has left.
    """
    stage_rights.check(session, school_id, "find_facilitators")
    person = readiness.find(session, school_id, facilitator_id, hold=True)
    if person.stage in MAY_REAPPLY:
        raise Refused(
            _("Nothing is asked of %(name)s now. Open their application again first.", name=kept(person.name))
        )
    return person


def add_reference(
    session: Session, school_id: UUID, facilitator_id: UUID, *, name: str, contact: str, relationship: str
) -> FacilitatorReference:
    """Add somebody to ask. The same person twice is one reference. Raises Refused for the applicant themselves."""
    person = _open(session, school_id, facilitator_id)
    if not is_somebody_else(contact, name, [(person.email, person.name), (person.phone, person.name)]):
        raise Refused(_("Nobody can be their own reference. Ask somebody else."))
    for known in queries.list_references(session, school_id, facilitator_id):
        if (known.referee_name.casefold(), known.referee_contact.casefold()) == (
            name.casefold(),
            contact.casefold(),
        ):
            return known
    reference = FacilitatorReference(
        school_id=school_id,
        id=new_id(),
        facilitator_id=facilitator_id,
        referee_name=name,
        referee_contact=contact,
        relationship=relationship,
    )
    session.add(reference)
    session.flush()
    record(session, REFERENCE_ADDED, subject_id=facilitator_id)
    return reference


def use_referees(session: Session, school_id: UUID, facilitator_id: UUID) -> int:
    """Take over the people whom the applicant named; how many are in the list now."""
    _open(session, school_id, facilitator_id)
    application = queries.find_application(session, school_id, facilitator_id)
    for referee in named_referees(application.answers if application else {}):
        # An application of before may name the applicant; that one is left out.
        with suppress(Refused):
            add_reference(
                session,
                school_id,
                facilitator_id,
                name=referee["name"],
                contact=referee["contact"],
                relationship=referee["relationship"],
            )
    return len(queries.list_references(session, school_id, facilitator_id))


def named_referees(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """The people named in an application, whole ones only."""
    found = answers.get("referees")
    people = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    return [
        {key: str(item.get(key, "")) for key in ("name", "contact", "relationship")}
        for item in people
        if item.get("name") and item.get("contact")
    ]


def ask_reference(session: Session, school_id: UUID, facilitator_id: UUID, reference_id: UUID) -> None:
    """Note that somebody was written to or called; the first time counts, of each offer."""
    _open(session, school_id, facilitator_id)
    reference = queries.get_reference(session, school_id, facilitator_id, reference_id, hold=True)
    application = queries.find_application(session, school_id, facilitator_id)
    if reference.asked_at is None or (application and reference.asked_at < application.submitted_at):
        reference.asked_at = now()
        session.flush()
        record(session, REFERENCE_ASKED, subject_id=facilitator_id)


def receive_reference(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    reference_id: UUID,
    *,
    satisfactory: bool,
    words: str,
    why: str = "",
) -> None:
    """Note what somebody answered; each answer stays in the history. The same again changes nothing.

    Refused where an answer changes and nobody says why.
    """
    person = _open(session, school_id, facilitator_id)
    reference = queries.get_reference(session, school_id, facilitator_id, reference_id, hold=True)
    application = queries.find_application(session, school_id, facilitator_id)
    is_new = reference.received_at is None or queries.is_of_before(
        reference, application.submitted_at if application else None
    )
    if not is_new and (reference.satisfactory, reference.note) == (satisfactory, words):
        return
    if not is_new and not says_something(why):
        raise Refused(_("Say why the answer changes. Both answers stay in the history."), "why")
    before = _answer(reference) if reference.received_at else ""
    was_good = bool(reference.satisfactory)
    reference.asked_at = reference.asked_at or now()
    reference.received_at = now()
    reference.satisfactory, reference.note = satisfactory, words
    session.flush()
    record(session, REFERENCE_RECEIVED, subject_id=facilitator_id, satisfactory=satisfactory)
    said = _("Reference of %(name)s. %(answer)s", name=reference.referee_name, answer=_answer(reference))
    note_down(session, person, " ".join(filter(None, [said, _before(before), _reason(why)])))
    if was_good and not satisfactory:
        readiness.look_again(session, person, _("A reference is no longer good enough."))


def answer_as_typed(
    reference: FacilitatorReference, application: FacilitatorApplication | None
) -> dict[str, str | None]:
    """An answer as the boxes of its form hold it; nothing of what was said about an earlier offer."""
    if reference.satisfactory is None or queries.is_of_before(
        reference, application.submitted_at if application else None
    ):
        return {"satisfactory": None, "note": ""}
    return {"satisfactory": "yes" if reference.satisfactory else "no", "note": reference.note}


def _answer(reference: FacilitatorReference) -> str:
    """What somebody answered, on one line of the history."""
    good = _("Good enough: yes.") if reference.satisfactory else _("Good enough: no.")
    return f"{good} “{reference.note}”" if reference.note else good


def _before(words: str) -> str:
    return _("Before: %(words)s", words=words) if words else ""


def _reason(why: str) -> str:
    return _("Why it changed: %(why)s", why=why) if why else ""


def decide_check(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    *,
    contact: Contact,
    venue: Venue,
    supervised: bool,
    frequency: Frequency,
    level: Level,
    risk_assessment: str,
) -> FacilitatorCheck:
    """Record the level for this role with its written risk assessment.

    Raises Refused when the role may not have that level, or must have a higher one. Another level than before
    needs another certificate.
    """
    person = _open(session, school_id, facilitator_id)
    decision = work_out(contact, venue, supervised=supervised, frequency=frequency)
    if problem := why_not(level, decision, supervised=supervised):
        raise Refused(problem)
    check = queries.find_check(session, school_id, facilitator_id)
    before = _decision(check) if check else ""
    if check is None:
        check = FacilitatorCheck(school_id=school_id, facilitator_id=person.id, level=level.value)
        session.add(check)
    elif check.level != level.value:
        check.certificate_number, check.seen_by = "", ""
        check.issued_on = check.seen_on = None
    check.level = level.value
    check.role_described, check.venue = str(ROLES[contact]), str(VENUES[venue])
    check.supervised, check.frequency = supervised, str(FREQUENCIES[frequency])
    check.risk_assessment = risk_assessment
    if before == _decision(check):
        return check
    check.decided_by, check.decided_at = acting_name(), now()
    session.flush()
    record(session, CHECK_DECIDED, subject_id=facilitator_id, level=level.value)
    if before:
        note_down(session, person, _("The check was decided again. Before: %(words)s", words=before))
        readiness.look_again(session, person, _("The check was decided again."), anew=True)
    return check


def _decision(check: FacilitatorCheck) -> str:
    """A decision on one line of the history: all that a second person reads before they say *ready*."""
    parts = [
        LEVELS[Level(check.level)],
        check.role_described,
        check.venue,
        _("Supervised") if check.supervised else _("Not supervised"),
        check.frequency,
        check.risk_assessment,
    ]
    return " · ".join(map(str, parts))


def as_typed(check: FacilitatorCheck | None) -> dict[str, str]:
    """A decision as the boxes of its form hold it; nothing before there is one."""
    if check is None:
        return {}
    return {
        "contact": _code(ROLES, check.role_described),
        "venue": _code(VENUES, check.venue),
        "supervised": "yes" if check.supervised else "no",
        "frequency": _code(FREQUENCIES, check.frequency),
        "level": check.level,
        "risk_assessment": check.risk_assessment,
    }


def _code(labels: Mapping[Any, object], words: str) -> str:
    """The code of the answer that reads so; the words themselves where answers have changed since."""
    return next((code.value for code, label in labels.items() if str(label) == words), words)


def see_certificate(
    session: Session, school_id: UUID, facilitator_id: UUID, *, number: str, issued_on: date
) -> None:
    """Note that the one who is signed in saw the certificate today. Raises Refused before there is a decision."""
    person = _open(session, school_id, facilitator_id)
    check = queries.find_check(session, school_id, facilitator_id)
    if check is None or not needs_certificate(check.level):
        raise Refused(_("Decide first which check this role needs."))
    try:
        number = plain_certificate_number(number)
    except ValueError as problem:
        raise Refused(str(problem)) from None
    if words := problem_of_certificate_day(issued_on):
        raise Refused(words)
    if (check.certificate_number, check.issued_on) == (number, issued_on):
        return
    seen = check.issued_on and _(
        "%(number)s, issued %(day)s, seen by %(name)s",
        number=check.certificate_number,
        day=in_words(check.issued_on, always_year=True),
        name=check.seen_by,
    )
    # A newer one takes nothing away from the one that a second person read about; a corrected one does.
    is_newer = bool(check.issued_on and issued_on > check.issued_on)
    check.certificate_number, check.issued_on = number, issued_on
    check.seen_by, check.seen_on = acting_name(), today()
    session.flush()
    record(session, CERTIFICATE_SEEN, subject_id=facilitator_id)
    if seen:
        note_down(session, person, _("Another certificate was noted. Before: %(words)s", words=seen))
        if not is_newer:
            readiness.look_again(session, person, _("Another certificate was noted."), anew=True)


def add_training(
    session: Session, school_id: UUID, facilitator_id: UUID, *, title: str, on_date: date, minutes: int
) -> FacilitatorTraining:
    """Record training that somebody had. The same title on the same day is one training.

    Raises Refused for what does not count as training.
    """
    _open(session, school_id, facilitator_id)
    if problem := problem_of_training(title, on_date, minutes):
        raise Refused(problem)
    for known in queries.list_training(session, school_id, facilitator_id):
        if (known.title.casefold(), known.on_date) == (title.casefold(), on_date):
            return known
    training = FacilitatorTraining(
        school_id=school_id,
        id=new_id(),
        facilitator_id=facilitator_id,
        title=title,
        on_date=on_date,
        minutes=minutes,
        recorded_by=acting_name(),
    )
    session.add(training)
    session.flush()
    record(session, TRAINING_ADDED, subject_id=facilitator_id, minutes=minutes)
    return training


def remove_training(session: Session, school_id: UUID, facilitator_id: UUID, training_id: UUID) -> None:
    """Take out training that was recorded by mistake; the history keeps what it was."""
    person = _open(session, school_id, facilitator_id)
    training = queries.get_training(session, school_id, facilitator_id, training_id)
    words = _(
        "Training taken out: %(title)s, %(day)s, %(long)s, recorded by %(name)s.",
        title=training.title,
        day=in_words(training.on_date, always_year=True),
        long=ngettext("%(num)s minute", "%(num)s minutes", training.minutes),
        name=training.recorded_by,
    )
    session.delete(training)
    session.flush()
    record(session, TRAINING_REMOVED, subject_id=facilitator_id)
    note_down(session, person, words)
    readiness.look_again(session, person, _("Training was taken out."))
