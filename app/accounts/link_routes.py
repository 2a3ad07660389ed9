"""How parents and facilitators sign in: by a one-time link, opened where it was asked for."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import links
from app.accounts.forms import EmptyForm, LinkCodeForm, NewLinkForm
from app.accounts.links import Link, LinkState
from app.accounts.login import arrive
from app.accounts.pages import TRAFFIC, blueprint, customer, to_home, visitor
from app.extensions import limiter
from app.messages.links import typed_code
from app.shell import pressed_twice
from app.shell.pressing import as_is, submit, to
from app.shell.refusals import Refused

Page = str | Response | tuple[str, int]
#: In place of what was typed from a letter and can be no code.
NO_CODE = "wrong"


@blueprint.get("/l/<token>")
@limiter.limit(TRAFFIC)
def short_link(token: str) -> Response:
    """The address in messages: short, for parents and people at work alike."""
    link = links.look_at(token)
    if link.is_reset:
        return redirect(url_for("accounts.new_password", token=token))
    return redirect(url_for("accounts.invitation" if link.is_for_staff else "accounts.link", token=token))


@blueprint.get("/i/<token>")
@limiter.limit(TRAFFIC)
def letter_link(token: str) -> Response:
    """The address on a printed letter, as somebody typed it."""
    return redirect(url_for("accounts.link", token=typed_code(token) or NO_CODE))


@blueprint.route("/letter/<token>", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def answer_letter(token: str) -> Page:
    """Are you …? Then say where a link may go: a letter has no address that is only its reader's."""
    found = links.look_at(token)
    if not (found.is_letter and found.state is LinkState.OPEN):
        return _link_over(found, token)
    form = NewLinkForm()

    def ask() -> None:
        if not links.answer_letter(token, form.channel.value, form.value, visitor(), customer()):
            raise Refused(_("This letter has been used, or its time is up. Call the school for a new one."))

    sent = _("Nothing after 10 minutes? Type the address on the letter again."), "note"
    return submit(form, ask, sent, "accounts.link_sent", field="address") or (
        render_template("accounts/letter.html", form=form, link=found, token=token),
        form.status,
    )


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def link(token: str) -> Page:
    """Are you …? by GET, because mail scanners open links; a session by POST."""
    found = links.look_at(token)
    if found.is_reset:
        return redirect(url_for("accounts.new_password", token=token))
    if found.state is LinkState.OPEN and found.is_stop:
        return redirect(url_for("accounts.stop_fresh_start", token=token))
    if found.state is LinkState.OPEN and found.is_for_staff:
        return redirect(url_for("accounts.invitation", token=token))
    form = EmptyForm()
    may_use = "join" in request.form or not found.is_letter
    if found.state is LinkState.OPEN and may_use and form.validate_on_submit():
        if found.is_fresh_start:
            membership_id = links.use_fresh_start(token)
        else:
            membership_id = links.use(token, join=found.is_invitation and "join" in request.form)
        if membership_id is not None:
            return _come_in(membership_id)
        found = links.look_at(token)
    if found.state is LinkState.USED and (answer := pressed_twice.first_answer(wait=True)) is not None:
        return answer
    if found.state is LinkState.OPEN and found.is_letter:
        return redirect(url_for("accounts.answer_letter", token=token))
    if found.state is LinkState.OPEN:
        return render_template("accounts/link.html", form=form, link=found, token=token)
    if found.state is LinkState.ELSEWHERE:
        return render_template("accounts/link_elsewhere.html", link=found, code=links.code_for(token))
    return _link_over(found, token)


@blueprint.post("/link/<token>/not-me")
@limiter.limit(TRAFFIC)
def not_me(token: str) -> Page:
    """The link reached somebody else: it is dead from here on, and who sent it looks at the number or address."""
    found = links.look_at(token)
    if EmptyForm().validate_on_submit() and links.refuse(token):
        return render_template("accounts/not_me.html", link=found)
    if found.is_for_staff:
        return to("accounts.invitation", token=token)
    return _link_over(links.look_at(token), token)


@blueprint.route("/stop-fresh-start/<token>", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def stop_fresh_start(token: str) -> Page:
    """Somebody at an old address says that nobody asked for a new way in."""
    found = links.look_at(token)
    if not (found.is_stop and found.state is LinkState.OPEN):
        return _link_over(found, token)
    form = EmptyForm()
    done = form.validate_on_submit() and links.stop_fresh_start(token)
    return render_template("accounts/stop_fresh_start.html", form=form, link=found, done=done)


def _link_over(found: Link, token: str) -> tuple[str, int]:
    page = render_template(
        "accounts/link_over.html",
        link=found,
        link_form=NewLinkForm(formdata=None),
        is_typed=token == NO_CODE or bool(typed_code(token)),
    )
    return page, 404 if found.state is LinkState.WRONG else 410


def _come_in(membership_id: UUID) -> Response:
    role = arrive(membership_id, strong=False)
    if role is None:
        flash(_("This page is closed for you now. Call the school if you think that is wrong."), "note")
        return to("accounts.new_link")
    return to_home(role)


@blueprint.route("/new-link", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def new_link() -> Page:
    """Ask for a link. The answer is the same whoever asks."""
    form = NewLinkForm()
    return submit(
        form,
        lambda: links.request(form.channel.value, form.value, visitor(), customer()),
        None,
        "accounts.link_sent",
        field="address",
    ) or (render_template("accounts/new_link.html", form=form, link_form=form), form.status)


@blueprint.route("/new-link/sent", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def link_sent() -> Page:
    """What happens now, and a box for the digits that another device shows."""
    form = LinkCodeForm()

    def come_in() -> Response:
        membership_id = links.use_code(form.code.data or "", visitor())
        if membership_id is None:
            raise Refused(_("These digits are not right. Check them, or ask for a new link."))
        return _come_in(membership_id)

    return submit(form, come_in, as_is, field="code") or (
        render_template("accounts/link_sent.html", form=form),
        form.status,
    )
