"""The page of a form whose words were kept: looked at beforehand for its questions, and opened with the words in it.

The words stay where they are, sealed, until the form is sent or dropped (`app/identity/kept_forms.py`). An address
carries only that they are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, Request, current_app, flash, g, make_response, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity import kept_forms as kept
from app.identity.current import session
from app.identity.kept_forms import FIELD, KeptForm
from app.identity.own_pages import address_of
from app.shell import access, asked
from app.shell.components import Form
from app.shell.errors import NotFound
from app.shell.form_tokens import shows_kept
from app.shell.kept import unmarked
from app.shell.refusals import Refused
from infra.logs import get_logger

log = get_logger()

#: In the address of a form's page: put the kept words in.
ARGUMENT = "words"
#: Forms on a page that is not the nearest above where they are sent: that page, and its arguments by those of the
#: form's address. (`again.stands_at` says the same to one request.)
STANDS_ON = {"meetings.choose_topics_for": ("meetings.led_cohort", {"cohort": "cohort_id"})}
#: What a browser adds to a form for itself (`drafts.py`); a page need not have it.
NOT_ON_PAGES = frozenset({FIELD, "draft"})


@dataclass(frozen=True, slots=True)
class Look:
    """A page with the words in it: its forms, and whether every word has its place there."""

    address: str
    forms: list[Form]
    is_whole: bool


def install(app: Flask) -> None:
    """Open a form's page with the words that are kept for its reader. After the access guard."""

    @app.before_request
    def _fill() -> None:
        if ARGUMENT not in request.args:
            return
        others = [pair for pair in request.args.items(multi=True) if pair[0] != ARGUMENT]
        request.__dict__["args"] = ImmutableMultiDict(others)  # no view has to know
        form = kept.kept_form() if request.method != "POST" and session.identity else None
        if form is None or (page_of(form) or "").partition("?")[0] != request.path:
            return
        g.words_of_before = MultiDict(form.fields)
        g.is_writing_on = True
        shows_kept(kept.mark())
        flash(
            _("This is what you typed before. It is not sent yet. Go on writing, then press the button."),
            "note",
        )

    @app.after_request
    def _note(response: Response) -> Response:
        # Before a page with mistakes gets an address of its own and is led to (`again.py`).
        g.was_taken = 300 <= response.status_code < 400
        return response

    @app.after_request
    def _say_nothing_elsewhere(response: Response) -> Response:
        if g.pop("is_writing_on", False) and response.status_code != 200:
            session.pop("_flashes", None)
        return response


def lead_to(look: Look) -> str:
    """The address of the form's page with the words in it."""
    return f"{look.address}{'&' if '?' in look.address else '?'}{ARGUMENT}=1"


def shown(form: KeptForm, look: Look | None) -> list[dict[str, str]]:
    """What was typed, under the form's own questions."""
    forms = [*(look.forms if look else []), *asked.unbound(form.endpoint)]
    return asked.answers(form.fields, forms)


def page_of(form: KeptForm) -> str | None:
    """Where the form stands: its own address, or the nearest above it that can be opened; None when there is none."""
    if form.endpoint in STANDS_ON:
        endpoint, names = STANDS_ON[form.endpoint]
        found = _match(form.address.partition("?")[0], "POST")
        arguments = found[1] if found else {}
        return address_of(endpoint, {name: arguments[of] for name, of in names.items()})
    path = form.address.partition("?")[0]
    if _match(path, "GET"):
        return form.address
    while path := path.rpartition("/")[0]:
        if _match(path, "GET"):
            return path
    return None


def look_at(form: KeptForm) -> Look | None:
    """The form's page as a visit would show it with the words in it; None where this person cannot open it now."""
    address, words = page_of(form), MultiDict(form.fields)
    if address is None or not _match(address.partition("?")[0], "GET"):
        return None
    with _as_visit(address, words):
        try:
            if access.check() is not None:
                return None
            view = current_app.view_functions[request.endpoint or ""]
            answer = make_response(view(**(request.view_args or {})))
        except (HTTPException, NotFound, Refused):
            return None
        except Exception:
            # Whoever signs in lands here: a page that fails may keep nobody from their own words.
            log.exception("page_of_kept_form_failed", endpoint=form.endpoint)
            return None
        if answer.status_code >= 300 or answer.mimetype != "text/html":
            return None
        return Look(address, list(g.forms_made), holds(answer.data.decode(), words))


def holds(page: str, words: MultiDict[str, str]) -> bool:
    """Whether everything that was sent has its place on this page, with what was typed in it."""
    # Marks of names and dates go when a page goes out (`kept.py` of the shell); this one has not gone yet.
    plain = unmarked(page)
    return all(
        f'name="{escape(name)}"' in plain and str(escape(unmarked(value.strip()))) in plain
        for name, value in words.items(multi=True)
        if name not in NOT_ON_PAGES and name not in kept.SECRETS and value.strip()
    )


@contextmanager
def _as_visit(address: str, words: MultiDict[str, str]) -> Iterator[None]:
    """This request as one for `address`, for as long as it is looked at: nothing that the look does stays."""
    real = cast("LocalProxy[Request]", request)._get_current_object()
    before, remembered, said = dict(real.__dict__), dict(session), request_ctx.flashes
    path, _mark, query = address.partition("?")
    rule, arguments = _match(path, "GET") or (None, {})
    for name in ("args", "full_path", "url", "base_url", "values"):
        real.__dict__.pop(name, None)
    real.environ = {**real.environ, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    real.method, real.path, real.query_string = "GET", path, query.encode()
    real.url_rule, real.view_args = rule, arguments
    g.words_of_before, g.forms_made = words, []
    rings, step = list(g.get("after_commit", ())), db.session.begin_nested()
    try:
        yield
    finally:
        # A page may note that it was opened, and nobody has opened it.
        step.rollback()
        g.after_commit = rings
        for name in ("words_of_before", "forms_made", "form_stands_at"):
            g.pop(name, None)
        request_ctx.flashes = said
        real.__dict__.clear()
        real.__dict__.update(before)
        if dict(session) != remembered:
            session.clear()
            session.update(remembered)


def _match(path: str, method: str) -> tuple[Rule, dict[str, Any]] | None:
    adapter = current_app.create_url_adapter(request)
    try:
        rule, arguments = adapter.match(path, method=method, return_rule=True) if adapter else (None, {})
    except HTTPException:
        return None
    return (rule, dict(arguments)) if rule is not None else None
