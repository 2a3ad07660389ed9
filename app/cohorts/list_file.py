"""The school's groups as a file for a spreadsheet, as their page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.audit.trail import define
from app.cohorts.queries import GroupLine
from app.shell.dates import clock
from app.shell.list_files import ListFile, sortable
from app.states.groups import GroupState

SAVED = define("cohorts:list:saved", keys=("count",))


def make(groups: Sequence[GroupLine]) -> ListFile:
    """These, in their order."""
    where = {
        GroupState.FORMING: _("Forming"),
        GroupState.RUNNING: _("Meeting"),
        GroupState.CLOSED: _("Over"),
        GroupState.CANCELLED: _("Ended early"),
    }
    return ListFile(
        "groups",
        _("Groups"),
        [
            _("Group"),
            _("Where it is"),
            _("Room"),
            _("First session"),
            _("Next session"),
            _("Begins at"),
            _("Places"),
            _("Taken"),
        ],
        [
            [
                one.name,
                where[GroupState(one.state)],
                one.room,
                sortable(one.first_on),
                sortable(one.next_on),
                str(clock(one.next_starts_at)) if one.next_starts_at else "",
                str(one.places),
                str(one.taken),
            ]
            for one in groups
        ],
    )
