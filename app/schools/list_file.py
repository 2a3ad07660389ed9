"""A council's schools as a file for a spreadsheet, as the list shows them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.audit.trail import define
from app.schools.pipeline import PipelineRow
from app.schools.stages import STAGES
from app.shell.list_files import ListFile, sortable
from app.shell.parsing import readable_phone

SAVED = define("schools:list:saved", keys=("count",))


def make(rows: Sequence[PipelineRow]) -> ListFile:
    """These, in their order."""
    return ListFile(
        "schools",
        _("Schools"),
        [
            _("School"),
            _("URN"),
            _("Phase"),
            _("Run by"),
            _("Stage"),
            _("Since"),
            _("Waits too long, days"),
            _("What is missing or next"),
            _("Contact"),
            _("Role"),
            _("Phone"),
            _("Email address"),
        ],
        [_row(one) for one in rows],
    )


def _row(one: PipelineRow) -> list[str]:
    school, stage = one.school, STAGES[one.school.stage]
    return [
        school.name,
        str(school.urn),
        school.phase or "",
        school.controller_name,
        str(stage.label),
        sortable(school.waiting_since),
        str(one.stuck_days or ""),
        ". ".join(one.missing) or str(stage.next_action),
        school.contact_name,
        school.contact_role,
        readable_phone(school.contact_phone),
        school.contact_email,
    ]
