"""The page of a council's own key at GOV.UK Notify."""

from __future__ import annotations

from functools import partial

from flask import current_app, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.identity.current import me
from app.identity.websession import Identity
from app.messages import own_key
from app.messages.forms import NotifyKeyForm
from app.messages.routes import blueprint
from app.shell.pressing import press, submit
from infra.settings import Settings

PAGE = "messages.notify_key"


@blueprint.route("/authority/settings/notify", methods=["GET", "POST"])
def notify_key() -> Response:
    """By which service messages go, and another key for it."""
    form, who, settings = NotifyKeyForm(), me(), current_app.extensions["settings"]
    words = _("Notify takes this key. Your messages go by your own service from now on.")
    act = partial(_use, form, who, settings)
    if answer := submit(form, act, words, PAGE, field="api_key"):
        return answer
    key = own_key.find_key(db.session(), who.authority_id)
    if key and not form.is_submitted():
        form.email_template_id.data = str(key.email_template_id)
        form.sms_template_id.data = str(key.sms_template_id)
    page = render_template(
        "messages/notify_key.html",
        form=form,
        key=key,
        callback=own_key.find_callback(db.session(), who.authority_id, settings),
        base_url=settings.base_url.rstrip("/"),
    )
    return make_response(page, form.status)


def _use(form: NotifyKeyForm, who: Identity, settings: Settings) -> None:
    own_key.set_key(
        db.session(),
        who.authority_id,
        who.name,
        settings,
        api_key=form.api_key.data or "",
        email_template_id=form.email_template_id.data or "",
        sms_template_id=form.sms_template_id.data or "",
    )


@blueprint.post("/authority/settings/notify/token")
def make_callback_token() -> Response:
    """What Notify proves itself by, where it says what became of a message."""
    who = me()
    return press(
        lambda: own_key.make_token(
            db.session(), who.authority_id, who.name, current_app.extensions["settings"]
        ),
        _("There is a new token. Enter it at Notify."),
        PAGE,
    )


@blueprint.post("/authority/settings/notify/take-back")
def take_back_key() -> Response:
    """Back to the service's own."""
    return press(
        lambda: own_key.take_back(db.session(), me().authority_id),
        lambda was_used: (
            _("Your key is taken out. Messages go by the service’s own key from now on.")
            if was_used
            else (_("Messages go by the service’s own key already."), "note")
        ),
        PAGE,
    )
