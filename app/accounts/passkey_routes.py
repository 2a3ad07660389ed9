"""Signing in, confirming and a list of keys. The buttons need JavaScript; everything else goes on without."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response as Bytes
from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts import confirming, guarding, login, passkeys
from app.accounts.forms import PasskeyForm
from app.accounts.pages import TRAFFIC, base_page, blueprint, to_home, visitor
from app.accounts.passkeys import Aim, PasskeyRefused
from app.accounts.throttle import TooManyTries
from app.extensions import limiter
from app.identity.current import me
from app.identity.roles import LINK_ROLES
from app.shell.errors import NotFound
from app.shell.navigation import has_begun
from app.shell.pressing import or_gone, to

Page = str | Response | tuple[str, int]


@blueprint.context_processor
def _passkeys() -> dict[str, object]:
    return {
        "passkeys_are_possible": passkeys.are_possible,
        "list_passkeys": passkeys.list_mine,
        "list_passkeys_made_here": passkeys.list_made_here,
    }


# ---- challenges


@blueprint.post("/sign-in/passkey/options")
@limiter.limit(TRAFFIC)
def passkey_options() -> Bytes:
    """A challenge for whoever wants to come in."""
    return _options(lambda: passkeys.options_to_answer(Aim.SIGN_IN))


@blueprint.post("/confirm/passkey/options")
@limiter.limit(TRAFFIC)
def confirm_passkey_options() -> Bytes:
    """A challenge for somebody who shows once more who they are."""
    return _options(lambda: passkeys.options_to_answer(Aim.CONFIRM))


@blueprint.post("/my-account/passkeys/options")
@limiter.limit(TRAFFIC)
def add_passkey_options() -> Bytes:
    """A challenge for a new passkey. Nothing is kept without what `add_passkey` asks for."""
    return _options(passkeys.options_to_add)


def _options(make: Callable[[], str]) -> Bytes:
    try:
        return Bytes(make(), mimetype="application/json")
    except PasskeyRefused:
        return Bytes("{}", 400, mimetype="application/json")


# ---- answers


@blueprint.post("/sign-in/passkey")
@limiter.limit(TRAFFIC)
def passkey_sign_in() -> Page:
    """In, by a passkey: the device and whoever unlocked it are both factors, where it was made at work."""
    try:
        membership_id = passkeys.membership_of(_answer(), visitor())
    except TooManyTries as error:
        flash(error.words, "note")
        return to("accounts.sign_in")
    except PasskeyRefused:
        flash(_("This passkey did not work. Try again, or sign in another way."), "note")
        return to("accounts.sign_in")
    role = login.arrive_by_passkey(membership_id) if membership_id else None
    if role is None:
        flash(_("You have no role here at the moment. Ask the person who invited you."), "note")
        return to("accounts.sign_in")
    if role in LINK_ROLES:
        guarding.told_apart()
    return to_home(role)


@blueprint.post("/confirm/passkey")
@limiter.limit(TRAFFIC)
def confirm_by_passkey() -> Page:
    """Show once more who one is, by a passkey of this very account that opens this side of it."""
    try:
        passkeys.prove(_answer(), visitor())
    except (TooManyTries, PasskeyRefused):
        flash(_("This passkey did not work. Try again, or use another way."), "note")
        return to("accounts.enter_pin" if guarding.what_is_asked() else "accounts.confirm")
    if guarding.what_is_asked():
        guarding.told_apart()
        return to_home(me().role)
    return redirect(confirming.way_back(), 303)


@blueprint.route("/my-account/passkeys/add", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def add_passkey() -> Page:
    """A name for the new passkey, then the browser's own question."""
    return _add()


@blueprint.route("/my-account/passkey", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def add_own_passkey() -> Page:
    """The same of parents and facilitators, who may make their first one where they may choose a first PIN."""
    wanted = guarding.what_is_asked()
    if wanted not in ("", "choose"):
        return to("accounts.enter_pin")
    if not wanted and (asked := confirming.ask_first()):
        return asked
    return _add(must=bool(wanted))


def _add(*, must: bool = False) -> Page:
    if not passkeys.are_possible():
        raise NotFound
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            passkeys.add(_answer(), form.name.data or "")
        except PasskeyRefused:
            form.add_error(_("The passkey was not added. Please try again."))
        else:
            flash(_("Your passkey is added. You can sign in with it from now on."), "success")
            return _onwards()
    return render_template("accounts/add_passkey.html", form=form, base=base_page(), must=must)


def _onwards() -> Response:
    """To the list; or on with joining, which asked for a key of one's own."""
    if me().role not in LINK_ROLES:
        return to("accounts.my_account")
    guarding.told_apart()
    return to("accounts.my_account" if has_begun(me()) else "recruitment.choose")


@blueprint.post("/my-account/passkeys/<uuid:passkey_id>/remove")
@or_gone(_l("This passkey has already been removed."), "accounts.my_account")
def remove_passkey(passkey_id: UUID) -> Response:
    """It no longer opens anything."""
    outcome = passkeys.remove(passkey_id)
    if outcome == "unknown":
        raise NotFound
    if outcome == "last" and me().role in LINK_ROLES:
        flash(
            _("Somebody else has your number or email too, so this passkey stays. Choose a PIN first."),
            "note",
        )
    elif outcome == "last":
        flash(_("This is your only way in, so it stays. Add another one first."), "note")
    else:
        flash(_("The passkey is removed. You are signed out everywhere else."), "success")
    return to("accounts.my_account")


def _answer() -> str:
    return request.form.get("answer", "")
