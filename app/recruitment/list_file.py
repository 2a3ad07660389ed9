"""The school's list of parents as a file for a spreadsheet, as the page of the list would show it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.audit.trail import define
from app.recruitment import queries
from app.recruitment.consents import LANGUAGES
from app.recruitment.stages import STAGES
from app.shell.list_files import ListFile, sortable
from app.shell.parsing import readable_phone

SAVED = define("recruitment:list:saved", keys=("count",))
#: More than any school has.
MOST = 10_000


def make(lines: Sequence[queries.ParentLine]) -> ListFile:
    """These, in their order."""
    return ListFile(
        "parents-and-carers",
        _("Parents and carers"),
        [
            _("Name"),
            _("Mobile number"),
            _("Email address"),
            _("How to reach them"),
            _("Language"),
            _("Where they are"),
            _("Since"),
            _("Year group"),
            _("Next step"),
        ],
        [_row(line) for line in lines],
    )


def _row(line: queries.ParentLine) -> list[str]:
    return [
        line.name,
        readable_phone(line.phone),
        line.email,
        ", ".join(map(str, line.reach_notes)),
        LANGUAGES.get(line.language, line.language),
        str(STAGES[line.stage].label),
        sortable(line.stage_changed_at),
        line.year_group,
        line.next_step,
    ]
