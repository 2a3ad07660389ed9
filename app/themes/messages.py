"""That a group waits for a reply, to its school; that the school has replied, to the group's parents."""

from __future__ import annotations

from datetime import timedelta

from app.identity.roles import SCHOOL_STAFF, Role
from app.messages.kind import About, Email, Kind, Link, Needs, _
from app.messages.parts import Messages
from app.states.messages import RecipientKind

KINDS = (
    # To whoever leads the school, once: what it is stands on their page alone.
    Kind(
        "theme_to_reply",
        _("A group waits for a reply"),
        RecipientKind.STAFF,
        link=Link.THEMES,
        useful_for=timedelta(days=7),
        steps=("active", "paused"),
        email=Email(
            _("A group at {school} asks for a reply"),
            (
                _("Five or more parents of a group say something to the school together."),
                _("Read what they say, and until when they were told that you reply: {link}"),
            ),
        ),
    ),
    Kind(
        "school_replied",
        _("The school has replied"),
        RecipientKind.PARENT,
        needs=Needs.CONSENT,
        about=About.COHORT,
        outlives_group=True,
        link=Link.THEMES,
        useful_for=timedelta(days=14),
        email=Email(
            _("Your school has replied"),
            (
                _("Your group said something to the school together. The school has replied: {link}"),
                _("You can say whether it is enough. Nobody sees who said what."),
            ),
        ),
        sms=(_("{school}: the school has replied to your group."), _("Read it here: {link}")),
    ),
)

MESSAGES = Messages(
    KINDS,
    pages={Link.THEMES: {Role.PARENT: "themes.mine", **dict.fromkeys(SCHOOL_STAFF, "themes.of_school")}},
)
