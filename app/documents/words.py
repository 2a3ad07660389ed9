"""What is said of a document in each of its states, wherever it stands in a list or is waited for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.state_words import ByState, Words
from app.states.documents import DocumentState

STATES = tuple(DocumentState)
#: What becomes of one that is ready: what it was for is over, a newer one is there, its file is not kept any more.
LATER = ("withdrawn", "superseded", "erased")

_MADE = Words(
    _l("We are getting it ready"),
    _l("This usually takes a few seconds. You can stay here, or close this page and look later."),
)
_CHECKED = Words(
    _l("We are checking this file"),
    _l("Nobody can open it until then. This usually takes a few seconds; when our check is down, longer."),
)
#: The page of somebody who wants to open it.
WAITING = ByState(
    "a document that somebody wants to open",
    (*STATES, *LATER),
    {
        "queued": _MADE,
        "making": _MADE,
        "quarantined": _CHECKED,
        "checking": _CHECKED,
        "ready": Words(_l("It is here"), _l("Press the button to open it.")),
        "refused": Words(_l("This document cannot be opened")),
        "withdrawn": Words(
            _l("This paper is no longer in use"),
            _l(
                "The invitation or the place that it was made for has ended. Please do not use it or hand it out."
            ),
        ),
        "superseded": Words(
            _l("A newer one has taken its place"),
            _l("Something in it has changed since. Please use the newest."),
        ),
        "erased": Words(
            _l("This document is no longer kept"),
            _l("Its time was up, or it was erased. If you still need one, ask for it where you asked first."),
        ),
    },
)
#: Beside its name in a list; the day stands there instead once it is ready.
IN_A_LIST = ByState(
    "a document in a list",
    STATES,
    {
        "queued": Words(_l("Being made")),
        "making": Words(_l("Being made")),
        "quarantined": Words(_l("Being checked")),
        "checking": Words(_l("Being checked")),
        "ready": Words(_l("Ready")),
        "refused": Words(_l("Cannot be opened")),
    },
)
#: What to do about one that is refused and says nothing itself, by whether somebody uploaded it.
REFUSED_MADE = _l("We could not make it. Ask for it again from the page where you asked first.")
REFUSED_UPLOADED = _l("It did not pass our checks. Please upload another.")
