"""How each message reads with an invented school and family: by the renderer that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext as _

from app.identity.roles import Role, label_of
from app.messages.kind import FIELDS, Kind
from app.messages.words import Own, Words, render
from app.shell.dates import in_words, weekday
from app.states.messages import Channel
from infra.clock import today

#: Empty in most messages: a sentence with one of these stands in place of another, or only now and then.
_NOW_AND_THEN = (
    "old_time", "new_time", "later_date", "later_time", "paused_school", "school_instead", "met", "left",
)  # fmt: skip


def read(kind: Kind, authority: str, own: Own | None = None) -> dict[Channel, Words]:
    """The words on each channel that this kind has."""
    fields = {**dict.fromkeys(FIELDS, ""), **_fields(authority)}
    return {channel: render(kind, channel, fields, own=own) for channel in kind.channels}


def _fields(authority: str) -> Mapping[str, str]:
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
        "link": _("[their own link]"),
        "stop_link": _("[their own link]"),
        "join": _("[the link to join]"),
        "code": "123456",
        "until": in_words(soon, short=True),
        "begins": in_words(soon, short=True),
        "lasts": _("10 minutes"),
        "answer_by": in_words(soon, short=True),
        "date": in_words(soon, short=True),
        "time": "6pm",
        "end_time": "7:30pm",
        "weekday": weekday(soon),
        "room": _("the library"),
        "number": "3",
        "join_before": _("two hours"),
        "drinks": _("hot drinks"),
        "old_date": in_words(soon - timedelta(days=7), short=True),
        "next_date": in_words(soon + timedelta(days=7), short=True),
        "new_date": in_words(soon, short=True),
        "dates": ", ".join(in_words(soon + timedelta(weeks=week), short=True) for week in range(3)),
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
