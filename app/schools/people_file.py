"""The people of a school or a council as a file for a spreadsheet, as their list shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.audit.trail import define
from app.shell.list_files import ListFile

SAVED_STAFF = define("schools:staff_list:saved", keys=("count",))
SAVED_MEMBERS = define("schools:member_list:saved", keys=("count",))


def make(rows: Sequence[Mapping[str, Any]]) -> ListFile:
    """These rows of `views.person_rows`, in their order."""
    return ListFile(
        "people",
        _("People"),
        [_("Name"), _("Role"), _("Job title"), _("Email address"), _("Account")],
        [
            [one["name"], str(one["role_words"]), one["job_title"], one["email"], str(one["words"])]
            for one in rows
        ],
    )
