"""An answer that is collected changes something: for every field of every form, what it changes and where that is read.

A new field is declared in `field_changes.py` with the file that acts on it or shows it to whoever acts, and the word by
which it is known there where that is another; without, the build fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import wtforms

from tests.architecture.field_changes import CHANGES, EVERYWHERE
from tests.architecture.test_forms import every_form

ROOT = Path(__file__).resolve().parents[2]


def fields_of(form: type) -> set[str]:
    return {
        name for name in dir(form) if isinstance(getattr(form, name, None), wtforms.fields.core.UnboundField)
    } - EVERYWHERE


def declared(form: type) -> dict[str, tuple[str, ...]]:
    entries = CHANGES.get(form.__module__.split(".")[1], {}).get(form.__name__, {})
    return {name: what for names, what in entries.items() for name in names.split()}


FORMS = [form for form in every_form() if not form.__name__.startswith("_") and fields_of(form)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_field_says_what_its_answer_changes(form):
    assert fields_of(form) == set(declared(form)), (
        "declare in field_changes.py what a new field changes, or take it out"
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_and_that_place_reads_it(form):
    for name, (_what, place, *called) in declared(form).items():
        assert not place.endswith("forms.py"), f"{name}: a form changes nothing by itself"
        # As code says it (an attribute, a key, an argument), not in a sentence.
        said = re.escape(called[0]) if called else rf"[.\"'\[]{name}\b|\b{name}\s*=[^=]|\b{name}\b(?=\.)"
        assert re.search(said, (ROOT / place).read_text(encoding="utf-8")), f"{name}: {place}"


def test_nothing_is_declared_that_is_not_asked():
    known = {(form.__module__.split(".")[1], form.__name__) for form in FORMS}
    assert {(package, form) for package, forms in CHANGES.items() for form in forms} <= known
