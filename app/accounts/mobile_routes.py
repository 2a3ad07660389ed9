"""Where those who read concerns say how they are reached when one cannot wait."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import mobiles
from app.accounts.confirming import masked
from app.accounts.forms import LinkCodeForm, MobileForm
from app.accounts.pages import TRAFFIC, blueprint
from app.extensions import limiter
from app.identity.current import session
from app.shell.as_shown import if_as_shown
from app.shell.pressing import press, submit, to
from app.shell.refusals import Refused

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
    form = MobileForm()

    def send() -> None:
        mobiles.send_code(form.phone.data or "")
        session[SENT_TO] = masked(form.phone.data or "")

    return submit(form, send, None, "accounts.confirm_my_mobile", field="phone") or (
        render_template("accounts/my_mobile.html", form=form, mobile=mobiles.find_own()),
        form.status,
    )


@blueprint.route("/my-account/mobile/code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_my_mobile() -> Page:
    """The six digits that came to it."""
    form = LinkCodeForm()
    if SENT_TO not in session:
        return to("accounts.my_mobile")

    def confirm() -> None:
        if not mobiles.confirm(form.code.data or ""):
            raise Refused(_("This code is not right, or has run out. Check it, or ask for a new one."))
        session.pop(SENT_TO)

    words = _("Thank you. We text you here when a concern cannot wait.")
    return submit(form, confirm, words, "accounts.my_account", field="code") or (
        render_template("accounts/confirm_my_mobile.html", form=form, sent_to=session[SENT_TO]),
        form.status,
    )


@blueprint.post("/my-account/mobile/remove")
@limiter.limit(TRAFFIC)
def remove_my_mobile() -> Response:
    """No more texts to the number that the page showed."""
    return press(
        if_as_shown(mobiles.remove, mobiles.find_own()),
        _("The number is removed. Concerns that cannot wait reach you by email only."),
        "accounts.my_account",
    )
