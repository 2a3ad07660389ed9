"""Every form whose words may be kept over a sign-in has its own questions and answers for the page that lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import wtforms

from app.identity import kept_forms as kept
from app.shell import asked
from app.shell.components import Form, SelectField, TextField
from tests.architecture.test_forms import every_form

ROOT = Path(__file__).resolve().parents[2]
#: Answers that only the form's page knows, people and groups by name or days to come; the page is looked at for them.
KNOWN_ON_THE_PAGE = {
    "AskForm.caller",
    "AcceptForm.who",
    "AssignForm.facilitator",
    "BookForm.session",
    "ChosenForm.chosen",
    "GivenForm.chosen",
    "ContactForm.owner_id",
    "MoveForm.on_date",
    "OfferForm.parents",
    "OutcomeForm.colleague",
    "OutcomeForm.outcome",
    "QuestionForm.answer",
    "StepForm.owner_id",
    "VoteForm.topics",
    "WelcomerForm.welcomer",
}
#: Sent by their address, never pressed: nothing of them waits.
BY_ADDRESS = {"app.cohorts.forms.FirstDayForm", "app.schools.forms.SearchForm"}


def pressed(app):
    """Endpoints that take presses."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())})


def without_words(form: Form) -> list[str]:
    """Questions and answers of `form` that would have to be shown by their code."""
    found = []
    for field in form:
        if isinstance(field, wtforms.HiddenField) or field.name in kept.SECRETS:
            continue
        name = f"{type(form).__name__}.{field.name}"
        if not _has_label(type(form), field):
            found.append(name)
        if isinstance(field, wtforms.SelectFieldBase) and name not in KNOWN_ON_THE_PAGE:
            answers = asked.choices(field)
            if not answers or any(not words.strip() for code, words in answers.items() if code):
                found.append(name)
    return found


def _has_label(kind: type[Form], field: wtforms.Field) -> bool:
    """Whether the form itself says what it asks; of a field without a label WTForms makes one from its name."""
    asked_for = getattr(kind, field.short_name)
    given = asked_for.args[0] if asked_for.args else asked_for.kwargs.get("label")
    return bool(given and asked.question(field).strip())


def test_every_form_is_found_behind_an_address_that_takes_it(shared_app):
    with shared_app.test_request_context():
        found = {kind for endpoint in pressed(shared_app) for kind in asked.forms_of(endpoint)}
    missing = {
        f"{kind.__module__}.{kind.__name__}"
        for kind in every_form()
        # Some are there only to be built upon.
        if kind not in found and not kind.__name__.startswith("_")
    } - BY_ADDRESS
    assert missing == set(), "kept over a sign-in, its words would stand nowhere: see app/shell/asked.py"


def test_every_question_and_answer_has_words(shared_app):
    with shared_app.test_request_context():
        forms = [form for endpoint in pressed(shared_app) for form in asked.unbound(endpoint)]
        assert sorted({name for form in forms for name in without_words(form)}) == []


def test_a_form_without_words_would_be_seen(shared_app):
    class Bare(Form):
        no_label = TextField()
        of_codes = SelectField("Which?", choices=[("one", " ")])
        of_nothing = SelectField("Which?")
        right = TextField("What happened?")

    with shared_app.test_request_context():
        assert without_words(Bare()) == ["Bare.no_label", "Bare.of_codes", "Bare.of_nothing"]


def test_no_page_asks_what_is_in_no_form():
    """What people type or choose stands in fields of forms, which have labels; templates draw none by themselves."""
    box = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
    drawn = [
        (path.relative_to(ROOT).as_posix(), found)
        for path in sorted((ROOT / "app").rglob("*.html"))
        for found in box.findall(path.read_text(encoding="utf-8"))
        if re.search(r"\bname=", found) and 'type="hidden"' not in found
    ]
    assert drawn == []


@pytest.mark.parametrize("name", sorted(KNOWN_ON_THE_PAGE))
def test_what_only_a_page_knows_is_in_a_form(name):
    form, _dot, field = name.partition(".")
    assert any(kind.__name__ == form and hasattr(kind, field) for kind in every_form())
