"""The way from a graduate's offer to leading a group: the states as data, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.facilitators.check_level import needs_certificate
from app.facilitators.gates import ENOUGH
from app.shell.kept import kept
from app.states.facilitators import ENDS, MAY_REAPPLY, WAY, FacilitatorStage
from infra.clock import LONDON, today

#: References that must be good before the check.
REFERENCES = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: words for staff and for the applicant, where it leads by hand, and its message.

    `days`: after the first number somebody should look, after the second it is late.
    """

    code: str
    label: str
    kind: str
    leads_to: tuple[str, ...]
    #: What staff press to bring somebody here.
    verb: str
    #: What the applicant reads.
    mine: str
    next: str
    message: str | None = None
    days: tuple[int, int] | None = None


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage(
            "applied",
            _l("Applied"),
            "info",
            ("shortlisted", "not_now", "withdrawn"),
            _l("Open the application again"),
            _l("We have your application. Thank you."),
            _l("We read it and call you. It takes about four days."),
            "application_received",
            (2, 4),
        ),
        Stage(
            "shortlisted",
            _l("Conversation"),
            "waiting",
            ("references", "not_now", "withdrawn"),
            _l("Ask them to a conversation"),
            _l("We would like to talk with you."),
            _l("We call to find a day, within two weeks. It is 30 minutes and not a test."),
            "application_conversation",
            (7, 14),
        ),
        Stage(
            "references",
            _l("References"),
            "waiting",
            ("checks", "not_now", "withdrawn"),
            _l("Go on to references"),
            _l("Next, we ask the two people you named."),
            _l("When both have answered, we tell you how we go on. It takes about four weeks."),
            "application_references",
            (21, 28),
        ),
        Stage(
            "checks",
            _l("Check"),
            "waiting",
            ("training", "not_now", "withdrawn"),
            _l("Go on to the check"),
            _l("We work out which check your role needs, if any."),
            _l(
                "If there is a certificate, we look at it with you and keep no copy. It takes about four weeks."
            ),
            "application_checks",
            (21, 28),
        ),
        Stage(
            "training",
            _l("Training"),
            "waiting",
            ("ready", "not_now", "withdrawn"),
            _l("Start the training"),
            # Also of whoever was ready, and is asked for something again.
            _l("You are at the last step: training, and what is still missing."),
            _l("We tell you what it is, and when. Your facilitator pages open when all is there."),
            "application_training",
        ),
        Stage(
            "ready",
            _l("Ready"),
            "good",
            ("resting", "withdrawn"),
            _l("Say they are ready to lead"),
            _l("You are ready to help lead a group."),
            _l("We talk with you before we choose a group for you."),
            "application_ready",
        ),
        Stage(
            "leading",
            _l("Leading"),
            "people",
            ("resting", "withdrawn"),
            _l("Start to lead"),
            _l("You help lead a group. Thank you."),
            _l("Your group, its dates and notes are on your facilitator pages."),
        ),
        Stage(
            "resting",
            _l("Resting"),
            "quiet",
            ("ready", "withdrawn"),
            _l("Let them rest"),
            # Also after a group that ended early: nobody asked for a rest.
            _l("You are not leading a group now. Thank you for what you gave."),
            _l("Tell us when you would like to lead again."),
        ),
        Stage(
            "not_now",
            _l("Not now"),
            "quiet",
            ("applied",),
            _l("Say not now"),
            _l("We are not going ahead now. Thank you for offering."),
            _l("Call the school to talk about it. You may apply again."),
            "application_not_now",
        ),
        Stage(
            "withdrawn",
            _l("Withdrawn"),
            "quiet",
            ("applied",),
            _l("Note that they withdrew"),
            _l("You took your offer back. That is fine."),
            _l("You may apply again whenever you like."),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of somebody, as far as a step depends on it."""

    stage: str
    good_references: int = 0
    #: The level that was decided; empty before.
    level: str = ""
    certificate_seen: bool = False
    #: Minutes of all training that counts.
    trained: int = 0
    #: Whoever asks carried the check themselves; then another person says *ready*.
    carried_by_me: bool = False
    #: Whether the reader is somebody else by more than a name, as the database judges it.
    may_second: bool = True
    #: Whoever asked for their fresh start since they led, by name; empty where there was none.
    fresh_start_by: str = ""
    #: The same, of the reader and whoever asked for the fresh start.
    may_second_fresh_start: bool = True
    #: The certificate was seen when it was younger than it is now.
    certificate_is_old: bool = False
    #: They lead a group that is not over.
    leads_now: bool = False


def missing_for(to_stage: str, case: Case) -> list[str]:
    """What must be there before `to_stage`, in words; empty when nothing is missing."""
    found: list[str] = []
    wants = _WANTS.get(to_stage, ())
    if "references" in wants and case.good_references < REFERENCES:
        found.append(
            _("Two good references. There are none yet.")
            if not case.good_references
            else _("A second good reference.")
        )
    if "check" in wants and not case.level:
        found.append(_("A decision about the check, with its risk assessment."))
    if "certificate" in wants and needs_certificate(case.level) and not case.certificate_seen:
        found.append(_("The certificate. Somebody at school looks at it and notes its number."))
    if "certificate" in wants and case.certificate_is_old:
        found.append(_("A newer certificate. The one that was seen is more than three years old."))
    if "training" in wants and case.trained < ENOUGH:
        found.append(
            _("More training: two hours in all. Minutes so far: %(so_far)s.", so_far=case.trained)
            if case.trained
            else _("Training. None is recorded yet.")
        )
    if "second" in wants and not found and case.carried_by_me:
        found.append(
            _(
                "A second person. You looked at the check, so a colleague reads this page and says that they are ready."
            )
        )
    elif "second" in wants and not found and not case.may_second_fresh_start:
        found.append(
            _(
                "A second person. %(name)s asked for their fresh start, so somebody else says that they are ready: your"
                " safeguarding lead, or a colleague who is here for 30 days and was not invited by %(name)s.",
                name=kept(case.fresh_start_by),
            )
        )
    elif "second" in wants and not found and not case.may_second:
        found.append(
            _(
                "A second person: your safeguarding lead, or a colleague who is here for 30 days and was not invited by"
                " whoever looked at the check. That one must be here for 30 days too, unless they read concerns or the"
                " council appointed them."
            )
        )
    if to_stage in ENDS and case.leads_now:
        found.append(_("They lead a group now. Choose somebody else for that group first."))
    return found


_WANTS = {
    "checks": ("references",),
    "training": ("references", "check"),
    "ready": ("references", "check", "certificate", "training", "second"),
    # Nobody comes here without having been ready: what made them so is still there.
    "leading": ("references", "check", "certificate", "training"),
}


def may_go(from_stage: str, to_stage: str) -> bool:
    """Whether staff may take this step at all."""
    return to_stage in STAGES[from_stage].leads_to


def next_stage(stage: str) -> str | None:
    """The next stage on the way that staff can bring somebody to; None from `ready` on, where a group decides."""
    if stage == FacilitatorStage.RESTING:
        return "ready"
    if stage in MAY_REAPPLY:
        return "applied"
    place = WAY.index(stage) + 1
    return WAY[place] if place < len(WAY) - 1 else None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody has been at a stage: `pace` is "fine", "soon" or "late"."""

    days: int
    pace: str


def waited(stage: str, since: datetime) -> Wait:
    """Whole days in London since `since`, and how that sits with the stage's time limit."""
    days = max(0, (today() - since.astimezone(LONDON).date()).days)
    limit = STAGES[stage].days
    if limit is None or days < limit[0]:
        return Wait(days, "fine")
    return Wait(days, "late" if days >= limit[1] else "soon")
