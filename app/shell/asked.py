"""What somebody typed into a form, under its own questions and in its own answers; nothing that only it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FunctionType
from typing import Any

import wtforms
from flask import current_app
from flask_babel import gettext as _

from app.shell.components import Form

#: How many calls away from its view a form may be made, in functions of the same package or of the shell.
DEEP = 3


def answers(fields: Sequence[tuple[str, str]], forms: Iterable[Form]) -> list[dict[str, str]]:
    """Each question of `forms` that was answered, in the order in which it was sent, with the answer in words.

    What is typed stands as it was typed, also a date or a time. What is in none of the forms, or hidden in one, is left
    out: a person typed none of it.
    """
    known = {field.name: field for form in reversed(list(forms)) for field in form if _is_asked(field)}
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name in known and value.strip():
            given.setdefault(name, []).append(value)
    return [{"key": question(known[name]), "value": _said(known[name], given[name])} for name in given]


def question(field: wtforms.Field) -> str:
    """What a field asks: its label, without the markup that some have."""
    return str(field.label.text)


def _is_asked(field: wtforms.Field) -> bool:
    return not isinstance(field, wtforms.HiddenField | wtforms.FileField | wtforms.PasswordField)


def _said(field: wtforms.Field, values: Sequence[str]) -> str:
    if isinstance(field, wtforms.BooleanField):
        return _("Ticked")
    if isinstance(field, wtforms.SelectFieldBase):
        words = choices(field)
        return ", ".join(_in_words(words, value) for value in values)
    return " ".join(values)


def _in_words(words: dict[str, str], value: str) -> str:
    """The words of one chosen answer. One that the form does not offer now has nothing but its code."""
    found = words.get(value, "")
    return _("an answer that the form does not show now") if not found or _is_id(found) else found


def _is_id(words: str) -> bool:
    return len(words) == 36 and words.count("-") == 4


def choices(field: wtforms.Field) -> dict[str, str]:
    """The words of a field's choices by their codes; none where only the page knows them."""
    offered = getattr(field, "choices", None) or ()
    if isinstance(offered, dict):
        offered = [choice for group in offered.values() for choice in group]
    pairs = ((one.value, one.label) if hasattr(one, "value") else one[:2] for one in offered)
    return {str(code): str(words) for code, words in pairs}


# ---- the forms of a page that is not open


def unbound(endpoint: str) -> list[Form]:
    """The forms that may be sent to `endpoint`, empty: their questions, and the answers that never change."""
    return [kind(formdata=None, meta={"csrf": False}) for kind in forms_of(endpoint)]


def forms_of(endpoint: str) -> list[type[Form]]:
    """The classes of form that the view behind `endpoint` names, itself or in what it calls nearby."""
    found: dict[type[Form], None] = {}
    view = current_app.view_functions.get(endpoint)
    if view is not None:
        _look(view, found, set(), DEEP)
    return list(found)


def _look(view: Callable[..., Any], found: dict[type[Form], None], seen: set[Any], deep: int) -> None:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    code = getattr(view, "__code__", None)
    if code is None or code in seen:
        return
    seen.add(code)
    names = getattr(view, "__globals__", {})
    for thing in _named_in(code, names):
        if isinstance(thing, type) and issubclass(thing, Form) and thing is not Form:
            found[thing] = None
        elif deep and isinstance(thing, FunctionType) and _is_near(thing, view):
            _look(thing, found, seen, deep - 1)


def _named_in(code: Any, names: dict[str, Any]) -> Iterator[Any]:
    """What the code names: things of its module, and things of modules that it names."""
    for name in code.co_names:
        thing = names.get(name)
        if hasattr(thing, "__file__") and str(getattr(thing, "__name__", "")).startswith("app."):
            yield from (vars(thing)[inner] for inner in code.co_names if inner in vars(thing))
        elif thing is not None:
            yield thing
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            yield from _named_in(inner, names)


def _is_near(one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    packages = {one.__module__.rpartition(".")[0], "app.shell"}
    return other.__module__.rpartition(".")[0] in packages or one.__module__.startswith(
        ("app.shell.list_search", "app.shell.chosen_lines")
    )
