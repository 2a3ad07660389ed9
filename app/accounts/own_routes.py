"""What a signed-in person does about their own account: out, another role, passwords, other browsers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts import confirming, keys, login, queries, staff
from app.accounts.forms import ChangePasswordForm, ConfirmPasswordForm, EmptyForm
from app.accounts.pages import TRAFFIC, base_page, blueprint, cannot_be_used, to_home, visitor
from app.accounts.policy import may_become
from app.accounts.services import plain_email
from app.extensions import limiter
from app.identity.current import me, session
from app.identity.roles import LINK_ROLES, Role
from app.identity.websession import end_session as end_this_session
from app.messages import meant
from app.shell.errors import NotFound
from app.shell.pressing import or_gone, submit, to
from app.shell.refusals import Refused

Page = str | Response | tuple[str, int]


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Out, here."""
    end_this_session(session)
    return to("shell.landing")


@blueprint.get("/still-here")
def still_here() -> str:
    """Looked at: the time before the session ends begins anew. Opened beside a page that somebody writes on."""
    return render_template("accounts/still_here.html", base=base_page())


@blueprint.route("/change-role", methods=["GET", "POST"])
def change_role() -> Page:
    """Act in another of one's roles, under a new session secret."""
    memberships = queries.list_memberships()
    form = EmptyForm()
    if form.validate_on_submit() and "offer" in request.form:
        return _take(request.form["offer"])
    if form.validate_on_submit():
        chosen = next(
            (m for m in memberships if str(m.membership_id) == request.form.get("membership")), None
        )
        if chosen is None:
            raise NotFound
        if not may_become(chosen.role, came_in_strongly=bool(session.get("strong"))):
            flash(_("This role opens with your work email and password."), "note")
            return to("accounts.sign_in")
        role = login.carry_on(chosen.membership_id)
        if role is None:
            raise NotFound
        meant.drop_unless_for(role)
        return to_home(role)
    return render_template(
        "accounts/change_role.html", memberships=memberships, offers=queries.list_offers(), base=base_page()
    )


def _take(offer: str) -> Response:
    """Take a role that was offered to this very account, and go on in it."""
    offered = next((one for one in queries.list_offers() if str(one.offer_id) == offer), None)
    membership_id = queries.accept_offer(offered.offer_id) if offered else None
    role = login.carry_on(membership_id) if membership_id else None
    if role is None:
        raise NotFound
    return to_home(role)


@blueprint.get("/my-account")
def my_account() -> str:
    """How I sign in, and where I am signed in now."""
    return render_template(
        "accounts/my_account.html",
        sessions=queries.list_sessions(),
        has_password=me().role not in LINK_ROLES,
        guard=keys.guard(),
        has_sealed=me().role is Role.PARENT and queries.has_sealed(),
        own_addresses=[address for _channel, address in confirming.list_ways_in()]
        if me().role in LINK_ROLES
        else [],
        has_offers=bool(queries.list_offers()),
        base=base_page(),
    )


@blueprint.post("/my-account/sessions/<uuid:session_id>/end")
@or_gone(_l("You are already signed out there."), "accounts.my_account")
def end_session(session_id: UUID) -> Response:
    """Sign out in another browser."""
    if not queries.end_other_session(session_id):
        raise NotFound
    flash(_("Signed out there."), "success")
    return to("accounts.my_account")


@blueprint.route("/my-account/password", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def change_password() -> Page:
    """A new password; every other browser is signed out."""
    form = ChangePasswordForm()
    form.about = (me().name, me().email or "")

    def change() -> None:
        _check_current(form)
        identity = me()
        if staff.is_somebody_elses(
            plain_email(identity.email) or "", form.password.data or "", identity.account_id
        ):
            raise Refused(cannot_be_used(), "password")
        staff.change_password(identity.account_id, form.password.data or "")
        login.carry_on(identity.membership_id)

    words = _("Your password is changed. Other browsers are signed out.")
    return submit(form, change, words, "accounts.my_account", field="current") or (
        render_template("accounts/change_password.html", form=form),
        form.status,
    )


@blueprint.route("/my-account/recovery-codes", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def new_recovery_codes() -> Page:
    """Ten new recovery codes in place of the old ones."""
    form = ConfirmPasswordForm()

    def replace() -> None:
        _check_current(form)
        login.keep_recovery_codes(staff.replace_recovery_codes(me().account_id))

    return submit(form, replace, None, "accounts.recovery_codes", field="current") or (
        render_template("accounts/new_recovery_codes.html", form=form),
        form.status,
    )


def _check_current(form: ChangePasswordForm | ConfirmPasswordForm) -> None:
    """Raise Refused unless the password of now is right."""
    account = staff.check_password(plain_email(me().email) or "", form.current.data or "", visitor())
    if account is None or account.account_id != me().account_id:
        raise Refused(_("This is not your password. Try again."))
