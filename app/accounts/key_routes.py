"""Pages on which parents and facilitators move their way in, and keep a PIN and four words."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import confirming, guarding, keys, login
from app.accounts.forms import EmptyForm, LinkCodeForm, LostForm, NewAddressForm, NewPinForm, PinForm
from app.accounts.pages import TRAFFIC, base_page, blueprint, to_home, visitor
from app.extensions import limiter
from app.identity.current import me, session
from app.shell.as_shown import is_as_shown
from app.shell.navigation import has_begun
from app.shell.pressing import as_is, submit, to
from app.shell.refusals import Refused

#: So many addresses let somebody in at most; the last one stays.
TWO = 2
Page = str | Response | tuple[str, int]


@blueprint.route("/pin", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def enter_pin() -> Page:
    """Others may come in by this phone or mailbox: the PIN says who this is."""
    wanted = guarding.what_is_asked()
    if not wanted or wanted == "choose":
        return to("accounts.choose_pin") if wanted else to_home(me().role)
    form = PinForm()

    def come_in() -> Response:
        if not keys.is_pin(form.pin.data or "", visitor()):
            raise Refused(_("This PIN is not right. Try again."))
        guarding.told_apart()
        confirming.confirm()
        return to_home(me().role)

    if wanted == "pin" and (answer := submit(form, come_in, as_is, field="pin")):
        return answer
    page = render_template(
        "accounts/enter_pin.html",
        form=form,
        wanted=wanted,
        is_shared=session.shares_address,
        # Ways that this person has: words that they wrote down, an address that nobody else uses.
        has_words=keys.guard().has_words,
        has_own_address=session.shares_address and bool(confirming.list_addresses()),
        base=base_page(),
    )
    return page, form.status


@blueprint.route("/my-account/pin", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def choose_pin() -> Page:
    """A PIN of one's own, for a phone or mailbox that somebody else uses too."""
    form, wanted = NewPinForm(), guarding.what_is_asked()
    if wanted in ("pin", "passkey") or (wanted == "shut" and request.method != "POST"):
        return to("accounts.enter_pin")  # which says who may choose one, and where
    if form.validate_on_submit():
        if not keys.set_pin(form.pin.data or ""):
            return to("accounts.confirm")
        guarding.told_apart()
        flash(_("Your PIN is saved. Do not tell it to anybody."), "success")
        if not has_begun(me()):
            return to(
                "recruitment.choose"
            )  # they pressed Yes; the four words are offered once they have joined
        return to("accounts.my_account") if keys.guard().has_words else to("accounts.new_words")
    return render_template("accounts/choose_pin.html", form=form, must=wanted == "choose", base=base_page())


@blueprint.route("/my-account/words", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def new_words() -> Page:
    """Four words to write down. They are shown once."""
    if EmptyForm().validate_on_submit():
        words = keys.new_words()
        if words is None:
            return to("accounts.confirm")
        return render_template("accounts/words_shown.html", words=words, base=base_page())
    return render_template(
        "accounts/new_words.html", form=EmptyForm(), has_words=keys.guard().has_words, base=base_page()
    )


@blueprint.route("/confirm/words", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_by_words() -> Page:
    """The four words in place of a code by message."""
    return _confirm_by("words")


@blueprint.route("/confirm/pin", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_by_pin() -> Page:
    """The PIN in place of a code by message."""
    return _confirm_by("pin")


def _confirm_by(key: str) -> Page:
    form = PinForm(key=key)

    def confirm() -> Response:
        typed = form.pin.data or ""
        if not (keys.is_pin if key == "pin" else keys.are_words)(typed, visitor()):
            raise Refused(_("This is not right. Check it, and try again."))
        confirming.confirm()
        guarding.told_apart()
        return redirect(confirming.way_back(), 303)

    return submit(form, confirm, as_is, field="pin") or (
        render_template("accounts/confirm_by_key.html", form=form, key=key, base=base_page()),
        form.status,
    )


# ---- the way in moves


@blueprint.route("/my-account/way-in", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def move_way_in() -> Page:
    """A new number or email address: six digits go there."""
    form = NewAddressForm()
    return submit(
        form,
        lambda: keys.ask_to_move(form.channel, form.value),
        lambda asked: to("accounts.confirm_way_in" if asked else "accounts.confirm"),
        field="address",
    ) or (render_template("accounts/move_way_in.html", form=form, base=base_page()), form.status)


@blueprint.route("/my-account/way-in/code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def confirm_way_in() -> Page:
    """The six digits that the new address got."""
    form = LinkCodeForm()

    def move() -> None:
        if not keys.move(form.code.data or ""):
            raise Refused(_("These digits are not right. Check them, or start again."))

    words = _("Changed. We told your old address or number.")
    return submit(form, move, words, "accounts.my_account", field="code") or (
        render_template("accounts/confirm_way_in.html", form=form, base=base_page()),
        form.status,
    )


@blueprint.route("/my-account/lost-address", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def drop_address() -> Page:
    """One of two addresses is lost: it lets nobody in any more, and nothing goes there."""
    ways = confirming.list_ways_in()
    if EmptyForm().validate_on_submit():
        chosen = request.form.get("channel", "")
        lost = next((one for one in ways if one[0].value == chosen), None)
        done = lost is not None and is_as_shown(lost[1]) and keys.drop_lost_address(lost[0])
        flash(
            _("Removed. No link and no message goes there any more.")
            if done
            else _("Nothing was removed. This is how you sign in now."),
            "success" if done else "note",
        )
        return to("accounts.my_account")
    if len(ways) < TWO:
        return to("accounts.my_account")
    return render_template("accounts/drop_address.html", ways=ways, base=base_page())


@blueprint.route("/lost", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def lost() -> Page:
    """The old phone and mailbox are gone: four words move the way in. The answer is the same whoever asks."""
    form = LostForm()
    return submit(
        form,
        lambda: keys.ask_to_move_by_words(
            form.old_address, form.words.data or "", form.new_address, visitor()
        ),
        None,
        "accounts.lost_sent",
        field="words",
    ) or (render_template("accounts/lost.html", form=form), form.status)


@blueprint.route("/lost/code", methods=["GET", "POST"])
@limiter.limit(TRAFFIC)
def lost_sent() -> Page:
    """The six digits that the new address got, if the words were right."""
    form = LinkCodeForm()

    def move() -> None:
        membership_id = keys.move(form.code.data or "")
        if not (membership_id and login.arrive(membership_id, strong=False, proved=True)):
            raise Refused(_("These digits are not right. Check them, or start again."))
        guarding.told_apart()

    # Whoever lost one of two is asked whether it is to go.
    return submit(form, move, None, "accounts.drop_address", field="code") or (
        render_template("accounts/lost_sent.html", form=form),
        form.status,
    )
