"""What links are for, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.signing_up.models import SignupLink
from app.states.signing_up import LinkKind

KINDS = {
    LinkKind.COLLEAGUE: _l("A colleague at our school"),
    LinkKind.FAMILY_HUB: _l("A family hub"),
    LinkKind.PROFESSIONAL: _l("A professional, such as a GP or a social worker"),
}


def noted_as(link: SignupLink | None) -> str:
    """The same in the parent's profile, where it stays: who passed them on goes with the row, after 28 days."""
    return came_by(link) if link is None or link.kind == LinkKind.PAGE else _("Passed on to us")


def came_by(link: SignupLink | None) -> str:
    """How somebody's row came to the school, for its staff."""
    if link is None:
        return _("They asked from their own We Belong account")
    if link.kind == LinkKind.PAGE:
        return _("They asked on your sign-up page")
    return _("Passed on by %(organisation)s", organisation=link.organisation)
