"""What has happened round the groups: messages sent and failed, a concern, marks in the audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.demo.borough import Borough, Place
from app.demo.groups import Gathered, facilitator_id_of
from app.demo.keys import made_id
from app.demo.parents import Known
from app.demo.plan import School
from app.demo.words import CONCERN
from app.messages.catalogue import get_kind

#: What a provider says of an address that it cannot reach.
NO_SUCH_NUMBER = "This number cannot get texts. Check it, or send a letter."
NO_SUCH_ADDRESS = "There is no such email address. Check it, or send a text."
STOPPED = "No agreement to texts."


def add_message(
    borough: Borough,
    place: Place,
    kind: str,
    channel: str,
    recipient_id: UUID,
    at: datetime,
    *,
    recipient_kind: str = "parent",
    subject_id: UUID | None = None,
    problem: str = "",
    state: str = "delivered",
) -> UUID:
    """One row of the outbox that is over and done with. Its kind has words in the catalogue, or it is a KeyError."""
    if channel not in get_kind(kind).channels:
        raise ValueError(f"{kind} has no words for {channel}")
    message_id = made_id("message", place.urn, kind, channel, recipient_id, subject_id)
    was_sent = state in ("sent", "delivered", "failed")
    borough.add(
        "outbox",
        school_id=place.school_id,
        id=message_id,
        kind=kind,
        channel=channel,
        recipient_kind=recipient_kind,
        recipient_id=recipient_id,
        subject_id=subject_id,
        dedupe_key=f"{subject_id or kind}:{recipient_id}",
        state=state,
        attempt=1 if was_sent else 0,
        lease_until=None,
        next_at=at,
        provider_id=str(made_id("provider", message_id)) if was_sent else None,
        problem=problem,
        not_after=at + get_kind(kind).useful_for,
        created_at=at,
        sent_at=at + timedelta(seconds=20) if was_sent else None,
    )
    return message_id


def add_traffic(
    borough: Borough, place: Place, school: School, gathered: list[Gathered], others: list[Known]
) -> None:
    """Invitations, reminders and notes of the groups that run now, some of which did not arrive."""
    invited = [known for known in others if _stage(borough, known) in ("invited", "interested")]
    for index, known in enumerate(invited):
        at = _row(borough, known)["invited_at"]
        is_bad = index == 0
        channel = "email" if known.person.email else "sms"
        problem = (NO_SUCH_ADDRESS if channel == "email" else NO_SUCH_NUMBER) if is_bad else ""
        add_message(
            borough,
            place,
            "parent_invitation",
            channel,
            known.parent_id,
            at,
            problem=problem,
            state="failed" if is_bad else "delivered",
        )
    for group in gathered:
        if group.group.when == "running":
            _add_reminders(borough, place, group)


def _row(borough: Borough, known: Known) -> dict[str, object]:
    return next(row for row in borough.rows["parent"] if row["id"] == known.parent_id)


def _stage(borough: Borough, known: Known) -> str:
    return str(_row(borough, known)["stage"])


def _add_reminders(borough: Borough, place: Place, gathered: Gathered) -> None:
    held = [meeting for meeting in gathered.meetings if meeting.is_held]
    if not held:
        return
    last = held[-1]
    reminded_at = last.starts - timedelta(days=2)
    noted_at = min(last.starts + timedelta(hours=15), borough.now)
    for member in gathered.members:
        if "email" in member.agreed:
            for kind, at in (("session_reminder", reminded_at), ("notes_ready", noted_at)):
                add_message(borough, place, kind, "email", member.parent_id, at, subject_id=last.session_id)
        if not member.person.phone:
            continue
        fails = member.number == 3
        if "text" in member.agreed:
            add_message(
                borough,
                place,
                "session_reminder",
                "sms",
                member.parent_id,
                reminded_at,
                subject_id=last.session_id,
                problem=NO_SUCH_NUMBER if fails else "",
                state="failed" if fails else "delivered",
            )
        else:
            add_message(
                borough,
                place,
                "session_reminder",
                "sms",
                member.parent_id,
                reminded_at,
                subject_id=last.session_id,
                problem=STOPPED,
                state="held_back",
            )


def add_concern(borough: Borough, place: Place, raised_by: str, raised_by_name: str) -> None:
    """A concern that the safeguarding lead has not opened yet. It names nobody."""
    facilitator_id = facilitator_id_of(place.urn, raised_by)
    raised_at, reference = borough.ago(1, 20, 5), "C-4182"
    concern_id = made_id("concern", place.urn, reference)
    borough.add(
        "concern",
        school_id=place.school_id,
        id=concern_id,
        about="child",
        about_name="",
        what=CONCERN,
        happened_when="The evening before the session",
        happened_where="At home, as the parent told it",
        who_else="My colleague was in the room.",
        done_so_far="I listened, thanked her, and said that I would tell you.",
        risk_today="not_sure",
        reach_me="By telephone, after four",
        raised_by_kind="facilitator",
        raised_by_id=facilitator_id,
        raised_by_name=raised_by_name,
        raised_at=raised_at,
        read_at=None,
        read_by="",
        closed_at=None,
        reference=reference,
    )
    borough.add(
        "concern_receipt",
        school_id=place.school_id,
        id=concern_id,
        raised_by_id=facilitator_id,
        reference=reference,
        raised_at=raised_at,
    )
