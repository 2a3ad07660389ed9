"""Templates are compiled once for all workers of a machine."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader

from app.shell import templating


def render(folder) -> str:
    environment = templating.KeepingEnvironment(
        Flask("app"), loader=DictLoader({"page": "{{ parent.first_name }}"})
    )
    environment.filters["kept"] = "<{}>".format
    environment.bytecode_cache = templating.CompiledTemplates(str(folder))
    return environment.get_template("page").render(parent={"first_name": "Ana"})


def compiles_nothing(*_args) -> None:
    raise AssertionError("compiled again")


def test_a_second_worker_takes_what_the_first_compiled(tmp_path, monkeypatch):
    first = render(tmp_path)
    monkeypatch.setattr(templating.KeepingEnvironment, "_parse", compiles_nothing)
    assert render(tmp_path) == first == "<Ana>"


def test_what_another_release_compiled_is_left(tmp_path, monkeypatch):
    """What is done to a template as it is compiled may have changed while its words did not."""
    render(tmp_path)
    monkeypatch.setattr(templating, "_MADE_BY", "another")
    monkeypatch.setattr(templating.KeepingEnvironment, "_parse", compiles_nothing)
    with pytest.raises(AssertionError, match="compiled again"):
        render(tmp_path)
