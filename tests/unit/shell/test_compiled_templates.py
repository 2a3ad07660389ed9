"""Templates are compiled once for all workers of a machine."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader, UndefinedError, pass_context

from app.shell import templating


def render(folder) -> str:
    environment = templating.KeepingEnvironment(
        Flask("app"), loader=DictLoader({"page": "{{ parent.first_name }}"})
    )
    environment.filters["kept"] = "<{}>".format
    environment.bytecode_cache = templating.CompiledTemplates(str(folder))
    return environment.get_template("page").render(parent={"first_name": "Ana"})


def test_who_wants_the_page_is_handed_it():
    """Given functions that ask for the page's context, as Jinja's do, when they are called, then they get it."""
    environment = templating.KeepingEnvironment(Flask("app"), loader=DictLoader({}))
    environment.globals.update(
        of_page=pass_context(lambda context, name: context[name]), plain=lambda name, *, sign: name + sign
    )
    page = """{% macro twice(word) %}{{ word }}{{ caller() }}{% endmacro %}
    {{- of_page("who") }} {{ plain("Ana", sign="!") }} {% call twice("a") %}b{% endcall %} {{ [who].copy() }}"""
    assert environment.from_string(page).render(who="Ana") == "Ana Ana! ab ['Ana']"


def test_what_is_not_there_is_an_error():
    environment = templating.KeepingEnvironment(Flask("app"), loader=DictLoader({}))
    with pytest.raises(UndefinedError, match="'nobody' is undefined"):
        environment.from_string("{{ nobody() }}").render()


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
