"""Who asked on the sign-up page, and that it closes soon, on the homes of a school's staff."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.schools import stage_rights
from app.shell.dates import day
from app.shell.today import TodayItem
from app.signing_up import queries
from infra.clock import today
from tenants.together import together

#: From how long before it closes by itself the home says so.
SOON = timedelta(days=7)


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Who asked and has no answer yet, and a page that closes within a week."""
    with together(session) as ask:
        waits = ask(queries.count_waiting, identity.own_school_id)
        found = ask(queries.find_page, identity.own_school_id)
    items, waiting, page = [], waits.value, found.value
    if waiting.count:
        items.append(
            TodayItem(
                title=ngettext("One person signed up", "%(num)d people signed up", waiting.count),
                href=url_for("signing_up.overview"),
                note=_(
                    "They asked on your sign-up page. What nobody answers is deleted, the first on %(day)s.",
                    day=day(waiting.first_goes_on),
                ),
                tag=_("To answer"),
                tone="attention",
            )
        )
    if (
        page is not None
        and queries.is_open(page)
        and page.open_until - today() <= SOON
        and stage_rights.may_now(session, identity.own_school_id, "find_parents")
    ):
        items.append(
            TodayItem(
                title=_("Your sign-up page closes on %(day)s", day=day(page.open_until)),
                href=url_for("signing_up.overview"),
                note=_("Keep it open for longer, or let it close."),
                tag=_("Closes soon"),
                tone="waiting",
            )
        )
    return items
