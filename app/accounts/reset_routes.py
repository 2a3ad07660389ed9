"""The pages of a forgotten password, for people at work."""

from __future__ import annotations

from flask import make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import links, reset
from app.accounts.forms import EmailForm, InvitationForm
from app.accounts.links import LinkState
from app.accounts.pages import TRAFFIC, blueprint, visitor
from app.accounts.services import plain_email
from app.accounts.staff_routes import refuse_shared
from app.extensions import limiter
from app.shell.pressing import as_is, submit

Page = str | Response | tuple[str, int]


@blueprint.route("/sign-in/forgotten", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def forgotten_password() -> Page:
    """Ask for a link. The answer is the same whoever asks."""
    form = EmailForm()
    return submit(
        form,
        lambda: reset.request(plain_email(form.email.data) or "", visitor()),
        None,
        "accounts.reset_sent",
        field="email",
    ) or (render_template("accounts/forgotten_password.html", form=form), form.status)


@blueprint.get("/sign-in/forgotten/sent")
@limiter.limit(TRAFFIC)
def reset_sent() -> str:
    """What happens now."""
    return render_template("accounts/reset_sent.html")


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def new_password(token: str) -> Page:
    """A form by GET, because mail scanners open links; the new password by POST."""
    link = links.look_at(token)
    form = InvitationForm()
    form.about = (link.name, link.place)

    def choose() -> str | Response:
        refuse_shared(form, token)
        if reset.set_password(token, form.password.data or ""):
            return _("Your new password is set. Sign in with it, and with your app as always.")
        return _over(links.look_at(token))

    if not link.is_reset or link.state is not LinkState.OPEN:
        return _over(link)
    return submit(form, choose, as_is, "accounts.sign_in", field="password") or (
        render_template("accounts/new_password.html", form=form, link=link),
        form.status,
    )


def _over(link: links.Link) -> Response:
    return make_response(render_template("accounts/reset_over.html"), 410 if link.is_reset else 404)
