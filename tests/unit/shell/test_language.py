"""A page's words are looked up once for its language, and again where a part of it is in another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale, gettext, ngettext

from app.shell import language
from app.shell.dates import weekday

ROOT = Path(__file__).parents[3]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = Catalog(locale="cy")
    words.add("Home", "Hafan")
    words.add("Hello %(name)s", "Helo %(name)s")
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, words)
    made = Flask("worded")
    made.config.update(BABEL_TRANSLATION_DIRECTORIES=str(tmp_path), BABEL_DEFAULT_LOCALE="en")
    Babel(made)
    language.install(made)
    with made.test_request_context():
        yield made


def test_words_follow_the_language_of_the_moment(app):
    assert (gettext("Home"), language.language()) == ("Home", "en")
    with force_locale("cy"):
        assert (gettext("Home"), language.language()) == ("Hafan", "cy")
        assert weekday(date(2026, 11, 30)) == "Dydd Llun"
    assert (gettext("Home"), language.language()) == ("Home", "en")
    assert weekday(date(2026, 11, 30)) == "Monday"


def test_templates_say_the_same_words(app):
    page = '{{ _("Home") }} {{ gettext("Home") }} {% trans %}Home{% endtrans %}'
    assert render_template_string(page) == "Home Home Home"
    with force_locale("cy"):
        assert render_template_string(page) == "Hafan Hafan Hafan"


def test_what_is_put_into_words_is_escaped(app):
    page = '{{ _("Hello %(name)s", name=who) }}, {{ ngettext("%(num)s of 100%%", "%(num)s of %(name)s", 2, name=who) }}'
    assert render_template_string(page, who="<b>") == "Hello &lt;b&gt;, 2 of &lt;b&gt;"


def test_a_per_cent_sign_is_written_twice_as_ever(app):
    assert render_template_string('{{ _("100%%") }}') == "100%"
    assert ngettext("%(num)s", "%(num)s", 1) == "1"


def test_there_is_a_language_without_a_page():
    assert language.language() == "en"


def test_every_template_is_a_page():
    """Words in templates are marked as safe for HTML: nothing else is drawn by them."""
    found = [
        path
        for folder in ("app", "demo")
        for path in ROOT.glob(f"{folder}/**/templates/**/*")
        if path.is_file()
    ]
    assert found
    assert {path.suffix for path in found} == {".html"}
