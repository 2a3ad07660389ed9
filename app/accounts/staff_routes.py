"""How people at work sign in: password, then app or recovery code; the first time through an invitation."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response as Bytes
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import links, login, staff
from app.accounts.forms import (
    AppCodeForm,
    EmptyForm,
    InvitationForm,
    NewLinkForm,
    RecoveryCodeForm,
    SignInForm,
)
from app.accounts.links import LinkState
from app.accounts.pages import INVITATION, TRAFFIC, blueprint, cannot_be_used, to_home, visitor
from app.accounts.second_factor import readable_secret
from app.accounts.second_factor import set_up_image as draw_set_up_image
from app.accounts.services import plain_email
from app.extensions import limiter
from app.identity.current import me, session
from app.identity.roles import PASSWORD_ROLES
from app.shell.dates import clock, day
from app.shell.errors import NotFound
from app.shell.kept import kept
from app.shell.pressing import as_is, submit, to
from app.shell.refusals import Refused

Page = str | Response | tuple[str, int]

#: In the session: whose account is ready before its role begins.
COMING = "coming"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def sign_in() -> Page:
    """Both doors; the form of people at work."""
    form = SignInForm()

    def come_in() -> Response:
        account = staff.check_password(
            plain_email(form.email.data) or "", form.password.data or "", visitor()
        )
        if account is None:
            raise Refused(_("Check your email and password. One of them is not right."))
        staff.wait_for_second_factor(account.account_id)
        return to("accounts.enter_code" if account.has_second_factor else "accounts.set_up_app")

    return submit(form, come_in, as_is) or (
        render_template("accounts/sign_in.html", form=form, link_form=NewLinkForm(formdata=None)),
        form.status,
    )


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def enter_code() -> Page:
    """The app's six digits."""
    return _second_factor(AppCodeForm(), staff.is_app_code, "accounts/enter_code.html")


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def enter_recovery_code() -> Page:
    """A recovery code in place of the app."""
    return _second_factor(RecoveryCodeForm(), staff.is_recovery_code, "accounts/enter_recovery_code.html")


def _second_factor(
    form: AppCodeForm | RecoveryCodeForm, is_right: Callable[[staff.Account, str], bool], template: str
) -> Page:
    account = staff.waiting_account()
    if account is None:
        return _start_again()
    if not account.has_second_factor:
        return to("accounts.set_up_app")

    def come_in() -> Response:
        if not is_right(account, form.code.data or ""):
            raise Refused(_("This code is not right, or was used before. Wait for the next one."))
        return _come_in(account)

    return submit(form, come_in, as_is, field="code") or (render_template(template, form=form), form.status)


def _come_in(account: staff.Account, codes: list[str] | None = None) -> Response:
    role = login.arrive(account.membership_id, strong=True) if account.membership_id else None
    if role is None:
        session.pop("pending", None)
        flash(_why_no_role(account.account_id), "note")
        if codes:
            login.keep_recovery_codes(codes)
            # Said again when the codes are kept: from there they go back to signing in.
            session[COMING] = str(account.account_id)
        return to("accounts.recovery_codes" if codes else "accounts.sign_in")
    if codes:
        login.keep_recovery_codes(codes)
        return to("accounts.recovery_codes")
    return to_home(role)


def _why_no_role(account_id: UUID) -> str:
    """A role that sees more than whoever gives it takes a second person, and begins a day after they agree."""
    coming = staff.coming_role(account_id)
    if coming is None:
        return _("You have no role here at the moment. Ask the person who invited you.")
    role, begins_at = coming
    if begins_at is None:
        return _(
            "Your account is ready. Your role, %(role)s, waits for a second person to agree."
            " We email you when you begin. Until then there is nothing to do here.",
            role=role,
        )
    return _(
        "Your account is ready. Your role, %(role)s, begins on %(day)s at %(time)s. Sign in here then.",
        role=role,
        day=day(begins_at),
        time=clock(begins_at),
    )


def _start_again() -> Response:
    flash(_("That took a while. Please enter your password again."), "note")
    return to("accounts.sign_in")


# ---- the app, for the first time


@blueprint.route("/sign-in/set-up", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def set_up_app() -> Page:
    """Scan, type, done: the authenticator app of somebody who has none yet."""
    account = staff.waiting_account()
    if account is None:
        return _start_again()
    if account.has_second_factor:
        return to("accounts.enter_code")
    form = AppCodeForm()

    def come_in() -> Response:
        codes = staff.confirm_app(account, form.code.data or "")
        if codes is None:
            raise Refused(_("This code is not right. Wait for the next one and type that."))
        return _come_in(account, codes)

    if answer := submit(form, come_in, as_is, field="code"):
        return answer
    page = render_template(
        "accounts/set_up_app.html", form=form, secret=readable_secret(staff.set_up_secret())
    )
    return page, form.status


@blueprint.get("/sign-in/set-up.svg")
@limiter.limit(TRAFFIC)
def set_up_image() -> Bytes:
    """The QR code of the app that this browser sets up."""
    account = staff.waiting_account()
    if account is None or account.has_second_factor:
        raise NotFound
    return Bytes(draw_set_up_image(staff.set_up_secret(), account.email), mimetype="image/svg+xml")


@blueprint.route("/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> Page:
    """Ten codes, shown until their owner has said that they are kept; also before their role begins."""
    codes, form = login.waiting_recovery_codes(), EmptyForm()
    are_kept = form.validate_on_submit()
    if are_kept:
        login.forget_recovery_codes()
        if (account_id := session.pop(COMING, None)) and not session.identity:
            flash(_why_no_role(UUID(account_id)), "note")
    if are_kept or not codes:
        return to_home(session.identity.role) if session.identity else to("accounts.sign_in")
    return render_template("accounts/recovery_codes.html", codes=codes, form=form)


# ---- invitations


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def invitation(token: str) -> Page:
    """An invitation to work here: *Are you …?* first, then what it is; accepted by POST, with a password."""
    link = links.look_at(token)
    if link.is_reset:
        return redirect(url_for("accounts.new_password", token=token))
    if link.state is LinkState.OPEN and not link.is_for_staff:
        return redirect(url_for("accounts.link", token=token))
    form = InvitationForm()
    form.about = (link.name, link.place)

    def accept() -> Response | None:
        refuse_shared(form, token)
        accepted = links.accept(token, form.password.data or "")
        if accepted.account_id:
            staff.wait_for_second_factor(accepted.account_id)
            return to("accounts.set_up_app")
        if accepted.outcome == "full":
            raise Refused(_too_many())
        now = links.look_at(token)
        return (
            to("accounts.invitation", token=token) if now.state is LinkState.OPEN else _invitation_over(now)
        )

    if link.state is LinkState.OPEN and (answer := submit(form, accept, as_is, field="password")):
        return answer
    if link.state is not LinkState.OPEN:
        return _invitation_over(link)
    is_me = "me" in request.args or request.method == "POST"
    page = "accounts/invitation.html" if is_me else "accounts/invitation_for.html"
    return render_template(page, form=form, link=link, token=token, mine=_at_work()), form.status


def _at_work() -> str:
    """Whose account is signed in here at work; empty when nobody's."""
    identity = session.identity
    return identity.name if identity and identity.role in PASSWORD_ROLES else ""


def _invitation_over(link: links.Link) -> Response:
    status = 404 if link.state is LinkState.WRONG else 410
    return make_response(render_template("accounts/invitation_over.html", link=link), status)


def refuse_shared(form: InvitationForm, token: str) -> None:
    """Raise Refused unless the new password tells this person from others at the address."""
    if links.is_somebody_elses(token, form.password.data or "", visitor()):
        raise Refused(cannot_be_used())


def _too_many() -> str:
    return _("Too many people share this email address. Ask to be invited at an address of your own.")


@blueprint.post("/invitation/<token>/add")
@limiter.limit(TRAFFIC)
def add_to_my_account(token: str) -> Page:
    """The role that somebody is invited to, for the account that is signed in here: only they can say so."""
    link = links.look_at(token)
    if link.state is LinkState.OPEN and link.is_for_staff and EmptyForm().validate_on_submit():
        accepted = links.add_to_my_account(token)
        if accepted.account_id:
            return _role_added(accepted.account_id)
        if accepted.outcome == "other":
            flash(_("%(name)s has an account of their own. Sign in to that.", name=kept(link.name)), "note")
            return to("accounts.invitation", token=token, me="yes")
    return _invitation_over(links.look_at(token))


@blueprint.post("/invitation/<token>/sign-in")
@limiter.limit(TRAFFIC)
def sign_in_first(token: str) -> Page:
    """Somebody who has an account at work signs in to it, and comes back to this invitation."""
    if EmptyForm().validate_on_submit() and links.look_at(token).is_for_staff:
        session[INVITATION] = token
        flash(_("Sign in. Then you come back to your invitation."), "note")
    return to("accounts.sign_in")


def _role_added(account_id: UUID) -> Response:
    if staff.coming_role(account_id):
        flash(_why_no_role(account_id), "note")
        return to_home(me().role)
    flash(_("Your new role is here. Choose it below."), "success")
    return to("accounts.change_role")
