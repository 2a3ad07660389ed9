"""Another name, number of places, room or way of meeting: of a group for good, or of one session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts import joining, naming, offered, queries, reasons
from app.cohorts.formats import where_words
from app.cohorts.membership import lock_cohort, refuse_over
from app.cohorts.models import Cohort, CohortSession
from app.cohorts.services import changed_words, lock_session, standing_word, tell_all
from app.cohorts.times import has_begun
from app.shell.refusals import Refused
from app.states.groups import SessionState

CHANGED = define("cohorts:cohort:changed", keys=("places",))
FORMAT_CHANGED = define("cohorts:cohort:format_changed")
SESSION_PLACED = define("cohorts:session:placed", keys=("number",))


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What staff typed about a group that is there."""

    name: str
    room: str
    places: int
    #: As it is unless said.
    format: str = ""
    offers_on: bool = False
    places_reason: str = ""


def change_cohort(
    session: Session, school_id: UUID, cohort_id: UUID, change: GroupChange, *, by_name: str = ""
) -> None:
    """Rename a group, let it meet elsewhere or in another way, or give it more or fewer places. Of where it meets all
    are told, as of a day; a session with a place of its own keeps it.

    Refused below the places taken, and for the name of another group that is not over.
    """
    cohort = lock_cohort(session, school_id, cohort_id)
    refuse_over(cohort)
    _refuse_too_few(session, cohort, change.places)
    reasons.say_why_larger(session, cohort, change.places, change.places_reason, by_name=by_name)
    # Two that were called the same before keep their names until somebody changes one.
    if change.name != cohort.name:
        naming.refuse_taken(session, school_id, change.name, but=cohort_id)
    format_ = change.format or cohort.format
    where, is_another_way = where_words(format_, change.room), format_ != cohort.format
    to_come = []
    if where != cohort.room or is_another_way:
        planned = _that_follow(session, cohort)
        to_come = [one for one in planned if not has_begun(one)]
        # Of what has begun only the words of its room are put right: how it met stays as it was.
        for one in to_come if is_another_way else planned:
            one.room, one.format = where, format_
    cohort.name, cohort.room, cohort.places, cohort.offers_on = (
        change.name,
        where,
        change.places,
        change.offers_on,
    )
    cohort.format = format_
    is_new = session.is_modified(cohort)
    session.flush()
    if is_new:
        record(session, CHANGED, subject_id=cohort_id, places=change.places)
    if is_another_way:
        record(session, FORMAT_CHANGED, subject_id=cohort_id)
    if to_come:
        kinds = (
            ("format_changed", "led_format_changed")
            if is_another_way
            else ("room_changed", "led_room_changed")
        )
        tell_all(session, cohort, to_come[0], *kinds, about=cohort_id)
        joining.tell(session, school_id, cohort_id)


def preview_format(session: Session, cohort: Cohort, change: GroupChange) -> list[CohortSession]:
    """The sessions that would be met in another way; none where the way stays."""
    if change.format in ("", cohort.format):
        return []
    return [one for one in _that_follow(session, cohort) if not has_begun(one)]


def list_own_places(session: Session, cohort: Cohort) -> list[CohortSession]:
    """Sessions to come that were given a place or a way of their own: of these all were told, so they keep it."""
    follow = {one.id for one in _that_follow(session, cohort)}
    return [one for one in _planned(session, cohort) if one.id not in follow and not has_begun(one)]


def place_word(meeting: CohortSession) -> str:
    """When, where and how a session is, as a page carries it that somebody agrees to."""
    return f"{standing_word(meeting)}/{meeting.format}/{meeting.room}"


def why_it_stays(meeting: CohortSession) -> str:
    """Why a session's place cannot be changed any more; empty where it can."""
    if meeting.state != SessionState.PLANNED:
        return changed_words(meeting)
    return (
        _("Session %(n)s has begun, so where it meets stays.", n=meeting.number) if has_begun(meeting) else ""
    )


def place_session(
    session: Session,
    school_id: UUID,
    session_id: UUID,
    *,
    format_: str,
    room: str,
    reason: str = "",
    seen: str | None = None,
) -> bool:
    """Let one session meet elsewhere, or in another way; everybody is told. The others stay as they are.

    `seen`: how it stood on the page that was agreed to. False when it is so already. Raises NotFound, Refused.
    """
    cohort, meeting = lock_session(session, school_id, session_id)
    if why := why_it_stays(meeting):
        raise Refused(why)
    where = where_words(format_, room)
    if (meeting.format, meeting.room) == (format_, where):
        return False
    if seen and seen != place_word(meeting):
        raise Refused(
            _(
                "Somebody else changed session %(n)s while this page was open. Look again, then press.",
                n=meeting.number,
            )
        )
    meeting.format, meeting.room, meeting.change_reason = format_, where, reason
    session.flush()
    record(session, SESSION_PLACED, subject_id=meeting.id, number=meeting.number)
    tell_all(session, cohort, meeting, "session_placed", "led_session_placed")
    joining.tell(session, school_id, cohort.id)
    return True


def _that_follow(session: Session, cohort: Cohort) -> list[CohortSession]:
    """Planned sessions that meet where and how their group does."""
    return [
        one
        for one in _planned(session, cohort)
        # The words say the way to meet, too (`formats.where_words`).
        if (one.room or cohort.room) == cohort.room
    ]


def _planned(session: Session, cohort: Cohort) -> list[CohortSession]:
    meetings = queries.list_sessions(session, cohort.school_id, cohort.id)
    return [one for one in meetings if one.state == SessionState.PLANNED]


def _refuse_too_few(session: Session, cohort: Cohort, places: int) -> None:
    taken = queries.count_taken(session, cohort.school_id, cohort.id)
    kept = offered.count_kept(session, cohort.school_id, cohort.id)
    if places >= taken + kept:
        return
    raise Refused(
        _("Places taken, or kept for somebody, already: %(n)s. Enter %(n)s or more.", n=taken + kept)
        if kept
        else _("Places taken already: %(n)s. Enter %(n)s or more.", n=taken),
        "places",
    )
