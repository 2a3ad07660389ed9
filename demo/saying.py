"""What those who lead tick after each session, what is written to a group, and what it says to its school together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from demo.borough import Borough, Place
from demo.keys import dice, made_id
from infra.clock import LONDON

PARTS = ["welcome", "theme", "home", "summing_up"]
#: Said by enough for the school to read it; and one before the group that wants one more yes.
SAID = "We would like one person at school to call us, and not a different one each time."
BEFORE_THE_GROUP = (
    "Please tell us a day before when the timetable changes. It costs our children a night’s sleep."
)
#: Written to everybody in it.
TO_EVERYBODY = "Please come in by the Elm Road gate. The front door is shut from 5pm. There will be tea."
#: Numbers of members, so that whom the demo signs in as has not said anything yet.
SAY_SO, SAY_SO_TOO = range(3, 9), range(3, 7)
#: Days that a school has to reply (`app.say_ours`).
TO_REPLY = 14


def add_reflection(
    borough: Borough, school_id: UUID, session_id: UUID, cohort_id: UUID, leader_id: UUID, ends: datetime
) -> None:
    """One leader's ticks of one session: nearly always whole, now and then short of the last part."""
    rng = dice("reflection", session_id, leader_id)
    borough.add(
        "session_reflection",
        school_id=school_id,
        session_id=session_id,
        facilitator_id=leader_id,
        cohort_id=cohort_id,
        rules_said_at=ends - timedelta(minutes=80),
        parts=PARTS[:3] if rng.random() < 0.15 else PARTS,
        times=rng.choice(("kept", "kept", "nearly")),
        turns="everybody" if rng.random() < 0.85 else "not_everybody",
        looked_back_at=min(ends + timedelta(minutes=12), borough.now - timedelta(minutes=1)),
    )


def add_themes(
    borough: Borough, place: Place, cohort_id: UUID, leader_id: UUID, members: Sequence[UUID]
) -> None:
    """Two themes of a group that has met some times; `members` in the order of their numbers."""
    approved_at = borough.ago(4, 19)
    for key, words, numbers, is_approved in (
        ("said", SAID, SAY_SO, True),
        ("before", BEFORE_THE_GROUP, SAY_SO_TOO, False),
    ):
        theme_id = made_id("theme", cohort_id, key)
        borough.add(
            "group_theme",
            school_id=place.school_id,
            id=theme_id,
            cohort_id=cohort_id,
            facilitator_id=leader_id,
            words=words,
            state="approved" if is_approved else "proposed",
            proposed_at=borough.ago(6, 20),
            approved_at=approved_at if is_approved else None,
            reply_by=approved_at.astimezone(LONDON).date() + timedelta(days=TO_REPLY)
            if is_approved
            else None,
        )
        for number in numbers:
            borough.add(
                "theme_voice",
                school_id=place.school_id,
                theme_id=theme_id,
                parent_id=members[number - 1],
                ours=True,
                to_council=False,
                at=borough.ago(5, 9, number),
            )


def add_message(borough: Borough, place: Place, cohort_id: UUID, leader_id: UUID, leader: str) -> None:
    """A short message that one of those who lead wrote to everybody, some days ago."""
    written_at = borough.ago(5, 17)
    borough.add(
        "group_message",
        school_id=place.school_id,
        id=made_id("group_message", cohort_id, "library"),
        cohort_id=cohort_id,
        facilitator_id=leader_id,
        by_name=leader,
        words=TO_EVERYBODY,
        written_at=written_at,
        goes_at=written_at,
    )


def add_presenter(borough: Borough, place: Place, session_id: UUID, leader: str) -> None:
    """Somebody from outside, whom one of those who lead booked for a session, and who has said yes."""
    meeting = next(one for one in borough.rows["cohort_session"] if one["id"] == session_id)
    borough.add(
        "presenter",
        school_id=place.school_id,
        id=made_id("presenter", session_id),
        cohort_id=meeting["cohort_id"],
        session_id=session_id,
        name="Dr Noor Haddad",
        organisation="Tidewell Sleep Clinic",
        email="noor.haddad@sleep.example",
        topic="Sleep, and what helps when it will not come",
        needs="A projector",
        door=f"Front desk, for {leader}",
        after_minutes=30,
        for_minutes=20,
        state="yes",
        on_date=meeting["on_date"],
        starts_at=meeting["starts_at"],
        room=meeting["room"],
        booked_by_name=leader,
        booked_at=borough.ago(6, 18),
        answered_at=borough.ago(2, 9),
    )
