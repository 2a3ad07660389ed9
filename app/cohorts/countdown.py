"""How many more parents to ask, and by when, so that a group that is forming begins on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.cohorts.queries import GroupLine
from app.programme.numbers import FEWEST_PARENTS
from app.recruitment.rates import Rates
from app.shell.dates import day
from app.shell.today import TodayItem
from app.states.groups import GroupState
from infra.clock import today


@dataclass(frozen=True, slots=True)
class Countdown:
    """What a group still needs: `wanted` parents beside those who have a place or are ready for one, by `first_on`.

    `to_ask` of them, by `ask_by`, as the school's own past says; None where too few were asked to say. `is_late`: most
    take longer to answer than there is until then.
    """

    name: str
    first_on: date
    wanted: int
    to_ask: int | None
    ask_by: date
    is_late: bool = False


def count_down(
    groups: Sequence[GroupLine], ready: int, kept_open: Mapping[UUID, int], rates: Rates
) -> list[Countdown]:
    """Groups that are forming, have a first day to come and too few parents; the first to begin takes who is ready.

    `kept_open`: places that are offered now, by group.
    """
    found, before = [], 0
    forming = [one for one in groups if one.state == GroupState.FORMING and one.first_on is not None]
    for group in sorted(forming, key=lambda one: (one.first_on or date.max, one.id)):
        first_on = group.first_on or date.max
        wanted = FEWEST_PARENTS - group.taken - kept_open.get(group.id, 0)
        if first_on <= today() or wanted <= 0:
            continue
        there = min(ready, wanted)
        ready, wanted = ready - there, wanted - there
        if wanted:
            # Those who were asked lately are counted once, for the first group that needs them.
            to_ask = rates.to_ask(before + wanted) - rates.to_ask(before) if rates.is_known else None
            before += wanted
            ask_by = first_on - timedelta(days=rates.days)
            is_late = rates.is_known and ask_by < today()
            found.append(Countdown(group.name, first_on, wanted, to_ask, max(today(), ask_by), is_late))
    return found


def item_of(one: Countdown, rates: Rates) -> TodayItem:
    """The same for the home of a school's staff."""
    needs = ngettext(
        "%(group)s begins on %(day)s and needs one more.",
        "%(group)s begins on %(day)s and needs %(num)s more.",
        one.wanted,
        group=one.name,
        day=day(one.first_on),
    )
    tag = _("To ask")
    if one.to_ask is None:
        title = ngettext("One more parent is needed", "%(num)s more parents are needed", one.wanted)
        past = _("Too few have been asked here so far to say how many to ask.")
    else:
        if one.to_ask:
            title = ngettext("Ask one more parent", "Ask %(num)s more parents", one.to_ask)
        elif one.is_late:
            title, tag = _("Call those you have asked"), _("To call")
        else:
            title, tag = _("Wait for those you have asked"), _("Waiting")
        past = ngettext(
            "Here %(joined)s of %(asked)s who were asked have joined, nearly all of them within a day.",
            "Here %(joined)s of %(asked)s who were asked have joined, nearly all of them within %(num)s days.",
            rates.days,
            joined=rates.joined,
            asked=rates.asked,
        )
        if one.is_late:
            past += " " + _("That is longer than there is time: call them, or choose a later first day.")
    return TodayItem(
        title=title,
        href=url_for("recruitment.list_parents"),
        note=f"{needs} {past}",
        on=one.first_on if one.to_ask is None else one.ask_by,
        tag=tag,
        tone="waiting",
    )
