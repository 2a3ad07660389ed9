"""How a group meets, in words that stand wherever a room stands: pages, messages, papers and calendars.

What is stored as a group's or a session's `room` is where it meets: the room, *online*, or *the room, or online*. So
whatever says where a group meets says this too, and no session that is online sends anybody to a door.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.states.groups import GroupFormat

#: So long before a session its link is shown and sent; `app.my_joining` says the same.
SHOWN_BEFORE = timedelta(hours=2)
ONLINE = "online"
OR_ONLINE = ", or online"
CHOICES = (
    (GroupFormat.ROOM, _l("In a room")),
    (GroupFormat.ONLINE, _l("Online")),
    (GroupFormat.BOTH, _l("Both: in a room, and some join online")),
)


#: A meeting's address: a name with a dot, and no account, port of its own or another script in it.
_HOST = re.compile(r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+")
_LINK = re.compile(r"[!-~]+")


def tidy_join_link(typed: str) -> str:
    """`typed` with its scheme and host in small letters, as they mean the same: phones write `Https://`."""
    scheme, colon, rest = typed.partition("://")
    host, slash, page = rest.partition("/")
    return f"{scheme.lower()}{colon}{host.lower()}{slash}{page}"


def why_no_join_link(typed: str) -> str:
    """Why that is no whole https address, with a page on a host that has a name; empty where it is one."""
    words = typed.split()
    if len(words) > 1 and any("://" in word for word in words):
        return _("Paste the link alone, without the words around it.")
    if not typed.startswith("https://"):
        return _("Enter the whole link, as your meeting gives it. It begins with https://")
    if _is_join_link(typed):
        return ""
    return _(
        "We cannot use this link. Copy it again from your meeting: it has a page, and no spaces or quotes."
    )


def _is_join_link(typed: str) -> bool:
    if not _LINK.fullmatch(typed) or any(sign in typed for sign in "\"'<>\\`{}|^"):
        return False
    try:
        parts = urlsplit(typed)
        return bool(_HOST.fullmatch(parts.netloc)) and parts.path not in ("", "/")
    except ValueError:
        return False


def where_words(format_: str, room: str) -> str:
    """Where a group of this format meets: *Library*, *online*, or *Library, or online*."""
    if format_ == GroupFormat.ONLINE:
        return ONLINE
    return f"{room}{OR_ONLINE}" if format_ == GroupFormat.BOTH else room


def room_in(where: str) -> str:
    """The room in those words; empty where there is none."""
    return "" if where.strip().lower() == ONLINE else where.removesuffix(OR_ONLINE)


def is_online(where: str) -> bool:
    """Whether somebody may join online, by those words."""
    return where == ONLINE or where.endswith(OR_ONLINE)
