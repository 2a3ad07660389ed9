"""Numbers of the programme, of its questions and of its results are written once."""

from __future__ import annotations

import re
from pathlib import Path

from app.measures.queries import INSTRUMENT
from app.outcomes.disclosure.rules import Rules
from app.programme import numbers

ROOT = Path(__file__).resolve().parents[2]
NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|ninety)"
#: What a page may not count by itself.
HARD = re.compile(
    rf"\b(?:(?:8|eight) (?:weekly )?(?:sessions|meetings|dates)"
    rf"|(?:90|ninety) minutes"
    rf"|(?:12|twelve) questions"
    rf"|{NUMBER} to {NUMBER} (?:parents|carers|facilitators|people)"
    rf"|at least {NUMBER} parents|when eight parents|of (?:8|eight)\b"
    rf"|(?:meant for|needs) {NUMBER} to {NUMBER}|sessions? {NUMBER} to {NUMBER}|\b{NUMBER} to {NUMBER} and the last"
    rf"|after session 8|eight (?:weeks|are enough|of you)|of (?:5|five) done)",
    re.IGNORECASE,
)
#: Texts that are signed or sent as they stand: a new number is a new wording there.
AS_THEY_STAND = {
    "app/schools/words.py": "words of a state, which are made before there is a language",
    "app/cohorts/messages/sessions.py": "the wording of a message, which is previewed and kept",
}


def counted(text: str) -> list[str]:
    """The numbers that a text writes out; what only developers read is not looked at."""
    without_notes = re.sub(r'\{#.*?#\}|"""(?:.|\n)*?"""|(?m:^\s*#[^\n]*$)', "", text, flags=re.DOTALL)
    return [found[0] for found in HARD.finditer(without_notes)]


def test_pages_read_them():
    sources = sorted([*(ROOT / "app").rglob("*.html"), *(ROOT / "app").rglob("*.py")])
    found = {str(path.relative_to(ROOT)): counted(path.read_text()) for path in sources}
    assert {path for path, words in found.items() if words} == set(AS_THEY_STAND), found


def test_one_that_is_written_out_would_be_seen():
    assert counted('{{ _("Before the group: 12 questions") }}') == ["12 questions"]
    assert counted("Eight to ten parents, eight weekly sessions of 90 minutes") == [
        "Eight to ten parents",
        "eight weekly sessions",
        "90 minutes",
    ]
    assert counted("The group chooses 5 to 7. Sessions 1 to 4 are fixed. A group needs two to four.") == [
        "Sessions 1 to 4",
        "needs two to four",
    ]
    assert counted('{{ _("%(count)s questions", count=programme.questions) }}') == []


def test_they_are_those_of_the_instrument_and_the_rules():
    assert len(INSTRUMENT.items) == numbers.QUESTIONS
    assert Rules().min_parents == numbers.RESULTS_PARENTS
    assert Rules().min_controllers == numbers.RESULTS_SCHOOLS


def test_what_a_message_writes_out_is_the_programmes_number():
    """A new number is a new wording there; until somebody writes it, this is red."""
    written = {path: set(counted((ROOT / path).read_text())) for path in AS_THEY_STAND}
    assert written == {
        "app/schools/words.py": {f"When {numbers.spelled(numbers.FEWEST_PARENTS)} parents"},
        "app/cohorts/messages/sessions.py": {f"of {numbers.SESSIONS}", f"{numbers.QUESTIONS} questions"},
    }


def test_a_number_in_words():
    assert [numbers.spelled(number) for number in (1, 8, 10)] == ["one", "eight", "ten"]
