"""What is longer than its box is refused for that alone: nothing looks into it, however much somebody sends."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Field

from app.shell import fields
from app.shell.components import Form, LongTextField, NameField, PasswordField, TextField
from app.shell.fields import ReadField
from app.shell.searching import MOST_LETTERS, needles


def _kinds(kind: type[Field]) -> set[type[Field]]:
    return {kind}.union(*map(_kinds, kind.__subclasses__()))


READ = sorted(
    (kind for kind in _kinds(ReadField) if kind.__module__ == fields.__name__ and kind is not ReadField),
    key=lambda kind: kind.__name__,
)
LONG = "x" * 20_000


def refused(field: Field, app) -> list[str]:
    kind = type("One", (Form,), {"box": field, "Meta": type("Meta", (), {"csrf": False})})
    with app.test_request_context():
        form = kind(MultiDict({"box": LONG}))
        assert not form.validate()
        return list(form.box.errors)


@pytest.mark.parametrize("kind", [TextField, LongTextField, NameField, PasswordField])
def test_no_check_looks_into_what_is_too_long(shell_app, kind):
    looked: list[str] = []
    said = refused(kind("Box", [lambda _form, field: looked.append(field.data)]), shell_app)
    assert [words.partition(" or")[0] for words in said] == [f"Use {shown(kind)} letters"]
    assert not looked


def shown(kind: type[Field]) -> str:
    known = {LongTextField: fields.LONG_TEXT_LENGTH, NameField: fields.NAME_LENGTH}
    return f"{known.get(kind, fields.TEXT_LENGTH):,}"


@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.__name__)
def test_nothing_too_long_is_read(shell_app, kind, monkeypatch):
    read: list[str] = []
    monkeypatch.setattr(kind, "read", lambda _self, typed: read.append(typed))
    bounds = {"lowest": 1, "highest": 5} if kind is fields.IntegerField else {}
    assert "letters or fewer" in refused(kind("Box", **bounds), shell_app)[0]
    assert not read


def test_a_search_looks_at_no_more_than_anything_is_found_by():
    assert needles("1" * 20_000) == ["1" * MOST_LETTERS]
    assert needles("a" * 20_000) == ["a" * MOST_LETTERS]
