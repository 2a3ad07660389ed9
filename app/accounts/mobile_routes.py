"""Where those who read concerns say how they are reached when one cannot wait."""

from __future__ import annotations

from flask import flash, render_template, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import mobiles
from app.accounts.confirming import masked
from app.accounts.forms import LinkCodeForm, MobileForm
from app.accounts.pages import TRAFFIC, blueprint, say_wait, to
from app.accounts.throttle import TooManyTries
from app.extensions import limiter

Page = str | Response | tuple[str, int]

#: Where this browser's session says to which number its last code went, masked.
SENT_TO = "mobile_code_sent_to"


@blueprint.app_context_processor
def _mobile() -> dict[str, object]:
    return {"find_own_mobile": mobiles.find_own}


@blueprint.route("/my-account/mobile", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def my_mobile() -> Page:
    """A number of one's own, or another one."""
    form, status = MobileForm(), 200
    if form.validate_on_submit():
        try:
            mobiles.send_code(form.phone.data or "")
        except TooManyTries as error:
            say_wait(form, error, "phone")
            status = 429
        else:
            session[SENT_TO] = masked(form.phone.data or "")
            return to("accounts.confirm_my_mobile")
    return render_template("accounts/my_mobile.html", form=form, mobile=mobiles.find_own()), status


@blueprint.route("/my-account/mobile/code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_my_mobile() -> Page:
    """The six digits that came to it."""
    form, status = LinkCodeForm(), 200
    if SENT_TO not in session:
        return to("accounts.my_mobile")
    if form.validate_on_submit():
        try:
            if mobiles.confirm(form.code.data or ""):
                session.pop(SENT_TO)
                flash(_("Thank you. We text you here when a concern cannot wait."), "success")
                return to("accounts.my_account")
            form.add_error(
                _("This code is not right, or has run out. Check it, or ask for a new one."), "code"
            )
        except TooManyTries as error:
            say_wait(form, error, "code")
            status = 429
    return render_template("accounts/confirm_my_mobile.html", form=form, sent_to=session[SENT_TO]), status


@blueprint.post("/my-account/mobile/remove")
@limiter.limit(TRAFFIC)
def remove_my_mobile() -> Response:
    """No more texts."""
    mobiles.remove()
    flash(_("The number is removed. Concerns that cannot wait reach you by email only."), "success")
    return to("accounts.my_account")
