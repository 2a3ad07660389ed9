"""How large a group is, how long it goes on, how much is asked: the programme's own numbers.

Pages and messages read them here: `programme` in templates. What another place decides, and floors below it need too,
is held to it by `tests/architecture/test_numbers.py`.
"""

from __future__ import annotations

from types import SimpleNamespace

from flask_babel import gettext as _

SESSIONS = 8
#: The first and the last session whose theme is the group's to choose; those before them, and the last, are fixed.
CHOSEN_FROM, CHOSEN_TO = 5, 7
SESSION_MINUTES = 90
FEWEST_PARENTS, MOST_PARENTS = 8, 10
#: With a reason a group may have more places, up to so many.
PLACES_WITH_REASON = 14
FEWEST_FACILITATORS, MOST_FACILITATORS = 2, 4
#: So many days somebody has to answer who is offered a place, unless staff choose; and the most that they may choose.
OFFER_DAYS, OFFER_DAYS_MOST = 5, 28
#: A group that has met so often asks nobody new by itself.
OFFERS_ON_UNTIL = 2
#: Whoever is asked for a call makes it within so many days on which the school is open.
CALL_WITHIN = 2
#: Questions of the instrument: `app/measures/instruments.py`.
QUESTIONS = 12
#: What results cover at least: `app/outcomes/disclosure/rules.py`.
RESULTS_PARENTS, RESULTS_SCHOOLS = 10, 3


def spelled(number: int) -> str:
    """A number from one to ten as a word, for the beginning and the middle of a sentence alike: in small letters."""
    return (
        _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"), _("ten")
    )[number - 1]  # fmt: skip


#: For templates.
PROGRAMME = SimpleNamespace(
    sessions=SESSIONS,
    fixed_to=CHOSEN_FROM - 1,
    chosen_from=CHOSEN_FROM,
    chosen_to=CHOSEN_TO,
    minutes=SESSION_MINUTES,
    fewest_parents=FEWEST_PARENTS,
    most_parents=MOST_PARENTS,
    fewest_facilitators=FEWEST_FACILITATORS,
    most_facilitators=MOST_FACILITATORS,
    questions=QUESTIONS,
    results_parents=RESULTS_PARENTS,
    results_schools=RESULTS_SCHOOLS,
    spelled=spelled,
)
