"""The list of the office as a file for a spreadsheet: for envelopes and labels."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.audit.trail import define
from app.recruitment.consents import LANGUAGES
from app.recruitment.for_office import OfficeLine
from app.shell.list_files import ListFile, sortable
from app.shell.parsing import readable_phone

SAVED = define("office:list:saved", keys=("count",))


def make(lines: Sequence[OfficeLine]) -> ListFile:
    """What the page shows of each."""
    return ListFile(
        "parents-and-carers",
        _("Parents and carers"),
        [
            _("Name"),
            _("Mobile number"),
            _("Email address"),
            _("How to reach them"),
            _("Language"),
            _("Last invited"),
        ],
        [
            [
                line.name,
                readable_phone(line.phone),
                line.email,
                ", ".join(map(str, line.reach_notes)),
                LANGUAGES.get(line.language, line.language),
                sortable(line.invited_at),
            ]
            for line in lines
        ],
    )
