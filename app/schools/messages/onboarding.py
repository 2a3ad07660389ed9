"""Messages to a school that begins: the brief, the agreement, the start."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Topic, _
from app.states.messages import RecipientKind
from app.states.schools import SchoolStage

STAFF = RecipientKind.STAFF

KINDS = (
    Kind(
        "school_invited_again",
        _("School is invited again"),
        STAFF,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        topic=Topic.SCHOOL,
        steps=("invited", "brief_sent"),
        email=Email(
            _("{school} is invited to We Belong again"),
            (
                _(
                    "{authority} invites {school} to take part again. You are its lead, and sign in as before."
                ),
                _("A new agreement has to be signed. Your list of what comes next is here: {link}"),
            ),
        ),
    ),
    Kind(
        "onboarding_brief",
        _("Project brief"),
        STAFF,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        steps=("brief_sent",),
        email=Email(
            _("We Belong at {school}: the project brief"),
            (
                _("{authority} has sent you the project brief. It takes five minutes to read."),
                _("Your list of what comes next is here: {link}"),
            ),
        ),
    ),
    Kind(
        "agreement_ready",
        _("Agreement is ready"),
        STAFF,
        link=Link.AGREEMENT,
        useful_for=timedelta(days=14),
        topic=Topic.AGREEMENT,
        steps=("prospect", "invited", "brief_sent"),
        email=Email(
            _("We Belong at {school}: the agreement"),
            (_("The agreement is ready. Download it, sign it, and upload it here: {link}"),),
        ),
    ),
    Kind(
        "agreement_returned",
        _("Agreement is returned"),
        STAFF,
        link=Link.AGREEMENT,
        useful_for=timedelta(days=14),
        school_stage=SchoolStage.BRIEF_SENT,
        topic=Topic.AGREEMENT,
        email=Email(
            _("We Belong at {school}: please sign again"),
            (
                _("{authority} has read your signed agreement and returns it."),
                _("What to change, and where to send it: {link}"),
            ),
        ),
    ),
    Kind(
        "newer_agreement_returned",
        _("Newer agreement is returned"),
        STAFF,
        link=Link.AGREEMENT,
        useful_for=timedelta(days=14),
        topic=Topic.AGREEMENT,
        email=Email(
            _("We Belong at {school}: about the agreement that you sent"),
            (
                _("{authority} has read the newer agreement that you sent, and returns it."),
                _("What was agreed before stays in force. Why, and where to send another: {link}"),
            ),
        ),
    ),
    Kind(
        "school_converted",
        _("School continues under another number"),
        STAFF,
        link=Link.AGREEMENT,
        useful_for=timedelta(days=14),
        email=Email(
            _("{school}: a new agreement to sign"),
            (
                _(
                    "The register of schools has your school under a new number now, as {school}. It continues under"
                    " that name and number. People, parents and groups stay."
                ),
                _(
                    "The agreement is made again with it. Please have it signed and send it: {link} What was agreed"
                    " before goes on until {authority} has accepted the new one."
                ),
            ),
        ),
    ),
    Kind(
        "school_activated",
        _("School is active"),
        STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        topic=Topic.SCHOOL,
        steps=("active",),
        email=Email(
            _("We Belong at {school} can begin"),
            (
                _("{authority} has set {school} to active."),
                _("You can invite parents and form your first group: {link}"),
            ),
        ),
    ),
)
