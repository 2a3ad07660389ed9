"""One thing and many things: a number that may be 1 never stands before a plural that is written out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.programme import numbers

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for pattern in ("*.py", "*.html")
    for path in (ROOT / "app").rglob(pattern)
    if not {"cli", "static"} & set(path.relative_to(ROOT / "app").parts)
)
THINGS = (
    "parents|carers|people|places|days|weeks|months|minutes|hours|sessions|facilitators|messages|schools|groups"
    "|lines|others|concerns|things|codes|questions|areas|meetings|answers|years"
)
#: gettext with a number before a plural. ngettext has both forms.
LOOSE = re.compile(
    rf"(?<![a-z])_l?\(\s*\"[^\"]*%\((?!name|school|who|day|month|time)(?P<number>\w+)\)s (more |other )?({THINGS})\b"
)
#: Numbers that are never 1: limits of ours.
NEVER_ONE = {
    "app/cohorts/today.py": "eight at least",
    "app/schools/settings.py": "how many lines there may be",
    "app/accounts/passkey_routes.py": "minutes of a limit",
    "app/accounts/confirm_routes.py": "minutes of a limit",
    "app/facilitators/templates/facilitators/list.html": "days of a stage",
    "app/measures/templates/measures/intro.html": "questions of an instrument",
    "app/outcomes/report.py": "two at least, counted with ngettext where it may be one",
}

#: The programme's own numbers, as Python and templates read them.
OURS = {name for name, value in vars(numbers).items() if isinstance(value, int) and value > 1} | {
    f"programme.{name}"
    for name, value in vars(numbers.PROGRAMME).items()
    if isinstance(value, int) and value > 1
}


def loose(source: str) -> list[str]:
    return [
        found[0] for found in LOOSE.finditer(source) if not _is_ours(found["number"], source[found.end() :])
    ]


def _is_ours(name: str, rest: str) -> bool:
    """Whether this number is one of the programme's own, which `app/programme` holds above one."""
    given = re.search(rf"\b{name}=(?:(?:programme\.)?spelled\()?(programme\.\w+|\w+)", rest)
    return given is not None and given[1] in OURS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_number_agrees_with_its_noun(path):
    if str(path.relative_to(ROOT)) not in NEVER_ONE:
        assert loose(path.read_text()) == []


def test_a_plural_alone_would_be_seen():
    assert loose('_("%(n)s parents are ready", n=n)')
    assert loose('_l("In %(num)s more weeks")')
    assert loose('_("%(n)s questions", n=found)')
    assert not loose('_("%(n)s questions", n=QUESTIONS)')
    assert not loose('_("%(n)s questions", n=programme.questions)')
    assert not loose('ngettext("%(num)s parent", "%(num)s parents", n)')
