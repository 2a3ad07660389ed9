"""What a school still owes before its groups are safe and agreed: in words for its head, and with nobody's name."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.in_numbers.queries import Numbers
from app.schools.agreements import Signed
from app.schools.models import School
from app.states.schools import SchoolStage


def list_due(school: School, numbers: Numbers, signed: Signed | None, anew: str) -> list[str]:
    """One sentence a thing, the agreement first. `anew`: why it has to be signed again, empty where it has not."""
    if school.stage == SchoolStage.LEFT:
        return []
    found = [_agreement(signed, anew)]
    if not numbers.leads:
        found.append(_("Nobody leads this at your school: nobody has signed in as school lead."))
    if not numbers.dsls:
        found.append(_("Nobody reads concerns at your school: no safeguarding lead has signed in."))
    if not school.contact_name or not school.contact_phone:
        found.append(_("Nobody is named for parents and carers to call."))
    if numbers.without_two:
        found.append(
            ngettext(
                "One group has not two people whose checks are all done.",
                "%(num)s groups have not two people whose checks are all done.",
                numbers.without_two,
            )
        )
    if numbers.late:
        found.append(
            ngettext(
                "One group waits longer for a reply than your school promised.",
                "%(num)s things that groups said wait longer for a reply than your school promised.",
                numbers.late,
            )
        )
    return [words for words in found if words]


def _agreement(signed: Signed | None, anew: str) -> str:
    if signed is None:
        return _("The agreement is not signed yet.")
    if signed.waits:
        return _("Your council reads the signed agreement. Nothing is needed from you.")
    if signed.in_force is None:
        return _("The signed agreement is not in force. Your lead reads why, and sends it again.")
    return _("The agreement has to be signed again. %(why)s", why=anew) if anew else ""
