"""What putting two records together would do, in the words of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.merging.forms import shown
from app.merging.records import Record
from app.merging.rules import Plan
from app.recruitment.consents import FOR_STAFF
from app.recruitment.stages import STAGES
from app.shell.dates import day
from app.shell.kept import kept
from app.states.parents import DO_NOT_WRITE

_HEADS = ("name", "phone", "email", "language", "access_needs", "year_group", "needs", "next_step")


@dataclass(frozen=True, slots=True)
class Preview:
    """Both side by side, and what happens, what ends, what nobody moves."""

    rows: Sequence[tuple[str, str, str]]
    happens: Sequence[str]
    ends: Sequence[str]
    private: Sequence[str]


def of(plan: Plan) -> Preview:
    """Of this plan, before it is pressed."""
    return Preview(_rows(plan), _happens(plan), _ends(plan), _private(plan))


def _rows(plan: Plan) -> list[tuple[str, str, str]]:
    """What each has, where either has something."""
    labels = {
        "name": _("Name"),
        "phone": _("Mobile number"),
        "email": _("Email address"),
        "language": _("Language"),
        "access_needs": _("What makes coming easier"),
        "year_group": _("Child’s year group"),
        "needs": _("Needs that shape the group"),
        "next_step": _("Your next step"),
    }
    stays, goes = plan.stays, plan.goes
    rows = [
        (_("Where they are"), str(STAGES[stays.parent.stage].label), str(STAGES[goes.parent.stage].label)),
        (_("In your list since"), day(stays.parent.created_at), day(goes.parent.created_at)),
        (_("Has signed in"), _yes_no(stays.has_come_in), _yes_no(goes.has_come_in)),
        (_("Group"), _group(stays), _group(goes)),
        (_("What they do not want"), _noes(stays), _noes(goes)),
    ]
    for name in _HEADS:
        mine, theirs = plan.held(name), plan.theirs(name)
        rows.append((labels[name], shown(name, mine), shown(name, theirs)))
    return [row for row in rows if row[1] or row[2]]


def _yes_no(is_so: bool) -> str:
    return _("Yes") if is_so else _("No")


def _group(record: Record) -> str:
    return kept(record.place.group_name) if record.place else ""


def _noes(record: Record) -> str:
    words = []
    if record.contact.texts_stopped_at:
        words.append(_("texts"))
    if record.contact.emails_stopped_at:
        words.append(_("emails"))
    words += [str(FOR_STAFF[kind]) for kind in record.noes if kind not in ("text", "email")]
    return ", ".join(words)


def _happens(plan: Plan) -> list[str]:
    stays, goes = plan.stays, plan.goes
    words = []
    if plan.stage != stays.parent.stage:
        words.append(_("They are at “%(stage)s” afterwards.", stage=STAGES[plan.stage].label))
    if goes.is_no and not stays.is_no:
        words.append(_("The no of %(name)s holds. Nobody asks them again.", name=kept(goes.name)))
    if plan.stops_texts:
        words.append(_("No texts go to them."))
    if plan.stops_emails:
        words.append(_("No emails go to them."))
    noes = ", ".join(str(FOR_STAFF[kind]) for kind in plan.noes)
    if noes:
        words.append(_("A no that you noted holds: %(what)s.", what=noes))
    if plan.moves_place and goes.place:
        words.append(
            _(
                "The place in %(group)s is theirs under the entry that stays. If nobody has told them yet, they"
                " are told.",
                group=kept(goes.place.group_name),
            )
        )
    words.append(
        _("What you noted in the contact log, and what they wrote on your sign-up page, comes along.")
    )
    words.append(_("What the entry that stays has nothing of, it takes from the other."))
    words.append(_("The history says that you did this. You can undo it for a day."))
    return words


def _ends(plan: Plan) -> list[str]:
    goes = plan.goes
    words = [
        _(
            "%(name)s is no longer in your lists. An old link to that page leads to the one that stays.",
            name=kept(goes.name),
        ),
        _("Invitations to the one that goes end. Their links say so kindly."),
    ]
    if plan.ends_invitation:
        words.append(_("They are “To ask” again afterwards: send them an invitation anew."))
    elif plan.stays.has_come_in:
        words.append(_("Tell them to come in as they did before, not by the newer link."))
    if plan.stage in DO_NOT_WRITE:
        words.append(
            _("What you planned with them in the contact log ends: nobody gets in touch after a no.")
        )
    if plan.ends_place and goes.place:
        words.append(
            _(
                "The second place in %(group)s is free again: they have, or had, one there already.",
                group=kept(goes.place.group_name),
            )
        )
    for address in goes.doubted:
        words.append(
            _("%(address)s does not come along: somebody there said “This is not me”.", address=kept(address))
        )
    return words


def _private(plan: Plan) -> list[str]:
    words = [
        _(
            "Answers, wishes, votes and what they agreed to themselves stay with the entry that they were given by."
        ),
        _("A yes never comes along: only they themselves can give it."),
    ]
    if plan.goes.place or plan.goes.groups:
        words.append(_("Who was marked at which evening stays as those who lead wrote it."))
    return words
