"""What anybody opens by an address that a school gave out: no day, no place and no name of anybody stands here."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.accounts.pages import TRAFFIC, visitor
from app.extensions import limiter
from app.identity import signups
from app.identity.signups import SignupPage
from app.shell.pressing import submit, to
from app.signing_up import services
from app.signing_up.forms import HelloForm, PassOnForm
from app.signing_up.routes import blueprint
from app.signing_up.services import Written
from app.states.signing_up import REFERRERS, LinkKind

Page = str | Response | tuple[str, int]


@blueprint.route("/hello/<secret>", methods=["GET", "POST"], strict_slashes=False)
@limiter.limit(TRAFFIC)
def hello(secret: str) -> Page:
    """What a group is, and how to say that one would like to hear more. The answer is the same whoever writes."""
    return _write(secret, HelloForm(), "hello", "thanks", LinkKind.PAGE)


@blueprint.get("/hello/<secret>/thank-you")
@limiter.limit(TRAFFIC)
def thanks(secret: str) -> Page:
    """What happens next. It shows nothing of what was written: somebody else may have this phone in their hand."""
    page = _find(secret, LinkKind.PAGE)
    if page is None:
        return render_template("signing_up/gone.html"), 404
    return render_template("signing_up/thanks.html", page=page)


@blueprint.route("/pass-on/<secret>", methods=["GET", "POST"], strict_slashes=False)
@limiter.limit(TRAFFIC)
def pass_on(secret: str) -> Page:
    """A colleague, a family hub or a professional passes on a parent who agreed. Nobody is told who is known."""
    return _write(secret, PassOnForm(), "pass_on", "passed_on", *REFERRERS)


@blueprint.get("/pass-on/<secret>/thank-you")
@limiter.limit(TRAFFIC)
def passed_on(secret: str) -> Page:
    """What becomes of it, and that nobody tells more."""
    page = _find(secret, *REFERRERS)
    if page is None:
        return render_template("signing_up/gone.html"), 404
    return render_template("signing_up/passed_on.html", page=page, secret=secret)


def _write(secret: str, form: HelloForm | PassOnForm, here: str, done: str, *kinds: LinkKind) -> Page:
    """The page `here` of a link of these kinds, or what has become of it; what is written there leads on to `done`."""
    page = _find(secret, *kinds)
    if page is None:
        return _not_taken(form, None, passes_on=here == "pass_on"), 404
    if not page.is_open:
        return _not_taken(form, page)
    return submit(
        form,
        lambda: services.sign_up(secret, _written(form), visitor()),
        # Closed, or taken back, in this very moment.
        lambda taken: (
            to(f"signing_up.{done}", secret=secret) if taken else _taken_back(secret, form, here, *kinds)
        ),
    ) or (render_template(f"signing_up/{here}.html", form=form, page=page), form.status)


def _taken_back(secret: str, form: HelloForm | PassOnForm, here: str, *kinds: LinkKind) -> Response:
    page = _find(secret, *kinds)
    return make_response(_not_taken(form, page, passes_on=here == "pass_on"), 200 if page else 404)


def _not_taken(form: HelloForm | PassOnForm, page: SignupPage | None, *, passes_on: bool = False) -> str:
    """Why nothing is taken at this address. Whoever was writing meanwhile gets their own words back, to copy."""
    was_writing = form.is_submitted()
    return render_template(
        "signing_up/closed.html" if page else "signing_up/gone.html",
        page=page,
        passes_on=page.kind in REFERRERS if page else passes_on,
        was_writing=was_writing,
        typed=_typed(form) if was_writing else [],
    )


def _typed(form: HelloForm | PassOnForm) -> list[dict[str, str]]:
    return [
        {"key": str(field.label.text), "value": field.raw_data[0]}
        for field in (form.first_name, form.last_name, form.phone, form.email)
        if field.raw_data and field.raw_data[0].strip()
    ]


def _find(secret: str, *kinds: LinkKind) -> SignupPage | None:
    page = signups.find_page(secret)
    return page if page is not None and page.kind in kinds else None


def _written(form: HelloForm | PassOnForm) -> Written:
    return Written(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        language=(form.language.data if isinstance(form, HelloForm) else None) or "en",
    )
