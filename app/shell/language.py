"""The language of a request, and its words, found once.

Flask-Babel asks for both anew at each of a page's hundred words.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Words(Domain):
    """Flask-Babel's catalogue, which a request looks up once for its language, and again when that is another."""

    def get_translations(self) -> Any:
        context = _context()
        locale = context.get("babel_locale") if context is not None else None
        if locale is None or context is None:
            return super().get_translations()
        found = context.get("words")
        if found is None or found[0] is not locale:
            found = context["words"] = (locale, super().get_translations())
        return found[1]


def language() -> str:
    """`en`, or whatever this page is written in."""
    context = _context()
    locale = context.get("babel_locale") if context is not None else None
    if locale is None or context is None:
        return str(get_locale() or "en")
    found = context.get("language")
    if found is None or found[0] is not locale:
        found = context["language"] = (locale, str(locale))
    return str(found[1])


def _context() -> dict[str, Any] | None:
    """What Flask-Babel keeps of this request; None outside of one, and before it was asked."""
    try:
        kept = g._get_current_object().__dict__.get("_flask_babel")
    except RuntimeError:
        return None
    return None if kept is None else vars(kept)


def install(app: Flask) -> None:
    """For the application's words in Python and in templates."""
    own = app.extensions["babel"]
    words = own.instance.domain_instance = Words(domain=own.default_domain)

    # As Jinja's own of the new style, by two calls fewer for each word.
    @pass_eval_context
    def gettext(context: EvalContext, text: str, **values: Any) -> str:
        return _filled(context, words.get_translations().ugettext(text), values)

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, many: str, num: int, **values: Any) -> str:
        values.setdefault("num", num)
        return _filled(context, words.get_translations().ungettext(one, many, num), values)

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)


def _filled(context: EvalContext, text: str, values: dict[str, Any]) -> str:
    if context.autoescape:
        text = Markup(text)  # noqa: S704 -- our own words; what is put into them is escaped
    return text % values if "%" in text else text
