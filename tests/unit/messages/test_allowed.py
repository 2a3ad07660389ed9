"""What must hold at the moment of sending, rule by rule: each case differs from one that may go by one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.cohorts.messages.holding import PlanFact
from app.messages.allowed import Facts, ReaderFact, TokenFact, why_not
from app.messages.catalogue import KINDS
from app.messages.problems import EXPLAINED, Problem, explain
from app.states.messages import Channel

#: Monday 1 February 2027, noon.
MOMENT = datetime(2027, 2, 1, 12, tzinfo=UTC)
PARENT = ReaderFact(
    "a@example.org", "+447700900111", stage="in_group", agreed=frozenset({"join", "email", "text"})
)
WEDNESDAY = PlanFact("running", True, "planned", date(2027, 2, 3), datetime(2027, 2, 3, 17, 45, tzinfo=UTC))
REMINDER = Facts(PARENT, WEDNESDAY, school_stage="active", not_after=MOMENT + timedelta(days=1))
INVITED = replace(PARENT, stage="invited", agreed=frozenset())
TOKEN = TokenFact("a@example.org", True, MOMENT + timedelta(days=7))
INVITATION = Facts(INVITED, token=TOKEN, school_stage="active", not_after=MOMENT + timedelta(days=7))
FACILITATOR = Facts(ReaderFact("f@example.org", "+447700900112"))


def _why(kind: str, channel: str, facts: Facts) -> Problem | None:
    return why_not(KINDS[kind], Channel(channel), facts, MOMENT)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_reminder_goes_to_somebody_who_agreed(channel: str) -> None:
    assert _why("session_reminder", channel, REMINDER) is None


@pytest.mark.parametrize(
    ("channel", "change", "problem"),
    [
        ("sms", {"agreed": frozenset({"join", "email"})}, Problem.NO_CONSENT),
        ("email", {"agreed": frozenset({"join", "text"})}, Problem.NO_CONSENT),
        ("email", {"agreed": frozenset({"email", "text"})}, Problem.NO_CONSENT),
        ("sms", {"texts_stopped": True}, Problem.STOPPED),
        ("email", {"emails_stopped": True}, Problem.STOPPED),
        ("email", {"stage": "said_no"}, Problem.SAID_NO),
        ("sms", {"stage": "left"}, Problem.SAID_NO),
        ("email", {"doubted": frozenset({"a@example.org"})}, Problem.NOT_THEM),
        ("sms", {"doubted": frozenset({"+447700900111"})}, Problem.NOT_THEM),
        ("email", {"email": ""}, Problem.NO_ADDRESS),
        ("sms", {"phone": ""}, Problem.NO_ADDRESS),
        ("sms", {"is_active": False}, Problem.READER_GONE),
    ],
)
def test_a_reminder_is_held_back_by_one_word_of_the_parent(
    channel: str, change: dict[str, object], problem: Problem
) -> None:
    facts = replace(REMINDER, reader=replace(PARENT, **change))  # type: ignore[arg-type]

    assert _why("session_reminder", channel, facts) is problem


@pytest.mark.parametrize(
    ("change", "email", "sms"),
    [
        ({}, None, Problem.EMAIL_INSTEAD),
        ({"agreed": frozenset({"join", "text"})}, Problem.NO_CONSENT, None),
        ({"emails_stopped": True}, Problem.STOPPED, None),
        ({"email": ""}, Problem.NO_ADDRESS, None),
        ({"agreed": frozenset({"join", "email"})}, None, Problem.NO_CONSENT),
        ({"agreed": frozenset({"join"})}, Problem.NO_CONSENT, Problem.NO_CONSENT),
    ],
)
def test_a_friendly_word_goes_one_way_only_and_only_a_way_they_want(
    change: dict[str, object], email: Problem | None, sms: Problem | None
) -> None:
    facts = replace(REMINDER, reader=replace(PARENT, **change), confirmed=frozenset(Channel))  # type: ignore[arg-type]

    assert _why("we_missed_you", "email", facts) is email
    assert _why("we_missed_you", "sms", facts) is sms


def test_a_friendly_word_goes_where_they_proved_to_be_themselves() -> None:
    by_phone = replace(REMINDER, confirmed=frozenset({Channel.SMS}))

    assert _why("we_missed_you", "email", by_phone) is Problem.NOT_CONFIRMED
    assert _why("we_missed_you", "sms", by_phone) is None


def test_stopping_one_channel_leaves_the_other() -> None:
    facts = replace(REMINDER, reader=replace(PARENT, texts_stopped=True))

    assert _why("session_reminder", "email", facts) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"session_state": "cancelled"}, Problem.PLAN_CHANGED),
        ({"session_state": "held"}, Problem.PLAN_CHANGED),
        ({"cohort_state": "cancelled"}, Problem.PLAN_CHANGED),
        ({"is_in_group": False}, Problem.NOT_IN_GROUP),
        ({"on_date": date(2027, 2, 10)}, Problem.PLAN_CHANGED),
        ({"on_date": date(2027, 2, 1)}, Problem.PLAN_CHANGED),
        ({"starts_at": MOMENT - timedelta(hours=1)}, Problem.TOO_LATE),
    ],
)
def test_a_reminder_is_held_back_when_the_plan_changed(change: dict[str, object], problem: Problem) -> None:
    facts = replace(REMINDER, plan=replace(WEDNESDAY, **change))  # type: ignore[arg-type]

    assert _why("session_reminder", "sms", facts) is problem


def test_news_of_a_cancelled_session_needs_it_to_be_cancelled_still() -> None:
    cancelled = replace(REMINDER, plan=replace(WEDNESDAY, session_state="cancelled"))

    assert _why("session_cancelled", "sms", cancelled) is None
    assert _why("session_cancelled", "sms", REMINDER) is Problem.PLAN_CHANGED


def test_nothing_goes_after_it_was_of_use() -> None:
    assert _why("session_reminder", "sms", replace(REMINDER, not_after=MOMENT)) is Problem.TOO_LATE


def test_nobody_is_asked_again_in_the_year_after_a_no() -> None:
    asked = replace(INVITATION, reader=replace(INVITED, do_not_ask_until=date(2027, 9, 1)))
    next_year = replace(INVITATION, reader=replace(INVITED, do_not_ask_until=date(2027, 2, 1)))

    assert _why("parent_invitation", "email", asked) is Problem.SAID_NO
    assert _why("parent_invitation", "email", next_year) is None


def test_an_invitation_needs_no_consent_but_respects_a_stop() -> None:
    assert _why("parent_invitation", "email", INVITATION) is None
    stopped = replace(INVITATION, reader=replace(INVITED, emails_stopped=True))
    assert _why("parent_invitation", "email", stopped) is Problem.STOPPED


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        (None, Problem.LINK_ENDED),
        (replace(TOKEN, is_open=False), Problem.LINK_ENDED),
        (replace(TOKEN, address="someone.else@example.org"), Problem.ADDRESS_CHANGED),
    ],
)
def test_a_link_goes_only_where_it_was_meant_to(token: TokenFact | None, problem: Problem) -> None:
    assert _why("parent_invitation", "email", replace(INVITATION, token=token)) is problem


def test_a_link_to_sign_in_goes_to_the_address_that_asked() -> None:
    asked = Facts(None, token=TOKEN)

    assert _why("sign_in_link", "email", asked) is None
    assert asked.address(Channel.EMAIL) == "a@example.org"


def test_that_an_address_is_shared_is_told_only_while_it_is_and_has_no_key() -> None:
    assert _why("address_shared", "email", Facts(None, token=TOKEN)) is None
    over = Facts(None, token=replace(TOKEN, is_open=False))
    assert _why("address_shared", "email", over) is Problem.SUPERSEDED


def test_asking_to_lead_needs_its_own_yes() -> None:
    agreed = PARENT.agreed | {"ask_to_lead"}
    willing = replace(REMINDER, reader=replace(PARENT, agreed=agreed), confirmed=frozenset({Channel.EMAIL}))

    assert _why("invite_to_lead", "email", REMINDER) is Problem.NO_CONSENT
    assert _why("invite_to_lead", "email", willing) is None
    # That it comes tells a choice that staff do not see, who may write where messages go.
    elsewhere = replace(willing, confirmed=frozenset())
    assert _why("invite_to_lead", "email", elsewhere) is Problem.NOT_CONFIRMED


def test_news_of_an_application_is_a_text_only_without_an_email_address() -> None:
    assert _why("application_ready", "email", FACILITATOR) is None
    assert _why("application_ready", "sms", FACILITATOR) is Problem.EMAIL_INSTEAD
    assert _why("application_ready", "sms", Facts(ReaderFact("", "+447700900112"))) is None


def test_a_school_that_left_writes_to_no_parent() -> None:
    assert _why("session_reminder", "sms", replace(REMINDER, school_stage="left")) is Problem.SCHOOL_LEFT


def test_every_problem_is_explained() -> None:
    assert set(EXPLAINED) == set(Problem)
    assert explain("Their phone is off.").why == "Their phone is off."
    assert explain("bad_address", "sms").why == "The mobile number is not right."
    assert explain("bad_address", "email").why == "The email address is not right."
