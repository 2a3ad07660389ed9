"""A school pauses, goes on, or leaves: its people, and who is in or leads a group, read why."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Needs, Topic, _
from app.states.messages import RecipientKind
from app.states.schools import SchoolStage

STAFF, FACILITATOR, PARENT = RecipientKind.STAFF, RecipientKind.FACILITATOR, RecipientKind.PARENT
USEFUL = timedelta(days=7)

_PAUSED = _("{school}: new groups are paused")
_RESUMED = _("{school}: the groups continue")
_LEFT = _("{school} no longer takes part")

KINDS = (
    Kind(
        "school_paused_staff",
        _("School is paused"),
        STAFF,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.PAUSED,
        topic=Topic.SCHOOL,
        email=Email(
            _PAUSED,
            (
                _("{authority} has paused {school}: “{reason}”"),
                _(
                    "Groups that have begun go on to their last date. Nothing new begins, and nobody is invited."
                ),
                _("What you can do now: {link}"),
            ),
        ),
    ),
    Kind(
        "school_paused_facilitator",
        _("School is paused"),
        FACILITATOR,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.PAUSED,
        topic=Topic.SCHOOL,
        email=Email(
            _PAUSED,
            (
                _("{authority} has paused the groups at {school}: “{reason}”"),
                _("A group that has begun goes on to its last date, led by those who lead it now: {link}"),
                _("Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: new groups are paused. A group that has begun goes on."),
            _("Questions? Call {phone}"),
        ),
        either=True,
    ),
    Kind(
        "school_paused_parent",
        _("School is paused"),
        PARENT,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.PAUSED,
        topic=Topic.SCHOOL,
        email=Email(
            _PAUSED,
            (
                _("New groups at {school} are paused: “{reason}”"),
                _(
                    "A group that has begun goes on to its last date."
                    " One that has not begun waits until groups start again."
                ),
                _("Your page says how it is with yours: {link}"),
                _("It is nothing you did. Questions? Call {phone}."),
            ),
        ),
        sms=(
            _("{school}: new groups are paused. A group that has begun goes on."),
            _("Questions? Call {phone}"),
        ),
        either=True,
    ),
    Kind(
        "school_resumed_staff",
        _("School continues"),
        STAFF,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.ACTIVE,
        topic=Topic.SCHOOL,
        email=Email(
            _RESUMED, (_("{school} is active again. You can invite parents and form groups: {link}"),)
        ),
    ),
    Kind(
        "school_resumed_facilitator",
        _("School continues"),
        FACILITATOR,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.ACTIVE,
        topic=Topic.SCHOOL,
        email=Email(_RESUMED, (_("The groups at {school} continue as before: {link}"),)),
        sms=(_("{school}: the groups continue as before."),),
        either=True,
    ),
    Kind(
        "school_resumed_parent",
        _("School continues"),
        PARENT,
        needs=Needs.CONSENT,
        link=Link.HOME,
        useful_for=USEFUL,
        school_stage=SchoolStage.ACTIVE,
        topic=Topic.SCHOOL,
        email=Email(_RESUMED, (_("The groups at {school} continue as before. Your page: {link}"),)),
        sms=(_("{school}: the groups continue as before."),),
        either=True,
    ),
    Kind(
        "school_left_staff",
        _("School has left"),
        STAFF,
        useful_for=USEFUL,
        school_stage=SchoolStage.LEFT,
        topic=Topic.SCHOOL,
        email=Email(
            _LEFT,
            (
                _("{school} no longer takes part in We Belong: “{reason}”"),
                _("Nobody can be invited any more. Records are kept and deleted as the agreement says."),
            ),
        ),
    ),
    Kind(
        "school_left_facilitator",
        _("School has left"),
        FACILITATOR,
        useful_for=USEFUL,
        school_stage=SchoolStage.LEFT,
        topic=Topic.SCHOOL,
        email=Email(
            _LEFT,
            (
                _("{school} no longer takes part in We Belong: “{reason}”"),
                _("You do not need to do anything more. Thank you for your help, and for offering it."),
                _("To talk, call {phone}."),
            ),
        ),
        sms=(
            _("{school} no longer takes part in We Belong. Thank you for your help."),
            _("To talk, call {phone}"),
        ),
        either=True,
    ),
    Kind(
        "school_left_parent",
        _("School has left"),
        PARENT,
        needs=Needs.CONSENT,
        useful_for=USEFUL,
        school_stage=SchoolStage.LEFT,
        topic=Topic.SCHOOL,
        email=Email(
            _LEFT,
            (
                _("{school} no longer takes part in We Belong: “{reason}”"),
                _("If you waited for a place, there is none any more. It is nothing you did."),
                _("To talk, call {phone}."),
            ),
        ),
        sms=(_("{school} no longer takes part in We Belong. To talk, call {phone}"),),
        either=True,
    ),
)
