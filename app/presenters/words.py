"""What became of a booking, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.states.presenters import PresenterState

STATES = {
    PresenterState.ASKED: _l("Has not answered"),
    PresenterState.YES: _l("Comes"),
    PresenterState.NO: _l("Cannot come"),
    PresenterState.OFF: _l("Session cancelled"),
    PresenterState.TAKEN_BACK: _l("Taken back"),
}
TONES = {
    PresenterState.ASKED: "waiting",
    PresenterState.YES: "good",
    PresenterState.NO: "attention",
    PresenterState.OFF: "quiet",
    PresenterState.TAKEN_BACK: "quiet",
}
