"""How a group meets, in words that stand wherever a room stands: pages, messages, papers and calendars.

What is stored as a group's or a session's `room` is where it meets: the room, *online*, or *the room, or online*. So
whatever says where a group meets says this too, and no session that is online sends anybody to a door.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.states.groups import GroupFormat

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


def is_join_link(typed: str) -> bool:
    """Whether that is a whole https address, with a page on a host that has a name."""
    if not _LINK.fullmatch(typed) or any(sign in typed for sign in "\"'<>\\`{}|^"):
        return False
    try:
        parts = urlsplit(typed)
        return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)) and parts.path not in ("", "/")
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
