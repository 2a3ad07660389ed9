"""A school's sign-up page, for its staff; what anybody opens without an account is in `public_routes`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from app.extensions import db
from app.identity.current import me
from app.recruitment import known as known_people
from app.recruitment import passed_on as passed
from app.recruitment.consents import LANGUAGES
from app.recruitment.stages import STAGES
from app.schools import stage_rights
from app.shell.as_shown import if_as_shown
from app.shell.kept import kept
from app.shell.pressing import as_is, or_gone, press, submit, to
from app.signing_up import addresses, queries, services
from app.signing_up.forms import AcceptForm, LinkForm, PressForm
from app.signing_up.policy import MANAGERS
from app.signing_up.words import KINDS, came_by
from app.states.signing_up import LinkKind
from tenants.together import together

blueprint = Blueprint("signing_up", __name__)

GONE = _l("It is not there any more: it was set aside, or 28 days old.")


@blueprint.get("/school/sign-up")
def overview() -> str:
    """Who asked, and the page's address."""
    who = me()
    with together(db.session) as ask:
        found = ask(queries.find_page, who.own_school_id)
        waiting = ask(queries.list_waiting, who.own_school_id)
        links = ask(queries.list_links, who.own_school_id)
        passed_on = ask(passed.list_all, who.own_school_id)
        ask(stage_rights.stage_of, who.own_school_id)
    page = found.value
    return render_template(
        "signing_up/overview.html",
        waiting=waiting.value,
        most=queries.MOST,
        goes_on=queries.goes_on,
        language_names=LANGUAGES,
        page=page,
        is_open=queries.is_open(page),
        shown=queries.shown(page),
        address=addresses.of_page(page),
        manages=who.role in MANAGERS,
        links=[(one, addresses.of_link(one.id)) for one in links.value],
        kinds=KINDS,
        came_by=came_by,
        passed_on=passed_on.value,
        open_for=services.OPEN_FOR.days,
    )


def _now_shown() -> tuple[object, ...]:
    return queries.shown(queries.find_page(db.session(), me().own_school_id, hold=True))


@blueprint.post("/school/sign-up/open")
def open_page() -> Answer:
    who = me()
    return press(
        lambda: services.open_page(db.session(), who.own_school_id, by=who.name, secret_key=addresses.key()),
        _("Your sign-up page is open. It closes by itself after %(days)d days.", days=services.OPEN_FOR.days),
        "signing_up.overview",
    )


@blueprint.post("/school/sign-up/close")
def close_page() -> Answer:
    return press(
        if_as_shown(lambda: services.close_page(db.session(), me().own_school_id), *_now_shown()),
        _("Closed. Whoever opens the address reads that it is closed for now."),
        "signing_up.overview",
    )


@blueprint.route("/school/sign-up/new-address", methods=["GET", "POST"])
def renew_address() -> str | Answer:
    """It ends every poster for good, so it is asked before."""
    who, shown = me(), _now_shown()
    if not shown:
        flash(_("There is no page yet. Open it first."), "note")
        return to("signing_up.overview")
    renew = partial(
        services.renew_address, db.session(), who.own_school_id, by=who.name, secret_key=addresses.key()
    )
    return _asked_before(
        if_as_shown(renew, *shown),
        _("Your page has a new address. The old one is gone: take down what shows it."),
        "signing_up/new_address.html",
        shown=shown,
    )


@blueprint.route("/school/sign-up/links/new", methods=["GET", "POST"])
def make_link() -> str | Answer:
    """A link for those who know parents and may pass them on."""
    who, form = me(), LinkForm()

    def make() -> None:
        services.make_link(
            db.session(),
            who.own_school_id,
            kind=LinkKind(form.kind.data or ""),
            organisation=form.organisation.data or "",
            by=who.name,
            secret_key=addresses.key(),
        )

    words = _("The link is made. Send it to them: it stands below.")
    return submit(form, make, words, "signing_up.overview") or render_template(
        "signing_up/make_link.html", form=form, days=services.LINK_FOR.days
    )


@blueprint.post("/school/sign-up/links/<uuid:signup_link_id>/stop")
def stop_link(signup_link_id: UUID) -> Answer:
    return press(
        lambda: services.stop_link(db.session(), me().own_school_id, signup_link_id),
        _("Stopped. The link leads nowhere any more. Who was passed on by it stays."),
        "signing_up.overview",
    )


@blueprint.route("/school/sign-up/<uuid:signup_id>", methods=["GET", "POST"])
@or_gone(GONE, "signing_up.overview")
def look_at(signup_id: UUID) -> str | Answer:
    """What one of them wrote, who like them is known, and the press that takes them into the list."""
    school_id = me().own_school_id
    one = queries.get_signup(db.session(), school_id, signup_id)
    if one.parent_id is not None:
        flash(_("A colleague has taken them into your list."), "note")
        return to("recruitment.show_parent", parent_id=one.parent_id)
    form = AcceptForm()
    with together(db.session) as ask:
        link = ask(queries.find_link, one)
        alike = ask(known_people.known_beside, school_id, one)
    known = alike.value
    differs = known.differs(one)
    form.ask(known, differs)
    accept = partial(_accept, signup_id, one.name, form, known)
    return submit(form, if_as_shown(accept, *known.facts), as_is, field="knows") or render_template(
        "signing_up/look_at.html",
        form=form,
        one=one,
        came_by=came_by(link.value),
        by_account=one.link_id is None,
        known=known,
        differs=differs,
        goes_on=queries.goes_on(one),
        language_names=LANGUAGES,
        stages=STAGES,
    )


def _accept(signup_id: UUID, name: str, form: AcceptForm, known: known_people.Known) -> Answer:
    who = me()
    done = services.accept(
        db.session(),
        who.own_school_id,
        signup_id,
        by=who.name,
        is_shared=bool(form.is_shared.data) if "is_shared" in form else False,
        is_known=form.is_known(known),
        take=(form.take.data or []) if "take" in form else (),
    )
    if done.was_there:
        words = _("%(name)s is already in your list. Nobody was added.", name=kept(name))
        flash(words + " " + _("Read here what they said before you ask them."), "note")
    elif done.has_page:
        words = _(
            "%(name)s is in your list, and opens their page here by the way in that they have.",
            name=kept(name),
        )
        flash(words + " " + _("Nothing was sent: invite them next."), "success")
    else:
        flash(_("%(name)s is in your list. Nothing was sent: invite them next.", name=kept(name)), "success")
    return to("recruitment.show_parent", parent_id=done.parent_id)


@blueprint.route("/school/sign-up/<uuid:signup_id>/set-aside", methods=["GET", "POST"])
@or_gone(GONE, "signing_up.overview")
def set_aside(signup_id: UUID) -> str | Answer:
    """What somebody wrote is gone for good then, so it is asked before."""
    school_id = me().own_school_id
    one = queries.get_signup(db.session(), school_id, signup_id)
    return _asked_before(
        partial(services.set_aside, db.session(), school_id, signup_id),
        _("Deleted. Nobody was told, and nothing is sent."),
        "signing_up/set_aside.html",
        one=one,
    )


def _asked_before(change: Callable[[], object], done: str, page: str, **shown: object) -> str | Answer:
    """A page that asks whether it is to be; its press leads back to who signed up."""
    form = PressForm()
    if form.validate_on_submit():
        return press(change, done, "signing_up.overview")
    return render_template(page, form=form, **shown)


from app.signing_up import moving_routes, public_routes  # noqa: E402,F401 - their pages belong to this blueprint
