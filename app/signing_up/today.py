"""Who asked on the sign-up page, and that it closes soon, on the homes of a school's staff."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.recruitment import passed_on
from app.schools import stage_rights
from app.shell.dates import day
from app.shell.kept import kept
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
        known = ask(passed_on.list_all, identity.own_school_id)
    items, waiting, page = [], waits.value, found.value
    may_answer = stage_rights.may_now(session, identity.own_school_id, "find_parents")
    if waiting.count:
        items.append(_who_waits(waiting, may_answer=may_answer))
    items.extend(
        TodayItem(
            title=_("%(name)s has not said yes yet", name=kept(one.name)),
            href=url_for("recruitment.show_parent", parent_id=one.parent_id),
            note=_(
                "%(organisation)s passed them on to you. They are deleted on %(day)s, unless they answer by themselves"
                " or tell you that they would like to hear more.",
                organisation=kept(one.organisation),
                day=day(one.goes_on),
            ),
            on=one.goes_on,
            tag=_("Deleted soon"),
            tone="waiting",
        )
        for one in known.value
        if one.goes_on - today() <= SOON
    )
    if page is not None and queries.is_open(page) and page.open_until - today() <= SOON and may_answer:
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


def _who_waits(waiting: queries.Waiting, *, may_answer: bool) -> TodayItem:
    """What staff cannot answer now is said too: the days run out all the same."""
    title = ngettext("One person signed up", "%(num)d people signed up", waiting.count)
    first = day(waiting.first_goes_on)
    if may_answer:
        note = _(
            "On your sign-up page, by a link that you gave out, or from their own account. What nobody answers is"
            " deleted, the first on %(day)s.",
            day=first,
        )
        return TodayItem(
            title=title,
            href=url_for("signing_up.overview"),
            note=note,
            tag=_("To answer"),
            tone="attention",
        )
    note = _(
        "Your school takes no new parents now, so nobody can be taken into your list. What they wrote is deleted after"
        " 28 days all the same, the first on %(day)s. Call them before then, and say when they can ask again.",
        day=first,
    )
    return TodayItem(
        title=title, href=url_for("signing_up.overview"), note=note, tag=_("Deleted soon"), tone="waiting"
    )
