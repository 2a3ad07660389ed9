"""The pages of a forgotten password, for people at work."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import links, reset
from app.accounts.forms import EmailForm, InvitationForm
from app.accounts.links import LinkState
from app.accounts.pages import TRAFFIC, blueprint, say_wait, to, visitor
from app.accounts.services import plain_email
from app.accounts.staff_routes import refuse_shared
from app.accounts.throttle import TooManyTries
from app.extensions import limiter

Page = str | Response | tuple[str, int]


@blueprint.route("/sign-in/forgotten", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def forgotten_password() -> Page:
    """Ask for a link. The answer is the same whoever asks."""
    form, status = EmailForm(), 200
    if form.validate_on_submit():
        try:
            reset.request(plain_email(form.email.data) or "", visitor())
            return to("accounts.reset_sent")
        except TooManyTries as error:
            say_wait(form, error, "email")
            status = 429
    return render_template("accounts/forgotten_password.html", form=form), status


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
    status = 200
    if link.state is LinkState.OPEN and link.is_reset and form.validate_on_submit():
        status = refuse_shared(form, token)
        if status == 303 and reset.set_password(token, form.password.data or ""):
            flash(_("Your new password is set. Sign in with it, and with your app as always."), "success")
            return to("accounts.sign_in")
        link = links.look_at(token)
    if link.state is LinkState.OPEN and link.is_reset:
        return render_template("accounts/new_password.html", form=form, link=link), status
    status = 410 if link.is_reset else 404
    return render_template("accounts/reset_over.html"), status
