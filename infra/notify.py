"""GOV.UK Notify: sends emails and texts, and says what became of them. The mailbox speaks the same API.

What an answer, or a callback, means is decided here, once: a message was accepted, refused, told to wait, never
reached Notify, or nobody knows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import requests
from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from infra.clock import now
from infra.logs import get_logger

log = get_logger()

#: Seconds that one call may wait for a connection, and again for an answer. Leases are far longer.
TIMEOUT = 10
#: For so long Notify keeps a text that somebody wrote.
REPLY_KEPT = timedelta(days=7)
#: Letters of one at most: more than two of the longest that a phone sends.
LONGEST_REPLY = 2_000

# Its warnings quote requests.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class NotifyTrouble(Exception):
    """A call that did not end with a clear yes."""


class Unknown(NotifyTrouble):
    """No answer, a broken one, or a 5xx: it may have been accepted. Look the reference up before sending again."""


class TryLater(NotifyTrouble):
    """Certainly not accepted: no connection at all, or an answer that says so."""


class RateLimited(TryLater):
    """Too many in this minute, of every kind together (429 RateLimitError): nothing goes for some seconds."""


class DailyLimit(TryLater):
    """Today's number of this kind is used up (429 TooManyRequestsError): no more of it go before midnight UTC."""


class KeyRefused(TryLater):
    """A key that is not taken, or our clock is half a minute off (401, 403): ours to mend, and no message is lost."""


class Refused(NotifyTrouble):
    """Certainly not accepted, and the same again would not be. `is_address` when the address is at fault."""

    def __init__(self, *, is_address: bool) -> None:
        super().__init__("refused")
        self.is_address = is_address


class NotUnderstood(ValueError):
    """A callback without what it must hold; says in words what that is."""


class Delivery(StrEnum):
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    #: Nobody there.
    NO_SUCH_ADDRESS = "no_such_address"
    #: Phone off, mailbox full.
    NOT_REACHED = "not_reached"
    #: Notify's own trouble, or content that it would not send.
    BROKEN = "broken"


_DELIVERIES = {
    "delivered": Delivery.DELIVERED,
    "permanent-failure": Delivery.NO_SUCH_ADDRESS,
    "temporary-failure": Delivery.NOT_REACHED,
    "technical-failure": Delivery.BROKEN,
    "validation-failed": Delivery.BROKEN,
    "cancelled": Delivery.BROKEN,
}


class KeyFault(StrEnum):
    """Why a service at Notify cannot carry our messages."""

    REFUSED = "refused"
    CLOCK = "clock"
    TEAM = "team"
    TRIAL = "trial"
    EMAIL_TEMPLATE = "email_template"
    SMS_TEMPLATE = "sms_template"
    NO_ANSWER = "no_answer"


#: To which Notify sends nothing, and answers as if it had; it keeps nothing of it either.
SMOKE_ADDRESS = "simulate-delivered@notifications.service.gov.uk"
#: A word that a template is tried with.
_PROBE = "we-belong-probe"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as Notify hands it out: a name, the service's id and a secret."""

    service_id: UUID
    text: str

    @classmethod
    def parse(cls, typed: str) -> ApiKey:
        """The key in what somebody pasted. Raises ValueError, without a letter of it."""
        key = "".join(typed.split())
        try:
            service_id, secret = UUID(key[-73:-37]), UUID(key[-36:])
        except ValueError:
            raise ValueError("no key of GOV.UK Notify") from None
        if not key.isascii() or key[-73:] != f"{service_id}-{secret}" or key[-74:-73] not in ("-", ""):
            raise ValueError("no key of GOV.UK Notify")
        return cls(service_id, key)

    def __repr__(self) -> str:
        return f"ApiKey({self.service_id})"


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that somebody sent to the service's number."""

    id: str
    phone: str
    words: str
    at: datetime


class Notify:
    """One service at Notify. Safe to share between threads: each gets a client of its own."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        email_template_id: str,
        sms_template_id: str,
        timeout: float = TIMEOUT,
    ) -> None:
        self._make: Callable[[], NotificationsAPIClient] = lambda: NotificationsAPIClient(
            api_key, base_url=base_url, timeout=timeout
        )
        self._base_url, self._timeout = base_url, timeout
        self._email_template_id, self._sms_template_id = email_template_id, sms_template_id
        self._local = threading.local()

    def with_key(self, api_key: str, *, email_template_id: str, sms_template_id: str) -> Notify:
        """Another service at the same Notify."""
        return Notify(
            base_url=self._base_url,
            api_key=api_key,
            email_template_id=email_template_id,
            sms_template_id=sms_template_id,
            timeout=self._timeout,
        )

    @property
    def _client(self) -> NotificationsAPIClient:
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = self._make()
        return client

    def send_email(
        self, to: str, *, subject: str, body: str, reference: str, unsubscribe_url: str | None = None
    ) -> str:
        """Hand an email over; Notify's id for it. Raises Unknown, TryLater or Refused.

        `unsubscribe_url` becomes List-Unsubscribe with one click (RFC 8058); https only, as Notify asks.
        """
        return self._sent(
            lambda: self._client.send_email_notification(
                email_address=to,
                template_id=self._email_template_id,
                personalisation={"subject": subject, "body": body},
                reference=reference,
                one_click_unsubscribe_url=unsubscribe_url,
            )
        )

    def send_text(self, to: str, *, body: str, reference: str) -> str:
        """Hand a text over; Notify's id for it. Raises Unknown, TryLater or Refused."""
        return self._sent(
            lambda: self._client.send_sms_notification(
                phone_number=to,
                template_id=self._sms_template_id,
                personalisation={"body": body},
                reference=reference,
            )
        )

    def find_fault(self) -> KeyFault | None:
        """Why this service cannot carry our messages; None where it can. Nothing is sent to anybody.

        Each template is shown with a word in its places, and an email goes to Notify's own address for such tries: that
        one is refused to a key for the team alone, and to a service in trial mode. A key for tests is not told apart.
        """
        email, sms = ("subject", "body"), ("body",)
        return (
            self._template_fault(self._email_template_id, "email", email, KeyFault.EMAIL_TEMPLATE)
            or self._template_fault(self._sms_template_id, "sms", sms, KeyFault.SMS_TEMPLATE)
            or self._sending_fault()
        )

    def _template_fault(
        self, template_id: str, kind: str, places: tuple[str, ...], fault: KeyFault
    ) -> KeyFault | None:
        probe = dict.fromkeys(places, _PROBE)
        try:
            shown = _answer(lambda: self._client.post_template_preview(template_id, probe))
        except APIError as error:
            return _key_fault(error, otherwise=fault)
        except NotifyTrouble:
            return KeyFault.NO_ANSWER
        fits = shown.get("type") == kind and all(_PROBE in str(shown.get(place)) for place in places)
        return None if fits else fault

    def _sending_fault(self) -> KeyFault | None:
        try:
            _answer(
                lambda: self._client.send_email_notification(
                    email_address=SMOKE_ADDRESS,
                    template_id=self._email_template_id,
                    personalisation={"subject": _PROBE, "body": _PROBE},
                )
            )
        except APIError as error:
            return _key_fault(error, otherwise=KeyFault.EMAIL_TEMPLATE)
        except NotifyTrouble:
            return KeyFault.NO_ANSWER
        return None

    def find_by_reference(self, reference: str) -> str | None:
        """Notify's id of the message with this reference, or None when it never got there.

        Raises Unknown or TryLater when Notify does not say.
        """
        found = _understood(lambda: self._client.get_all_notifications(reference=reference))
        notifications = found.get("notifications") or []
        return str(notifications[0]["id"]) if notifications else None

    def delivery(self, provider_id: str) -> Delivery:
        """What became of an accepted message. Raises Unknown, TryLater or Refused."""
        status = _understood(lambda: self._client.get_notification_by_id(provider_id)).get("status")
        return _DELIVERIES.get(str(status), Delivery.UNDER_WAY)

    def list_replies(self) -> list[Reply]:
        """The newest texts sent to the service's number (Notify's page of 250), newest first; what is none is left out.

        Raises Unknown or TryLater when Notify does not say.
        """
        page = _understood(self._client.get_received_texts).get("received_text_messages") or []
        return [reply for item in page if (reply := _reply(item)) is not None]

    def _sent(self, call: Callable[[], Any]) -> str:
        answer = _understood(call)
        if "id" not in answer:
            raise Unknown
        return str(answer["id"])


def told_delivery(said: Mapping[str, Any]) -> tuple[UUID, Delivery]:
    """Which message a callback speaks of, and what became of it. Raises NotUnderstood."""
    try:
        return UUID(said["id"]), _DELIVERIES.get(str(said["status"]), Delivery.UNDER_WAY)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotUnderstood("Expected id (a UUID) and status.") from None


def told_text(said: Mapping[str, Any]) -> Reply:
    """The text that a callback brings. Raises NotUnderstood."""
    try:
        return _as_reply(said, number="source_number", words="message", at="date_received")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotUnderstood(
            "Expected id (a UUID), source_number, message and date_received, of the last seven days."
        ) from None


def _reply(item: dict[str, Any]) -> Reply | None:
    try:
        return _as_reply(item, number="user_number", words="content", at="created_at")
    except (AttributeError, KeyError, TypeError, ValueError):
        log.warning("reply_not_understood")
        return None


def _as_reply(item: Mapping[str, Any], *, number: str, words: str, at: str) -> Reply:
    moment = datetime.fromisoformat(item[at])
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # Notify keeps a text for a week. Of another time it is none of ours, and dates have ends that no clock can read.
    if abs(moment - now()) > REPLY_KEPT + timedelta(days=1):
        raise ValueError(at)
    return Reply(str(UUID(item["id"])), _text(item[number]), _text(item[words])[:LONGEST_REPLY], moment)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _understood(call: Callable[[], Any]) -> dict[str, Any]:
    """The answer of `call`, or one of our errors."""
    try:
        return _answer(call)
    except APIError as error:
        raise _meaning(error) from error


def _answer(call: Callable[[], Any]) -> dict[str, Any]:
    """The answer of `call`. Raises Unknown, or APIError where Notify said no."""
    try:
        answer = call()
    except InvalidResponse as error:
        raise Unknown from error
    except (requests.RequestException, OSError) as error:
        raise Unknown from error
    if not isinstance(answer, dict):
        raise Unknown
    return answer


def _meaning(error: APIError) -> NotifyTrouble:
    cause = error.__cause__
    if error.response is None:
        return TryLater() if _never_connected(cause) else Unknown()
    status = error.response.status_code
    if status == 400:
        message = str(error.message)
        return Refused(is_address="email_address" in message or "phone_number" in message)
    if status == 429:
        # Its words change, the name of the error does not.
        return DailyLimit() if "TooManyRequestsError" in _names(error) else RateLimited()
    if status in (401, 403):
        return KeyRefused()
    return TryLater() if 401 <= status < 500 else Unknown()


def _key_fault(error: APIError, *, otherwise: KeyFault) -> KeyFault:
    """What is wrong with a key, or a service, of which this was the answer; `otherwise` is what was asked about."""
    said, status = str(error.message), error.response.status_code if error.response is not None else 0
    if status in (401, 403):
        return KeyFault.CLOCK if "clock" in said else KeyFault.REFUSED
    if status == 400 and "team-only" in said:
        return KeyFault.TEAM
    if status == 400 and "trial mode" in said:
        return KeyFault.TRIAL
    return otherwise if status in (400, 404) else KeyFault.NO_ANSWER


def _names(error: APIError) -> set[str]:
    said = error.message
    return (
        {str(one.get("error")) for one in said if isinstance(one, dict)} if isinstance(said, list) else set()
    )


def midnight_after(moment: datetime) -> datetime:
    """When a new day begins for Notify's daily limits."""
    return datetime.combine(moment.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)


def _never_connected(cause: BaseException | None) -> bool:
    if isinstance(cause, requests.ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
