"""Marks in sentences become elements of a page, and nothing else."""

from __future__ import annotations

from flask import Flask
from jinja2 import DictLoader

from app.shell.kept import kept, unmarked, with_elements
from app.shell.templating import KeepingEnvironment


def test_a_mark_becomes_an_element_in_words_and_goes_in_tags():
    name = kept("Ada <3")
    assert with_elements(f"<p>Call {kept('Ada')}</p>") == '<p>Call <bdi translate="no">Ada</bdi></p>'
    assert with_elements(f'<a title="{kept("Ada")}">x</a>') == '<a title="Ada">x</a>'
    assert with_elements(f"<title>{kept('Ada')}</title>") == "<title>Ada</title>"
    assert with_elements(f"<textarea>{kept('Ada')}</textarea>") == "<textarea>Ada</textarea>"
    assert (
        with_elements(f'<option value="1">{kept("Ada")}</option>')
        == '<option translate="no" value="1">Ada</option>'
    )
    assert unmarked(name) == "Ada <3"


def test_marks_never_nest_and_none_is_left_alone():
    assert kept(kept("Ada")) == kept("Ada")
    assert kept(None) == kept("") == ""
    assert with_elements("<p>\u2068broken</p><p>\u2069</p>") == "<p>broken</p><p></p>"


def draw(source: str, **values: object) -> str:
    app = Flask(__name__)
    app.jinja_environment = KeepingEnvironment
    app.jinja_env.filters["kept"] = kept
    app.jinja_env.loader = DictLoader({"page.html": source})
    with app.app_context():
        return with_elements(app.jinja_env.get_template("page.html").render(**values))


def test_templates_need_not_say_it():
    class One:
        name = "Ada & Bo"
        phone = "1"

    assert draw("<p>{{ one.name }}</p>", one=One) == '<p><bdi translate="no">Ada &amp; Bo</bdi></p>'
    assert draw("{% if one.name == 'Ada & Bo' %}same{% endif %}", one=One) == "same"
    assert draw("{{ one.name|length }}", one=One) == "8"
    assert draw("{% set x = [{'text': one.name}] %}{{ x[0].text }}", one=One).startswith("<bdi")
    assert draw("{{ none.name or 'nobody' }}", none={}) == "nobody"
