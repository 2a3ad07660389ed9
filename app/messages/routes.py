"""Pages of `messages`: what did not arrive, sending again, stopping, and the short addresses in messages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db, limiter
from app.identity.current import me, session
from app.identity.roles import Role
from app.identity.websession import Identity
from app.messages import kept, meant, outlook, services
from app.messages import usage as counted
from app.messages.catalogue import PAGES
from app.messages.kind import Link
from app.messages.links import SIGNS, BadLink, read_stop_token
from app.messages.queries import list_failed
from app.messages.standing import judge
from app.shell import chosen_lines, dates, list_search
from app.shell.errors import NotFound
from app.shell.form_tokens import csrf
from app.shell.navigation import home_of
from app.shell.pressing import press
from app.states.messages import RecipientKind

blueprint = Blueprint("messages", __name__)

#: Who has no password: they get a link where others get a password form.
BY_LINK = (Role.PARENT, Role.FACILITATOR)


def _school_id() -> UUID:
    return me().own_school_id


@blueprint.get("/messages")
def failed() -> str:
    """Messages that did not arrive, and those that we held back."""
    held_back = request.args.get("show") == "held-back"
    page = list_failed(
        db.session(), _school_id(), after=_after(), held_back=held_back, text=list_search.typed("messages")
    )
    standings = judge(db.session(), _school_id(), page.rows)
    again = [row for row in page.rows if standings[row.id].again]
    return render_template(
        "messages/failed.html",
        page=page,
        held_back=held_back,
        standings=standings,
        boxes={
            row.id: box
            for row, box in zip(again, chosen_lines.boxes((row.id, row.name) for row in again), strict=True)
        },
        search=list_search.box("messages", page.rows, _("Name, mobile, email or message")),
    )


@blueprint.post("/messages/search")
def search_messages() -> Response:
    """Those that fit, on either list."""
    shown = {"show": "held-back"} if request.args.get("show") == "held-back" else {}
    return list_search.remember("messages", "messages.failed", **shown)


def _after() -> UUID | None:
    try:
        return UUID(request.args["after"]) if "after" in request.args else None
    except ValueError:
        raise NotFound from None


@blueprint.post("/messages/<uuid:message_id>/again")
def send_again(message_id: UUID) -> Response:
    """One press, one new message; a second press changes nothing."""
    where = db.session(), _school_id()
    return press(
        lambda: services.send_again(db.session(), school_id=_school_id(), message_id=message_id),
        lambda written: (
            (outlook.said(*where), outlook.tone(*where))
            if written
            else (_("It has already been sent again."), "note")
        ),
        "messages.failed",
    )


@blueprint.get("/messages/replies")
def replies() -> str:
    """What people answered to texts of this school."""
    replies = kept.list_replies(db.session(), _school_id(), list_search.typed("replies"))
    search = list_search.box("replies", replies, _("Name, number or words"))
    return render_template("messages/replies.html", replies=replies, search=search)


@blueprint.post("/messages/replies/search")
def search_replies() -> Response:
    """Those that fit."""
    return list_search.remember("replies", "messages.replies")


@blueprint.post("/messages/replies/<uuid:reply_id>/done")
def reply_done(reply_id: UUID) -> Response:
    """Somebody has dealt with it; a second press changes nothing."""
    identity = me()
    if not kept.mark_done(db.session(), _school_id(), reply_id, by=identity.name):
        flash(_("Somebody had dealt with it already."), "note")
    return redirect(url_for("messages.replies"))


@blueprint.get("/messages/usage")
def usage() -> str:
    """How many this school sent, by month."""
    return render_template(
        "messages/usage.html",
        months=counted.of_school(db.session(), _school_id()),
        month_words=dates.month_and_year,
        number=format_decimal,
    )


@blueprint.route("/stop/<token>", methods=["GET", "POST"])
@limiter.limit("60 per hour")
def stop(token: str) -> str | tuple[str, int]:
    """A button by GET, because mail scanners open links; stopped by POST, signed in or not. Afterwards it says so."""
    try:
        link = read_stop_token(current_app.extensions["settings"].secret("secret_key"), token)
    except BadLink:
        return render_template("messages/stop_wrong.html"), 404
    school = services.school_of_link(link)
    if school is None:
        return render_template("messages/stop_wrong.html"), 404
    if request.method == "POST":
        services.stop_by_link(link)
    page = services.standing_of(link)
    return render_template(
        f"messages/{page}.html", link=link, school=school, was_pressed=request.method == "POST"
    )


@blueprint.route("/stop/<token>/at-once", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]
@limiter.limit("60 per hour")
def stop_at_once(token: str) -> Response:
    """One-click unsubscribe (RFC 8058): a POST without cookies stops; whoever looks by GET gets the page to press."""
    if request.method != "POST":
        return redirect(url_for("messages.stop", token=token))
    try:
        link = read_stop_token(current_app.extensions["settings"].secret("secret_key"), token)
    except BadLink:
        return Response(status=404, mimetype="text/plain")
    # A school that is gone writes nothing, and nobody writes to an address of before; the answer is the same, so that
    # no mail program tries again.
    services.stop_by_link(link)
    return Response(status=200, mimetype="text/plain")


def _is_for_other_role(place: str, sign: str, identity: Identity) -> bool:
    """Whether a message spoke to somebody in another of their roles: what it tells is not on the pages of this one."""
    if (
        not sign
        or not identity.has_other_roles
        or place not in (Link.HOME, Link.GROUP, Link.OFFER, Link.THEMES, Link.GROUP_MESSAGES)
    ):
        return False
    return identity.role is not (Role.PARENT if sign == SIGNS[RecipientKind.PARENT] else Role.FACILITATOR)


@blueprint.get("/go/<place>")
def go(place: str) -> Response:
    """The page behind a short address, for whoever is here; when nobody is, to the way in and from there to it."""
    roles = PAGES.get(Link(place)) if place in list(Link) else None
    if roles is None:
        raise NotFound
    identity, sign = session.identity, next((one for one in SIGNS.values() if one in request.args), "")
    if identity is None:
        meant.keep(place, sign)
        has_link = not roles or any(role in BY_LINK for role in roles)
        return redirect(url_for("accounts.new_link" if has_link else "accounts.sign_in"))
    if _is_for_other_role(place, sign, identity):
        meant.keep(place, sign)
        return redirect(url_for("accounts.change_role"))
    meant.drop()
    endpoint = roles.get(identity.role)
    return redirect(url_for(endpoint) if endpoint else home_of(identity.role))


from app.messages import (  # noqa: E402 - their addresses belong to this blueprint
    callback_routes,  # noqa: F401
    own_key_routes,  # noqa: F401
    several_routes,  # noqa: F401
    words_routes,  # noqa: F401
)
