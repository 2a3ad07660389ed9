"""The language of a request, and its words, found once.

Flask-Babel asks for both anew at each of a page's hundred words.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import Domain, get_locale
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

    # As Jinja's own, which a page would hand its whole context a hundred times. Every page is HTML: what is put into
    # words is escaped, and a per cent sign is written twice.
    def gettext(text: str, /, **values: Any) -> Markup:
        said = Markup(words.get_translations().ugettext(text))  # noqa: S704  # nosec B704 - our words
        return said % values if values or "%" in said else said

    def ngettext(one: str, many: str, num: int, /, **values: Any) -> Markup:
        said = Markup(words.get_translations().ungettext(one, many, num))  # noqa: S704  # nosec B704 - our words
        return said % {"num": num, **values}

    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
