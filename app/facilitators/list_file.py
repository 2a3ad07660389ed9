"""The school's list of facilitators and applicants as a file for a spreadsheet, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.audit.trail import define
from app.facilitators.queries import FacilitatorLine
from app.facilitators.stages import STAGES
from app.shell.list_files import ListFile, sortable
from app.shell.parsing import readable_phone
from app.states.facilitators import FacilitatorKind

SAVED = define("facilitators:list:saved", keys=("count",))


def make(lines: Sequence[FacilitatorLine]) -> ListFile:
    """These, in their order."""
    return ListFile(
        "facilitators",
        _("Facilitators"),
        [
            _("Name"),
            _("Mobile number"),
            _("Email address"),
            _("Parent or professional"),
            _("Step"),
            _("Since"),
        ],
        [
            [
                line.name,
                readable_phone(line.phone),
                line.email,
                _("Professional") if line.kind == FacilitatorKind.PROFESSIONAL else _("Parent"),
                str(STAGES[line.stage].label),
                sortable(line.stage_changed_at),
            ]
            for line in lines
        ],
    )
