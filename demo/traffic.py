"""What has happened round the groups: messages that arrived and that did not, an open invitation, a concern."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.messages.catalogue import get_kind
from app.messages.problems import Problem
from app.states.messages import Channel, RecipientKind, State
from demo.borough import Borough, Place
from demo.groups import Gathered, facilitator_id_of
from demo.keys import made_id
from demo.parents import Known
from demo.words import CONCERN


def add_traffic(borough: Borough, place: Place, gathered: list[Gathered], others: list[Known]) -> None:
    """Invitations, reminders and notes of the groups that run now, some of which did not arrive."""
    invited = [known for known in others if known.stage in ("invited", "interested")]
    for index, known in enumerate(invited):
        channel = Channel.EMAIL if known.person.email else Channel.SMS
        problem = Problem.NOT_DELIVERED if index == 0 else None
        _add_message(
            borough, place, "parent_invitation", channel, known, known.reached["invited"], problem=problem
        )
    for group in gathered:
        if group.group.when == "running":
            _add_reminders(borough, place, group)


def add_open_invitation(borough: Borough, place: Place, staff_id: UUID, name: str, email: str) -> None:
    """An invitation to a school's lead that goes out with the first start of the demo, with a link that works."""
    kind, message_id = get_kind("staff_invitation"), made_id("message", "staff_invitation", staff_id)
    expires_at = borough.now + kind.useful_for
    borough.add(
        "outbox",
        **_message_row(place, message_id, kind.name, Channel.EMAIL, staff_id, None, borough.now),
        recipient_kind=RecipientKind.STAFF.value,
        state=State.QUEUED.value,
        attempt=0,
        provider_id=None,
        problem="",
        not_after=expires_at,
        sent_at=None,
    )
    borough.invitations.append(
        {
            "role": "school_lead",
            "authority": place.authority_id,
            "school": place.school_id,
            "person": staff_id,
            "address": email,
            "name": name,
            "outbox": message_id,
            "expires_at": expires_at,
        }
    )


def _add_reminders(borough: Borough, place: Place, gathered: Gathered) -> None:
    """What went out round the last session that was held."""
    held = [meeting for meeting in gathered.meetings if meeting.is_held]
    if not held:
        return
    last = held[-1]
    reminded_at = last.starts - timedelta(days=2)
    noted_at = min(last.starts + timedelta(hours=15), borough.now - timedelta(minutes=5))
    for member in gathered.members:
        if not member.agreed or "left" in member.reached:
            continue
        if "email" in member.agreed:
            for kind, at in (("session_reminder", reminded_at), ("notes_ready", noted_at)):
                _add_message(borough, place, kind, Channel.EMAIL, member, at, subject_id=last.session_id)
        if member.person.phone:
            refused = None if "text" in member.agreed else Problem.NO_CONSENT
            problem = refused or (Problem.BAD_ADDRESS if member.number == 3 else None)
            _add_message(
                borough,
                place,
                "session_reminder",
                Channel.SMS,
                member,
                reminded_at,
                subject_id=last.session_id,
                problem=problem,
                is_held_back=refused is not None,
            )


def _add_message(
    borough: Borough,
    place: Place,
    kind: str,
    channel: Channel,
    reader: Known,
    at: datetime,
    *,
    subject_id: UUID | None = None,
    problem: Problem | None = None,
    is_held_back: bool = False,
) -> None:
    """A message to a parent that is over and done with: arrived, failed with a problem, or held back for one.

    Raises KeyError or ValueError when the service has no such words.
    """
    words = get_kind(kind)
    if channel not in words.channels:
        raise ValueError(f"{kind} has no words for {channel}")
    message_id = made_id("message", kind, channel, reader.parent_id, subject_id)
    state = State.HELD_BACK if is_held_back else State.FAILED if problem else State.DELIVERED
    borough.add(
        "outbox",
        **_message_row(place, message_id, kind, channel, reader.parent_id, subject_id, at),
        recipient_kind=RecipientKind.PARENT.value,
        state=state.value,
        attempt=0 if is_held_back else 1,
        provider_id=None if is_held_back else str(made_id("provider", message_id)),
        problem=problem.value if problem else "",
        # No link was ever made for it here, so it is not offered to be sent again.
        not_after=at if words.needs_token else at + words.useful_for,
        sent_at=None if is_held_back else at + timedelta(seconds=20),
    )


def _message_row(
    place: Place,
    message_id: UUID,
    kind: str,
    channel: Channel,
    recipient_id: UUID,
    subject_id: UUID | None,
    at: datetime,
) -> dict[str, object]:
    return {
        "school_id": place.school_id,
        "id": message_id,
        "kind": kind,
        "channel": channel.value,
        "recipient_id": recipient_id,
        "subject_id": subject_id,
        "dedupe_key": f"{subject_id or kind}:{recipient_id}",
        "lease_until": None,
        "next_at": at,
        "created_at": at,
    }


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
        risk_today="no",
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
