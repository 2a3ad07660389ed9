"""How each message reads with an invented school and family: by the renderer that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial

from flask_babel import gettext as _

from app.identity.roles import Role, label_of
from app.messages.kind import FIELDS, Kind
from app.messages.words import Own, render
from app.shell.dates import in_words as date_in_words
from app.shell.dates import plain_clock, weekday
from app.states.messages import Channel
from infra.clock import today

#: Empty in most messages: a sentence with one of these stands in place of another, or only now and then.
_NOW_AND_THEN = (
    "old_time", "new_time", "later_date", "later_time", "paused_school", "school_instead", "met", "left",
)  # fmt: skip


#: As long as what stands in a one-time link.
_SECRET = "x" * 22


@dataclass(frozen=True, slots=True)
class Example:
    """One way in which a message goes. `is_first`: to a number to which nothing went before."""

    channel: Channel
    is_first: bool
    subject: str
    body: str


def read(kind: Kind, authority: str, base_url: str, own: Own | None = None) -> list[Example]:
    """The words on each channel that this kind has; of a text also as the first to a number, where that differs.

    With a link as long as those of the service at `base_url`: where it leaves no room, a text gives way as then.
    """
    link = f"{base_url}/l/{_SECRET}" if kind.needs_token else f"{base_url}/my/group"
    found: list[Example] = []
    for channel in kind.channels:
        fields = {
            **dict.fromkeys(FIELDS, ""),
            **_fields(authority, short=channel is Channel.SMS),
            "link": link,
        }
        for is_first in (False, True) if channel is Channel.SMS else (False,):
            words = render(kind, channel, fields, own=own, is_first_text=is_first)
            one = Example(channel, is_first, words.subject, words.body.replace(link, _("[their own link]")))
            if one.body not in [other.body for other in found]:
                found.append(one)
    return found


def _fields(authority: str, *, short: bool) -> Mapping[str, str]:
    in_words = partial(date_in_words, short=short)
    soon = today() + timedelta(days=14)
    invented = {
        "authority": authority,
        "school": "Oakfield",
        "staff_name": "Sam Shah",
        "sender": "Sam Shah, Oakfield",
        "first_name": "Ada",
        "thanks_to": "Ada",
        "role": label_of(Role.SCHOOL_LEAD, is_deputy=False),
        "phone": "020 7946 0000",
        "stop_link": _("[their own link]"),
        "join": _("[the link to join]"),
        "code": "123456",
        "until": in_words(soon),
        "begins": in_words(soon),
        "lasts": _("10 minutes"),
        "answer_by": in_words(soon),
        "date": in_words(soon),
        "time": plain_clock(time(18)),
        "end_time": plain_clock(time(19, 30)),
        "weekday": weekday(soon),
        "room": _("the library"),
        "number": "3",
        "join_before": _("two hours"),
        "drinks": _("hot drinks"),
        "old_date": in_words(soon - timedelta(days=7)),
        "next_date": in_words(soon + timedelta(days=7)),
        "new_date": in_words(soon),
        "dates": ", ".join(in_words(soon + timedelta(weeks=week)) for week in range(3)),
        "group": _("Library group"),
        "leaders": "Bo and Cem",
        "words": _("Tonight we are in the hall."),
        "words_by_text": _("Tonight we are in the hall."),
        "writer": "Sam Shah",
        "heading": _("New dates for training"),
        "announcement": _("The next training for facilitators is in January."),
        "reason": _("We talk with the school about the room."),
    }
    return {**invented, **dict.fromkeys(_NOW_AND_THEN, "")}
