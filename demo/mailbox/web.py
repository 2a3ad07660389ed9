"""The mailbox over HTTP: Notify's API, the inbox page, the list for tools, the faults for drills."""

import socket
import time
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, jsonify, render_template, request, send_file
from flask import current_app as app_of_now
from werkzeug.exceptions import HTTPException

from demo.mailbox.callbacks import Callbacks, Where
from demo.mailbox.faults import FaultBox
from demo.mailbox.notify import (
    SMOKE_ADDRESS,
    KeyRing,
    NotifyError,
    bad_request,
    international,
    preview,
    read_order,
    text_parts,
)
from demo.mailbox.render import email_body, linked, text_body
from demo.mailbox.store import PAGE, Message, Received, Store, same_recipient

_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; img-src 'self'"
)
SHOWN = 100
#: Of the service, to which people reply.
NUMBER = "07700900000"
_CHANNELS = {"email": "Email", "sms": "Text message", "letter": "Letter"}
_STATUSES = {
    "delivered": "Delivered",
    "received": "Received for printing",
    "temporary-failure": "Not delivered: could not be reached for now",
    "permanent-failure": "Not delivered: no such recipient",
}

api = Blueprint("notify", __name__, url_prefix="/v2")
pages = Blueprint("inbox", __name__)


def create_mailbox(folder: Path, *, api_key: str, callbacks: Where | None = None) -> Flask:
    """The WSGI application; messages are kept in `folder`. Raises ValueError for a key of the wrong form.

    `api_key`: one key, or several apart by spaces; each service reads its own messages alone.

    `callbacks` says where it tells what became of messages, and brings texts; without it, it waits to be asked.
    """
    key = KeyRing.parse(api_key)
    app = Flask(__name__)
    app.config.update(TRUSTED_HOSTS=["127.0.0.1", "localhost"], MAX_CONTENT_LENGTH=8 * 1024 * 1024)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    faults = FaultBox()
    app.extensions.update(mailbox_store=Store(folder), mailbox_key=key, mailbox_faults=faults)
    app.extensions["mailbox_callbacks"] = Callbacks(callbacks, faults)
    app.jinja_env.filters.update(linked=linked, email_body=email_body, text_body=text_body)
    app.jinja_env.globals.update(text_parts=text_parts, channels=_CHANNELS, statuses=_STATUSES)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_error_handler(NotifyError, _notify_error)
    app.register_error_handler(HTTPException, _http_error)
    app.after_request(_headers)
    return app


@api.before_request
def _check_key() -> None:
    g.key = app_of_now.extensions["mailbox_key"].check(request.headers.get("Authorization", ""))


@api.post("/notifications/<any(email, sms, letter):channel>")
def send(channel: str) -> tuple[Response, int]:
    order = read_order(channel, request.get_json(silent=True))
    faults: FaultBox = app_of_now.extensions["mailbox_faults"]
    bad_day = faults.current.of(g.key.service_id)
    time.sleep(bad_day.delay_ms / 1000)
    if faults.happens(bad_day.error_before):
        raise NotifyError(500, "Exception", "Internal server error")
    if faults.happens(bad_day.key_refused):
        raise NotifyError(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
    if faults.happens(bad_day.rate_limit):
        limit = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
        raise NotifyError(429, "RateLimitError", limit)
    if faults.happens({"email": bad_day.daily_email, "sms": bad_day.daily_sms}.get(channel, 0.0)):
        raise NotifyError(429, "TooManyRequestsError", f"Exceeded send limits ({channel}: 250000) for today")
    g.key.refuse_strangers()
    if order.to == SMOKE_ADDRESS:
        # As Notify does: taken, and kept nowhere.
        return jsonify({"id": str(uuid.uuid4()), "reference": order.reference}), 201
    message = Message(
        id=str(uuid.uuid4()),
        type=order.type,
        to=order.to,
        subject=order.subject,
        body=order.body,
        status=order.status,
        created_at=_now(),
        reference=order.reference,
        template_id=order.template_id,
        personalisation=order.personalisation,
        has_pdf=order.pdf is not None,
        postage=order.postage,
        one_click_unsubscribe_url=order.one_click_unsubscribe_url,
        service_id=g.key.service_id,
    )
    _store().add(message, pdf=order.pdf)
    if message.type != "letter":
        _callbacks().tell_delivery(_delivery(message))
    if faults.happens(bad_day.error_after):
        raise NotifyError(500, "Exception", "Internal server error")
    if faults.happens(bad_day.drop_reply):
        _hang_up()
    return jsonify(_accepted(message)), 201


@api.get("/notifications")
def list_notifications() -> Response:
    wanted = {name: request.args.getlist(name) for name in ("status", "template_type")}
    newest = _store().list_newest(
        reference=request.args.get("reference"), older_than=request.args.get("older_than")
    )
    found: list[dict[str, Any]] = []
    for message in newest:
        if not _is_own(message.service_id):
            continue
        if wanted["status"] and message.status not in wanted["status"]:
            continue
        if wanted["template_type"] and message.type not in wanted["template_type"]:
            continue
        found.append(_notification(message))
        if len(found) == PAGE:
            break
    links = {"current": request.url}
    if found:
        links["next"] = f"{request.base_url}?older_than={found[-1]['id']}"
    return jsonify({"notifications": found, "links": links})


@api.get("/notifications/<message_id>")
def get_notification(message_id: str) -> Response:
    try:
        uuid.UUID(message_id)
    except ValueError:
        raise NotifyError(400, "ValidationError", "notification_id is not a valid UUID") from None
    message = _found(message_id)
    return jsonify(_notification(message))


@api.get("/notifications/<message_id>/pdf")
def get_letter_pdf(message_id: str) -> Response:
    message = _found(message_id)
    if message.type != "letter":
        raise bad_request("Notification is not a letter")
    return _pdf(message)


@api.get("/received-text-messages")
def list_received_texts() -> Response:
    found = _store().list_received(older_than=request.args.get("older_than"))
    received = [text for text in found if _is_own(text.service_id)][:PAGE]
    texts = [{**asdict(text), "notify_number": NUMBER, "service_id": g.key.service_id} for text in received]
    links = {"current": request.url}
    if received:
        links["next"] = f"{request.base_url}?older_than={received[-1].id}"
    return jsonify({"received_text_messages": texts, "links": links})


@api.post("/template/<template_id>/preview")
def preview_template(template_id: str) -> Response:
    """Every service has the two templates that the product sends by."""
    return jsonify(preview(template_id, request.get_json(silent=True)))


@pages.get("/")
def inbox() -> str:
    to = request.args.get("to", "").strip()
    shown: list[Message] = []
    more = False
    for message in _store().list_newest():
        if to and to.casefold() not in message.to.casefold() and not same_recipient(to, message.to):
            continue
        if len(shown) == SHOWN:
            more = True
            break
        shown.append(message)
    return render_template("mailbox/inbox.html", messages=shown, to=to, more=more)


@pages.get("/messages/<uuid:message_id>.pdf")
def letter(message_id: uuid.UUID) -> Response:
    message = _store().find(str(message_id))
    if message is None:
        abort(404)
    return _pdf(message)


@pages.get("/messages.json")
def messages() -> Response:
    """Newest first. `?to=` (any spelling of the number or address) and `?reference=` narrow it."""
    to = request.args.get("to")
    newest = _store().list_newest(reference=request.args.get("reference"))
    return jsonify([message.summary() for message in newest if to is None or same_recipient(to, message.to)])


@pages.post("/replies")
def reply() -> tuple[Response, int]:
    """Somebody answers a text: JSON `{"from": number, "words": text}`; the product reads it as Notify's.

    `service`: the id of the service to whose number; else the first.
    """
    if request.remote_addr not in ("127.0.0.1", "::1"):
        abort(403)
    data = request.get_json(silent=True)
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in ("from", "words")):
        return jsonify({"error": 'Send {"from": "07700 900123", "words": "STOP"}.'}), 400
    received = Received(
        id=str(uuid.uuid4()),
        user_number=international(data["from"]),
        content=data["words"],
        created_at=_now(),
        service_id=str(data.get("service") or ""),
    )
    _store().receive(received)
    _callbacks().tell_text(
        {
            "id": received.id,
            "source_number": received.user_number,
            "destination_number": NUMBER,
            "message": received.content,
            "date_received": received.created_at,
        }
    )
    return jsonify(asdict(received)), 201


@pages.get("/faults")
def show_faults() -> Response:
    return jsonify(app_of_now.extensions["mailbox_faults"].as_dict())


@pages.post("/faults")
def set_faults() -> Response | tuple[Response, int]:
    if request.remote_addr not in ("127.0.0.1", "::1"):
        abort(403)
    faults: FaultBox = app_of_now.extensions["mailbox_faults"]
    try:
        # JSON only: a web page in somebody's browser cannot post that here.
        faults.set(request.get_json(silent=True))
    except ValueError as error:
        return jsonify({"error": str(error)}), 400
    return jsonify(faults.as_dict())


@pages.get("/healthz")
def healthz() -> Response:
    return jsonify({"status": "ok"})


def _store() -> Store:
    store: Store = app_of_now.extensions["mailbox_store"]
    return store


def _is_own(service_id: str) -> bool:
    """Whether what is of this service is to be read by whoever asks."""
    keys: KeyRing = app_of_now.extensions["mailbox_key"]
    return (service_id or keys.keys[0].service_id) == g.key.service_id


def _found(message_id: str) -> Message:
    message = _store().find(message_id)
    if message is None or not _is_own(message.service_id):
        raise NotifyError(404, "NoResultFound", "No result found")
    return message


def _callbacks() -> Callbacks:
    callbacks: Callbacks = app_of_now.extensions["mailbox_callbacks"]
    return callbacks


def _delivery(message: Message) -> dict[str, Any]:
    """What a callback says of a message."""
    return {
        "id": message.id,
        "reference": message.reference,
        "to": message.to,
        "status": message.status,
        "created_at": message.created_at,
        "completed_at": message.created_at,
        "sent_at": message.created_at,
        "notification_type": message.type,
        "template_id": message.template_id,
        "template_version": 1,
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _pdf(message: Message) -> Response:
    path = _store().find_pdf(message.id)
    if path is None:
        raise bad_request("PDF not available yet, try again later")
    return send_file(path, mimetype="application/pdf")


def _template(message: Message) -> dict[str, Any]:
    address = f"{request.host_url}services/mailbox/templates/{message.template_id}"
    return {"id": message.template_id, "version": 1, "uri": address}


def _accepted(message: Message) -> dict[str, Any]:
    if message.has_pdf:
        return {"id": message.id, "reference": message.reference, "postage": message.postage}
    content: dict[str, Any] = {"body": message.body}
    if message.type == "sms":
        content["from_number"] = "We Belong"
    else:
        content["subject"] = message.subject
    if message.type == "email":
        content["from_email"] = "we.belong@notifications.example.org"
        content["one_click_unsubscribe_url"] = message.one_click_unsubscribe_url
    return {
        "id": message.id,
        "reference": message.reference,
        "uri": f"{request.host_url}v2/notifications/{message.id}",
        "template": _template(message),
        "scheduled_for": None,
        "content": content,
    }


def _notification(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "reference": message.reference,
        "email_address": message.to if message.type == "email" else None,
        "phone_number": message.to if message.type == "sms" else None,
        **{f"line_{n}": message.personalisation.get(f"address_line_{n}") for n in range(1, 8)},
        "postage": message.postage,
        "type": message.type,
        "status": message.status,
        "template": _template(message),
        "body": message.body,
        "subject": message.subject,
        "created_at": message.created_at,
        "created_by_name": None,
        "sent_at": message.created_at,
        "completed_at": message.created_at,
        "scheduled_for": None,
        "estimated_delivery": None,
        "one_click_unsubscribe_url": message.one_click_unsubscribe_url,
        "is_cost_data_ready": True,
        "cost_in_pounds": 0.0,
        "cost_details": {},
    }


def _hang_up() -> None:
    """Closes the connection under the reply, as a failing network does."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        raise RuntimeError("Dropping a reply needs the mailbox's own server (python -m demo.mailbox).")
    connection.shutdown(socket.SHUT_RDWR)


def _notify_error(error: NotifyError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


def _http_error(error: HTTPException) -> Any:
    if not request.path.startswith("/v2/"):
        return error
    code = error.code or 500
    body = {"status_code": code, "errors": [{"error": "BadRequestError", "message": str(error.description)}]}
    return jsonify(body), code


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
