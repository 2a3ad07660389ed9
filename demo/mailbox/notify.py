"""The rules of GOV.UK Notify that the product meets: keys, recipients, contents, simulated outcomes."""

import base64
import binascii
import time
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

import jwt

from infra.recipients import Unusable, email_address, phone_number

TOKEN_SECONDS = 30
TEXT_LIMIT = 918
REFERENCE_LIMIT = 1000
_CHANNEL_FIELD = {"email": "email_address", "sms": "phone_number"}

#: What each kind of order may hold; anything else is refused.
_PROPERTIES = {
    "email": {
        *("email_address", "template_id", "personalisation", "reference", "email_reply_to_id"),
        *("one_click_unsubscribe_url", "sanitise_content_for", "scheduled_for"),
    },
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id", "scheduled_for"},
    "letter": {"template_id", "personalisation", "reference"},
    "precompiled": {"reference", "content", "postage"},
}
#: Taken and kept nowhere; the two templates of the product, which every service here has.
SMOKE_ADDRESS = "simulate-delivered@notifications.service.gov.uk"
TEMPLATES = {
    "00000000-0000-4000-8000-000000000001": "email",
    "00000000-0000-4000-8000-000000000002": "sms",
}
_IN_NUMBERS = set(" \t()+-0123456789")
_NOT_VALID = {
    "email": "email_address Not a valid email address",
    "sms": "phone_number Not a valid phone number",
}
_REFUSED_AS = {
    "many": "phone_number Too many digits",
    "mobile": "phone_number Not a UK mobile number",
    "country": "phone_number Not a valid country prefix",
}

# What Notify's own test recipients do.
_OUTCOMES = {
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
    "447700900003": "temporary-failure",
    "447700900002": "permanent-failure",
}

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = set("^{}\\[~]|€")


#: Kept, and then 70 characters are one text: the vowels of Welsh that the table above lacks.
_WELSH = set("ÁÍÓÚẂÝÂÊÎÔÛŴŶÀÈÌÒẀÙỲËÏẄŸáíóúẃýâêîôûŵŷẁỳëïẅÿ") - _GSM
_TYPOGRAPHY = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "}
)
_NOTHING = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u180e")


def as_sent(text: str) -> str:
    """A text as Notify sends it: marks that phones may lack are dropped, what is left over becomes "?"."""
    plain = text.translate(_TYPOGRAPHY).translate(_NOTHING)
    return "".join(_as_sent(letter) for letter in plain)


def _as_sent(letter: str) -> str:
    if letter in _GSM | _GSM_DOUBLE | _WELSH:
        return letter
    bare = unicodedata.normalize("NFD", letter)[0]
    return bare if bare != letter and bare in _GSM else "?"


class NotifyError(Exception):
    """An answer with Notify's error body."""

    def __init__(self, status: int, error: str, *messages: str) -> None:
        super().__init__(messages)
        self.status = status
        self.body = {
            "status_code": status,
            "errors": [{"error": error, "message": message} for message in messages],
        }


def invalid(*messages: str) -> NotifyError:
    return NotifyError(400, "ValidationError", *messages)


def bad_request(message: str) -> NotifyError:
    return NotifyError(400, "BadRequestError", message)


@dataclass(frozen=True)
class ApiKey:
    """A Notify API key, `name-serviceid-secret`; service id and secret are UUIDs."""

    service_id: str
    secret: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "ApiKey":
        """Raises ValueError when the text is no such key."""
        service_id, secret = text[-73:-37], text[-36:]
        try:
            uuid.UUID(service_id), uuid.UUID(secret)
        except ValueError:
            raise ValueError("The Notify API key must end in two UUIDs: name-serviceid-secret.") from None
        return cls(service_id, secret, text[:-74])

    @property
    def kind(self) -> str:
        """What its name says it is: `team…` writes to the team alone, `trial…` is of a service in trial mode."""
        return next((kind for kind in ("team", "trial") if self.name.startswith(kind)), "live")

    def refuse_strangers(self) -> None:
        """Raises NotifyError, with Notify's words, for a key that writes to the team alone: nobody here is of it."""
        if self.kind == "team":
            raise bad_request("Can't send to this recipient using a team-only API key")
        if self.kind == "trial":
            where = "https://www.notifications.service.gov.uk/trial-mode"
            raise bad_request(f"Can't send to this recipient when service is in trial mode - see {where}")

    def check(self, header: str) -> None:
        """Checks an Authorization header. Raises NotifyError 401 or 403 with Notify's words."""
        if not header.startswith("Bearer "):
            raise NotifyError(401, "AuthError", "Unauthorized: authentication token must be provided")
        token = header.removeprefix("Bearer ")
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=["HS256"],
                options={"verify_iat": False, "require": ["iss", "iat"]},
            )
            issued_at = int(claims["iat"])
        except (jwt.InvalidTokenError, TypeError, ValueError):
            message = "Invalid token: signature, api token not found"
            raise NotifyError(403, "AuthError", message) from None
        if claims["iss"] != self.service_id:
            raise NotifyError(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() - issued_at) > TOKEN_SECONDS:
            message = "Error: Your system clock must be accurate to within 30 seconds"
            raise NotifyError(403, "AuthError", message)


@dataclass(frozen=True)
class KeyRing:
    """The keys that the mailbox takes, each of a service; two may be of one."""

    keys: tuple[ApiKey, ...]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Keys apart by spaces. Raises ValueError when one is none, or there is none."""
        return cls(tuple(ApiKey.parse(one) for one in text.split() or [""]))

    def check(self, header: str) -> ApiKey:
        """The key that an Authorization header was made with. Raises NotifyError, as the first key says it."""
        for key in self.keys:
            try:
                key.check(header)
            except NotifyError:
                continue
            return key
        self.keys[0].check(header)
        raise AssertionError("the first key did not take it before")


@dataclass(frozen=True)
class Order:
    """A message that was asked for and found in order."""

    type: str
    to: str
    subject: str | None
    body: str
    status: str
    reference: str | None
    template_id: str | None
    personalisation: dict[str, Any]
    pdf: bytes | None = None
    postage: str | None = None
    one_click_unsubscribe_url: str | None = None


def read_order(channel: str, data: Any) -> Order:
    """The order in a request body. `channel` is email, sms or letter. Raises NotifyError."""
    if not isinstance(data, dict):
        raise bad_request("Invalid JSON supplied in POST data")
    kind = "precompiled" if channel == "letter" and "content" in data else channel
    if unknown := sorted(set(data) - _PROPERTIES[kind]):
        raise invalid(*(f"Additional properties are not allowed ({name} was unexpected)" for name in unknown))
    reference = data.get("reference")
    if reference is not None and (not isinstance(reference, str) or len(reference) > REFERENCE_LIMIT):
        raise invalid(f"reference must be text of at most {REFERENCE_LIMIT} characters")
    if channel == "letter" and "content" in data:
        return _precompiled_letter(data, reference)

    problems = []
    template_id = data.get("template_id")
    if template_id is None:
        problems.append("template_id is a required property")
    elif not _is_uuid(template_id):
        problems.append("template_id is not a valid UUID")
    personalisation = data.get("personalisation", {})
    if not isinstance(personalisation, dict):
        problems.append("personalisation is not of type object")
        personalisation = {}
    recipient = ""
    if channel in _CHANNEL_FIELD:
        recipient, problem = _recipient(channel, data)
        problems += [problem] if problem else []
    unsubscribe = data.get("one_click_unsubscribe_url") if channel == "email" else None
    if unsubscribe is not None and not str(unsubscribe).startswith("https://"):
        problems.append("one_click_unsubscribe_url is not a valid https url")
    if problems:
        raise invalid(*problems)

    wanted = ["body"] if channel == "sms" else ["subject", "body"]
    missing = [name for name in wanted if not isinstance(personalisation.get(name), str)]
    if missing:
        raise bad_request(f"Missing personalisation: {', '.join(missing)}")
    body = as_sent(personalisation["body"]) if channel == "sms" else personalisation["body"]
    if channel == "sms" and len(body) > TEXT_LIMIT:
        raise bad_request(
            f"Content for template has a character count greater than the limit of {TEXT_LIMIT}"
        )
    if channel == "letter":
        recipient = _postal_address(personalisation)
    return Order(
        type=channel,
        to=recipient,
        subject=None if channel == "sms" else personalisation["subject"],
        body=body,
        status="received" if channel == "letter" else _OUTCOMES.get(_key(recipient), "delivered"),
        reference=reference,
        template_id=template_id,
        personalisation=personalisation,
        postage="second" if channel == "letter" else None,
        one_click_unsubscribe_url=unsubscribe,
    )


def preview(template_id: str, data: Any) -> dict[str, Any]:
    """A template with what is put in its places. Raises NotifyError."""
    if not _is_uuid(template_id):
        raise invalid("id is not a valid UUID")
    if (kind := TEMPLATES.get(template_id)) is None:
        raise NotifyError(404, "NoResultFound", "No result found")
    given = data.get("personalisation", {}) if isinstance(data, dict) else {}
    wanted = ["body"] if kind == "sms" else ["subject", "body"]
    if missing := [name for name in wanted if name not in given]:
        raise bad_request(f"Missing personalisation: {', '.join(missing)}")
    subject = None if kind == "sms" else given["subject"]
    return {"id": template_id, "type": kind, "version": 1, "body": given["body"], "subject": subject}


def text_parts(text: str) -> int:
    """How many texts the words are sent as and cost (GSM 03.38: 160 characters, or 70 with other letters)."""
    if set(text) <= _GSM | _GSM_DOUBLE:
        length = len(text) + sum(character in _GSM_DOUBLE for character in text)
        single, each = 160, 153
    else:
        length, single, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= single else -(-length // each)


def _recipient(channel: str, data: dict[str, Any]) -> tuple[str, str | None]:
    name = _CHANNEL_FIELD[channel]
    value = data.get(name)
    if value is None:
        return "", f"{name} is a required property"
    if not isinstance(value, str):
        return "", f"{name} is not of type string"
    try:
        if channel == "email":
            email_address(value)
            return value, None
        # What is typed is read more kindly by the service, which sends plain numbers.
        if set(value) - _IN_NUMBERS:
            return value, "phone_number Must not contain letters or symbols"
        phone_number(value, texted=True)
    except Unusable as refused:
        return value, _REFUSED_AS.get(refused.why, _NOT_VALID[channel])
    return value, None


def _key(recipient: str) -> str:
    if "@" in recipient:
        return recipient.casefold()
    return phone_number(recipient, texted=True).removeprefix("+")


def international(number: str) -> str:
    """A number as Notify reports it: 447700900123, no plus. A sender that is no number stays as it is."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) < 7:
        return number
    return (
        f"44{digits[1:]}"
        if digits.startswith("0") and not digits.startswith("00")
        else digits.removeprefix("00")
    )


def _postal_address(personalisation: dict[str, Any]) -> str:
    lines = [str(personalisation.get(f"address_line_{number}") or "").strip() for number in range(1, 8)]
    lines = [line for line in lines if line]
    if len(lines) < 3:
        raise invalid("Address must be at least 3 lines")
    return ", ".join(lines)


def _precompiled_letter(data: dict[str, Any], reference: str | None) -> Order:
    if reference is None:
        raise invalid("reference is a required property")
    postage = data.get("postage", "second")
    if postage not in ("first", "second", "economy", "europe", "rest-of-world"):
        raise invalid("postage invalid. It must be first, second, economy, europe or rest-of-world.")
    try:
        pdf = base64.b64decode(data["content"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise bad_request("Cannot decode letter content (invalid base64 encoding)") from None
    if not pdf.startswith(b"%PDF-"):
        raise bad_request("Letter content is not a valid PDF")
    return Order(
        type="letter",
        to="Provided as PDF",
        subject="Pre-compiled PDF",
        body="",
        status="received",
        reference=reference,
        template_id=None,
        personalisation={},
        pdf=pdf,
        postage=postage,
    )


def _is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(value)
    except (TypeError, ValueError, AttributeError):
        return False
    return True
