"""What is said of a term's results in each state, to the authority and to commissioners."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.shell.state_words import ByState, Words
from app.states.releases import ReleaseState

STATES = tuple(ReleaseState)

#: On a release's page at the authority, where it has no figures to show.
NO_FIGURES = ByState(
    "a release without figures, for the authority",
    STATES,
    {
        "draft": Words(_l("There are no figures here."), _l("Put the results of this term together again.")),
        "publishing": Words(_l("The figures are not here yet."), _l("Reload this page in a few seconds.")),
        "published": Words(
            _l("There are no figures here."), _l("What commissioners read is under their results.")
        ),
        "blocked": Words(
            _l("These results cannot be published."),
            _l("The reason is above. When more groups have finished, put them together again."),
        ),
        "withdrawn": Words(
            _l("These results were withdrawn."),
            _l("When and why is shown above. You can put the term together again."),
        ),
    },
)

#: A term in the authority's list: what stands in the column “Next” where there is nothing to press.
NEXT = ByState(
    "a term in the list of results",
    (*(state for state in STATES if state != ReleaseState.WITHDRAWN), "ready", "running", "asked"),
    {
        "running": Words(_l("Term not over"), _l("When the term is over")),
        "ready": Words(_l("Ready"), _l("Put together")),
        "asked": Words(_l("Being put together"), _l("Reload this page")),
        "draft": Words(_l("Draft"), _l("Look at it")),
        "blocked": Words(_l("Cannot be published"), _l("See why")),
        "publishing": Words(_l("Being published"), _l("Look at it")),
        "published": Words(_l("Published"), _l("Look at it")),
    },
)
