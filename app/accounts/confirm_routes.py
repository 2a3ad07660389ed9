"""The page that asks again who sits here, and the one that offers a form that came too late."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import confirming, guarding, keys, staff
from app.accounts.forms import AppCodeForm, LinkCodeForm, RecoveryCodeForm
from app.accounts.pages import TRAFFIC, base_page, blueprint, to_home, visitor
from app.accounts.throttle import TooManyTries
from app.extensions import limiter
from app.identity import kept_forms as kept
from app.identity.current import me, session
from app.identity.roles import LINK_ROLES
from app.shell import writing_on
from app.shell.errors import NotFound
from app.shell.form_tokens import shows_kept
from app.shell.navigation import home_of
from app.shell.pressing import as_is, submit, to
from app.shell.refusals import Refused
from app.states.messages import Channel

Page = str | Response | tuple[str, int]

#: Where this browser's session says to which channel its last code went.
SENT_TO = "confirm_code_sent_to"


@blueprint.route("/confirm", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm() -> Page:
    """Show once more who you are, then go on to what you wanted."""
    if current_app.extensions["settings"].is_demo and request.form.get("way") == "demo":
        return _on()
    if me().role in LINK_ROLES:
        return _check(LinkCodeForm(), _is_sent_code, "accounts/confirm_by_message.html")
    return _check(AppCodeForm(), _is_app_code, "accounts/confirm.html")


@blueprint.route("/confirm/recovery-code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_by_recovery_code() -> Page:
    """A recovery code in place of the app."""
    return _check(RecoveryCodeForm(), _is_recovery_code, "accounts/confirm_by_recovery_code.html")


@blueprint.post("/confirm/send")
@limiter.limit(TRAFFIC)
def send_confirm_code() -> Response:
    """Send six digits to an address of this account."""
    chosen = request.form.get("channel", "")
    if chosen not in {channel.value for channel, _address in confirming.list_addresses()}:
        raise NotFound
    try:
        confirming.send_code(Channel(chosen))
    except TooManyTries as error:
        flash(_("We have sent you several codes. %(wait)s", wait=error.wait), "note")
    else:
        session[SENT_TO] = chosen
    return to("accounts.confirm")


def _check(
    form: AppCodeForm | RecoveryCodeForm | LinkCodeForm, is_right: Callable[[str], bool], template: str
) -> Page:

    def confirm() -> Response:
        if not is_right(form.code.data or ""):
            raise Refused(_("This code is not right, or was used before. Check it, or use a new one."))
        return _on()

    if answer := submit(form, confirm, as_is, field="code"):
        return answer
    addresses = confirming.list_addresses() if me().role in LINK_ROLES else []
    page = render_template(
        template,
        form=form,
        base=base_page(),
        addresses=addresses,
        sent_to=dict(addresses).get(session.get(SENT_TO, "")),
        guard=keys.guard() if me().role in LINK_ROLES else keys.NOBODY,
        has_kept_form=kept.kept_form() is not None,
    )
    return page, form.status


def _on() -> Response:
    confirming.confirm()
    session.pop(SENT_TO, None)
    # Of an address that is shared, a code goes only where nobody else is. Else a code to the phone shows no more than
    # the link did, which did not open what a PIN keeps.
    if session.shares_address:
        guarding.told_apart()
    return redirect(confirming.way_back(), 303)


def _is_sent_code(code: str) -> bool:
    return confirming.is_sent_code(code, visitor())


def _is_app_code(code: str) -> bool:
    account = staff.find_account(me().account_id)
    return account is not None and staff.is_app_code(account, code)


def _is_recovery_code(code: str) -> bool:
    account = staff.find_account(me().account_id)
    return account is not None and staff.is_recovery_code(account, code)


# ---- a form that came too late


@blueprint.get("/confirm/kept")
def send_kept() -> Page:
    """What was typed before we asked, to be sent now or not."""
    form = kept.kept_form()
    if form is None:
        return redirect(home_of(me().role), 303)
    look = writing_on.look_at(form)
    shows_kept(kept.mark())
    return render_template(
        "accounts/send_kept.html",
        kept=form,
        shown=writing_on.shown(form, look),
        write_on=writing_on.lead_to(look) if look and look.is_whole else None,
        base=base_page(),
    )


@blueprint.post("/confirm/kept/drop")
def drop_kept() -> Response:
    """Forget the form."""
    kept.drop_kept_form()
    flash(_("Nothing was sent."), "note")
    return to_home(me().role)
