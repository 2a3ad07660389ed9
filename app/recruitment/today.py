"""What recruitment says to each home."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.accounts.websession import Identity
from app.cohorts.limits import FEWEST_PARENTS
from app.recruitment import queries
from app.shell.kept import kept
from app.shell.today import TodayItem


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Who asked for a call, who waits to be invited, and whether there are enough for a group."""
    counts = queries.stage_counts(session, identity.school_id)
    items = []
    interested, _total = queries.list_parents(session, identity.school_id, stages=("interested",), limit=5)
    items.extend(
        TodayItem(
            title=_("Call %(name)s", name=kept(line.name)),
            href=url_for("recruitment.show_parent", parent_id=line.id),
            note=_("They would like to hear more.")
            + (" " + _("They would like an interpreter.") if line.interpreter else ""),
            tag=_("Asked for a call"),
            tone="attention",
        )
        for line in interested
    )
    if counts["identified"]:
        items.append(
            TodayItem(
                title=ngettext("Invite one parent", "Invite %(num)s parents", counts["identified"]),
                href=url_for("recruitment.list_parents", forget=1, stage="identified"),
                note=_("You found them, and nobody has asked them yet."),
                tag=_("To ask"),
                tone="info",
            )
        )
    ready = queries.count_ready(counts)
    if ready >= FEWEST_PARENTS:
        items.append(
            TodayItem(
                title=_("Form a group: %(n)s parents are ready for a place", n=ready),
                href=url_for("cohorts.form_cohort"),
                note=_("Eight are enough to begin."),
                tag=_("Ready"),
                tone="good",
            )
        )
    return items


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """Nothing beside the homes' own welcome."""
    return []
