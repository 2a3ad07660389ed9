"""What each answer of Notify means: accepted, refused, wait, never arrived, or nobody knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from infra.notify import (
    DailyLimit,
    Delivery,
    KeyRefused,
    Notify,
    NotifyTrouble,
    RateLimited,
    Refused,
    TryLater,
    Unknown,
    midnight_after,
)

API_KEY = "test-00000000-0000-4000-8000-00000000000a-00000000-0000-4000-8000-00000000000b"


@pytest.fixture
def notify() -> Notify:
    return Notify(
        base_url="http://notify.invalid", api_key=API_KEY, email_template_id="e", sms_template_id="s"
    )


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch):
    """Let every request end like this: a status and a body, or an exception."""

    def set_to(status: int = 0, body: str = "{}", error: Exception | None = None) -> None:
        def request(_self: Any, method: str, url: str, **_options: Any) -> requests.Response:
            if error is not None:
                raise error
            response = requests.Response()
            response.status_code = status
            response._content = body.encode()
            response.url = url
            return response

        monkeypatch.setattr(requests.Session, "request", request)

    return set_to


def _send(notify: Notify) -> str:
    return notify.send_text("07700900123", body="Hello", reference="r")


def test_created_is_accepted(notify, answer):
    answer(201, '{"id": "n1"}')

    assert _send(notify) == "n1"


def _not_connected() -> requests.ConnectionError:
    reason = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (Unknown, {"status": 500}),
        (Unknown, {"status": 503}),
        (Unknown, {"status": 201, "body": "<html>"}),
        (Unknown, {"status": 201, "body": "{}"}),
        (Unknown, {"status": 201, "body": "[]"}),
        (Unknown, {"error": requests.ReadTimeout()}),
        (Unknown, {"error": requests.ConnectionError("reset by peer")}),
        (TryLater, {"error": requests.ConnectTimeout()}),
        (TryLater, {"error": _not_connected()}),
        (RateLimited, {"status": 429}),
        (RateLimited, {"status": 429, "body": '{"errors": [{"error": "RateLimitError"}]}'}),
        (DailyLimit, {"status": 429, "body": '{"errors": [{"error": "TooManyRequestsError"}]}'}),
        (KeyRefused, {"status": 403}),
        (KeyRefused, {"status": 401}),
        (TryLater, {"status": 404}),
        (Refused, {"status": 400}),
    ],
)
def test_other_answers(notify, answer, kind: type[NotifyTrouble], what: dict[str, Any]):
    answer(**what)

    with pytest.raises(kind):
        _send(notify)


@pytest.mark.parametrize(
    ("message", "is_address"),
    [("phone_number Not a valid phone number", True), ("Missing personalisation: body", False)],
)
def test_a_refusal_says_whether_the_address_is_at_fault(notify, answer, message, is_address):
    answer(400, f'{{"errors": [{{"error": "ValidationError", "message": "{message}"}}]}}')

    with pytest.raises(Refused) as refused:
        _send(notify)

    assert refused.value.is_address is is_address


def test_a_reference_that_notify_does_not_know_was_never_accepted(notify, answer):
    answer(200, '{"notifications": []}')

    assert notify.find_by_reference("r") is None


def test_a_reference_that_notify_cannot_look_up_is_unknown(notify, answer):
    answer(500)

    with pytest.raises(Unknown):
        notify.find_by_reference("r")


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        ("delivered", Delivery.DELIVERED),
        ("permanent-failure", Delivery.NO_SUCH_ADDRESS),
        ("temporary-failure", Delivery.NOT_REACHED),
        ("technical-failure", Delivery.BROKEN),
        ("sending", Delivery.UNDER_WAY),
        ("a-status-of-tomorrow", Delivery.UNDER_WAY),
    ],
)
def test_reads_what_became_of_a_message_from_each_answer(notify, answer, status, delivery):
    answer(200, f'{{"status": "{status}"}}')

    assert notify.delivery("n1") is delivery


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-30T23:59:59+00:00", "2026-12-01T00:00:00+00:00"),
        # In summer the day of Notify begins at one o'clock in London.
        ("2026-07-01T00:30:00+01:00", "2026-07-01T00:00:00+00:00"),
    ],
)
def test_daily_limits_begin_anew_at_midnight_utc(moment, until):
    assert midnight_after(datetime.fromisoformat(moment)) == datetime.fromisoformat(until)
