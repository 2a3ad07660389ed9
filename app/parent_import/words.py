"""What the states of a list are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.states.imports import ImportState

STATES = {
    ImportState.COLUMNS: {"label": _l("Say what its columns are"), "kind": "attention"},
    ImportState.WAITING: {"label": _l("Being read"), "kind": "waiting"},
    ImportState.READING: {"label": _l("Being read"), "kind": "waiting"},
    ImportState.STOPPED: {"label": _l("Reading stopped"), "kind": "attention"},
    ImportState.CHECKED: {"label": _l("Checked, nobody added"), "kind": "waiting"},
    ImportState.ADDED: {"label": _l("Added"), "kind": "good"},
    ImportState.UNDONE: {"label": _l("Taken back"), "kind": "quiet"},
}
