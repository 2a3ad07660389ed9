"""What becomes of a form whose token is refused: the answer follows the cause, for every form of the service alike.

The same person again (the session was renewed, a cookie was lost): the form with the words in it, nothing saved yet.
Signed out meanwhile: the words wait, sealed, until the same person is back. Somebody else, or the same person in
another role or place: said plainly, nothing saved, nothing handed on. No token of ours: nothing is shown again.
"""

from __future__ import annotations

from enum import StrEnum

from flask import (
    Flask,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.identity import kept_forms as kept
from app.identity.kept_forms import FIELD
from app.shell import access, pressed_twice, writing_on
from app.shell.errors import NotFound, page
from app.shell.form_tokens import NOBODY, is_of_today, made_for, reader
from infra.logs import get_logger

log = get_logger()


class Cause(StrEnum):
    """Why a token is refused."""

    SAME = "same_person"
    ENDED = "signed_out"
    ANOTHER = "somebody_else"
    UNKNOWN = "no_token_of_ours"


def install(app: Flask) -> None:
    """Answer every refused token by its cause."""
    pressed_twice.install(app)

    @app.errorhandler(CSRFError)
    def _refused(_error: CSRFError) -> Response:
        # The way in was pressed twice: they are in, and the form's token went with the session of before.
        if (answer := pressed_twice.first_answer()) is not None:
            return answer
        maker = made_for(_sent_token())
        cause = _cause(maker)
        log.warning("form_token_refused", kind=cause.value)
        if cause is Cause.SAME:
            return _shown_again()
        if cause is Cause.ENDED:
            return _signed_out(maker or "")
        if cause is Cause.ANOTHER:
            return _answer(render_template("shell/errors/somebody_else.html", status=400))
        return _answer(page(400)[0])


def _cause(maker: str | None) -> Cause:
    # What another site sends carries no word of the person who sits here.
    if maker is None or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return Cause.UNKNOWN
    if maker == reader():
        return Cause.SAME
    return Cause.ENDED if reader() == NOBODY else Cause.ANOTHER


def _sent_token() -> str | None:
    return request.form.get(FIELD) or request.headers.get("X-CSRFToken")


def _signed_out(maker: str) -> Response:
    if request.endpoint == "accounts.sign_out":
        # They wanted to be out, and are.
        return redirect(url_for("shell.landing"), 303)
    # An older page is nobody's who sits there still.
    is_kept = is_of_today(_sent_token()) and kept.keep_for(maker)
    return redirect(url_for("accounts.sign_in", ended=1, kept=int(is_kept)), 303)


def _shown_again() -> Response:
    """The page of the form with what was typed in it; where that page cannot show it all, a list of it to be sent."""
    # Asked first, as for any press: who may not open this, or has to show who they are, learns no more here.
    try:
        elsewhere = access.check()
    except HTTPException as error:
        return _answer(page(error.code or 400)[0])
    if elsewhere is not None:
        return elsewhere
    flash(_notice(), "note")
    sent = kept.sent_now()
    if (again := _page_again()) is not None:
        return _answer(again)
    form = kept.as_form(sent) if sent else None
    if form is None:
        return _answer(page(400)[0])
    shown = writing_on.shown(form, writing_on.look_at(form))
    return _answer(render_template("accounts/send_refused.html", kept=form, shown=shown))


def _notice() -> str:
    if not request.cookies:
        return _("Your browser sent no cookie. Allow cookies for this page, then press the button again.")
    if kept.has_file():
        return _("Nothing was saved yet. Choose your file again, then press the button again.")
    return _("This page was open for a while. Nothing was saved yet. Check it, then press the button again.")


def _page_again() -> str | None:
    """The form's own page as a visit would show it, with what was sent in it; None where something would be missing."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()) or request.endpoint is None:
        return None
    sent = request.form
    # From here on this is a visit: nothing that only a press does can happen.
    request.method = request.environ["REQUEST_METHOD"] = "GET"
    g.words_of_before = sent
    try:
        shown = make_response(current_app.view_functions[request.endpoint](**(request.view_args or {})))
    except (HTTPException, NotFound):
        return None
    finally:
        g.pop("words_of_before", None)
    if shown.status_code >= 300 or shown.mimetype != "text/html":
        return None
    text = shown.data.decode()
    return text if writing_on.holds(text, sent) else None


def _answer(text: str) -> Response:
    # An error's status, so that nothing of this request is kept in the database.
    return make_response(text, 400)
