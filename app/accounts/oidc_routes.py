"""Pages of signing in with a directory of one's own: off by a button, back by the provider's redirect."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts import confirming, links, login, oidc, staff
from app.accounts.links import LinkState
from app.accounts.oidc import Aim, Found, Return, SaidNo, StartAgain
from app.accounts.pages import TRAFFIC, blueprint, to_home
from app.extensions import limiter
from app.identity.current import session
from app.shell.kept import kept
from app.shell.pressing import or_gone, to
from infra.openid import OpenIdProvider
from infra.openid_client import OpenIdRefused, OpenIdUnavailable, Proof

Page = str | Response | tuple[str, int]

#: What went wrong -> status of the page that says so.
STATUS = {
    "start_again": 400,
    "said_no": 400,
    "refused": 400,
    "away": 503,
    "unknown": 403,
    "closed": 403,
    "taken": 409,
    "guarded": 409,
    "over": 410,
    "full": 409,
    "not_strong": 403,
}


@blueprint.context_processor
def _providers() -> dict[str, object]:
    """For the buttons, on whichever page of this package they stand."""
    return {
        "list_sign_in_providers": oidc.list_providers,
        "list_ways_in": oidc.list_ways_in,
    }


# ---- off


@blueprint.post("/sign-in/with/<provider>")
@limiter.limit(TRAFFIC)
def start_elsewhere(provider: str) -> Page:
    """Off to sign in. By POST, so that nobody can be sent by a link."""
    return _leave(provider, Aim.SIGN_IN)


@blueprint.post("/invitation/<token>/with/<provider>")
@limiter.limit(TRAFFIC)
def accept_elsewhere(token: str, provider: str) -> Page:
    """Off to accept an invitation with an account there in place of a password."""
    link = links.look_at(token)
    if link.state is not LinkState.OPEN or not link.is_for_staff:
        return to("accounts.invitation", token=token)
    return _leave(provider, Aim.INVITATION, invitation=token)


@blueprint.post("/my-account/connect/<provider>")
@limiter.limit(TRAFFIC)
def connect_elsewhere(provider: str) -> Page:
    """Off to connect an account there with the one that is signed in here."""
    found = oidc.get_provider(provider)
    if not session.get("strong"):
        return _say("not_strong", found)
    return _leave(provider, Aim.CONNECT)


@blueprint.post("/confirm/with/<provider>")
@limiter.limit(TRAFFIC)
def confirm_elsewhere(provider: str) -> Page:
    """Off to show once more who one is, before something that asks again."""
    return _leave(provider, Aim.CONFIRM)


def _leave(name: str, aim: Aim, *, invitation: str | None = None) -> Page:
    provider = oidc.get_provider(name)
    try:
        address = oidc.set_out(name, aim, invitation=invitation)
    except OpenIdUnavailable:
        return _say("away", provider)
    # A page that goes on by itself, not a redirect: some browsers hold redirects after a form to `form-action`, and
    # the provider's own way may lead over any number of hosts.
    page = make_response(
        render_template("accounts/elsewhere_leaving.html", provider=provider, address=address)
    )
    page.headers["Refresh"] = f"0; url={address}"
    return page


# ---- and back


@blueprint.get("/sign-in/with/<provider>/back")
@limiter.limit(TRAFFIC)
def back_from_elsewhere(provider: str) -> Page:
    """Where the provider sends people back to."""
    found = oidc.get_provider(provider)
    try:
        back = oidc.come_back(provider, request.args)
    except StartAgain:
        return _say("start_again", found)
    except SaidNo:
        return _say("said_no", found)
    except OpenIdRefused:
        return _say("refused", found)
    except OpenIdUnavailable:
        return _say("away", found)
    if back.aim is Aim.CONNECT:
        return _connect(found, back.proof)
    if back.aim is Aim.CONFIRM:
        return _confirm(found, back.proof)
    if back.aim is Aim.INVITATION:
        return _accept(found, back)
    account = oidc.find_account(back.proof)
    return _come_in(found, account, back.proof) if account else _say("unknown", found)


def _come_in(provider: OpenIdProvider, account: Found, proof: Proof) -> Page:
    if account.membership_id is None:
        return _say("closed", provider)
    if not proof.is_strong:
        # The provider asked for a password alone, or does not say: our own second factor follows.
        staff.wait_for_second_factor(account.account_id)
        waiting = staff.waiting_account()
        return to("accounts.enter_code" if waiting and waiting.has_second_factor else "accounts.set_up_app")
    role = login.arrive(account.membership_id, strong=True, proved=proof.is_fresh)
    return to_home(role) if role else _say("closed", provider)


def _accept(provider: OpenIdProvider, back: Return) -> Page:
    outcome, account = oidc.accept(provider.name, back.invitation, back.proof)
    return _come_in(provider, account, back.proof) if account else _say(outcome, provider)


def _connect(provider: OpenIdProvider, proof: Proof) -> Page:
    if not session.identity or not session.get("strong"):
        return _say("not_strong", provider)
    if not oidc.connect(provider.name, proof):
        return _say("taken", provider)
    flash(_("%(name)s is connected. You can sign in with it now.", name=kept(provider.label)), "success")
    return to("accounts.my_account")


def _confirm(provider: OpenIdProvider, proof: Proof) -> Page:
    account = oidc.find_account(proof)
    if not session.identity or account is None or account.account_id != session.identity.account_id:
        return _say("unknown", provider)
    if not proof.is_strong or not proof.is_fresh:
        return _say("not_strong", provider)
    confirming.confirm()
    return redirect(confirming.way_back(), 303)


# ---- away with it


@blueprint.post("/my-account/disconnect/<uuid:federated_id>")
@or_gone(_l("That account has already been disconnected."), "accounts.my_account")
def disconnect_elsewhere(federated_id: UUID) -> Page:
    """An account there opens nothing here any more."""
    if oidc.disconnect(federated_id):
        flash(_("Disconnected. You are signed out everywhere else."), "success")
    else:
        flash(_("This is your only way in, so it stays. Ask a colleague to invite you again."), "note")
    return to("accounts.my_account")


def _say(what: str, provider: OpenIdProvider) -> tuple[str, int]:
    page = render_template(
        "accounts/elsewhere_over.html", what=what, provider=provider, signed_in=session.identity is not None
    )
    return page, STATUS[what]
