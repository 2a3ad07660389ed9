"""You said, we did: a group's theme, proposed by those who lead, approved by its parents, replied to by the school."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.trail import define, record
from app.cohorts.leader_queries import get_led_cohort
from app.cohorts.members import list_member_ids
from app.cohorts.models import Cohort
from app.identity.websession import Identity
from app.meetings import queries as meetings
from app.messages.services import enqueue
from app.schools.year_queries import get_shut_days
from app.shell.errors import NotFound
from app.shell.names_in_words import names_in
from app.shell.refusals import Refused
from app.shell.searching import fold
from app.states.groups import GroupState
from app.states.themes import Enough, ThemeState
from app.themes import queries
from app.themes.models import GroupTheme
from infra.clock import now, today

PROPOSED = define("themes:theme:proposed")
WITHDRAWN = define("themes:theme:withdrawn")
SAID = define("themes:theme:said")
APPROVED = define("themes:theme:approved")
REPLIED = define("themes:theme:replied")
RATED = define("themes:reply:rated")

#: Of how many parents a theme must be, and how many must release it before the council reads its words.
NEEDED = 5
#: How many may wait for the group at once; more are not read.
MOST_PROPOSED = 5

_SAY = text("select app.say_ours(:theme_id, :ours, :to_council, :reply_by)")
#: Days to reply, the weekend's first day, and the latest that the database takes (`app.say_ours`).
TO_REPLY, SATURDAY, LATEST = 14, 5, 56
LATE = timedelta(days=TO_REPLY + LATEST)

_RATE = text("select app.rate_reply(:theme_id, :enough)")


def propose(
    session: Session,
    school_id: UUID,
    facilitator_id: UUID,
    cohort_id: UUID,
    words: str,
    *,
    names_nobody: bool = False,
) -> GroupTheme:
    """Put to the group what many in it say. Raises NotLed; Refused where a name stands in it, and no one said that it
    is only a word, where the group is over or too small, and where it is there already or too many wait."""
    cohort = get_led_cohort(session, school_id, facilitator_id, cohort_id, lock=True)
    if why := why_nothing(session, cohort):
        raise Refused(why)
    found = names_in(words, meetings.list_members(session, school_id, cohort_id), any_case=True)
    if found and not names_nobody:
        raise Refused(
            _(
                "A name of somebody in your group stands there: %(names)s. Take it out, or tick below that it is only"
                " a word.",
                names=", ".join(found),
            ),
            "words",
        )
    there = queries.list_of_group(session, school_id, cohort_id)
    for one in there:
        if fold(one.words) == fold(words):
            raise Refused(
                _("The group has this one before it already.")
                if one.state == ThemeState.PROPOSED
                else _("The group has said this already, and the school has it."),
                "words",
            )
    if sum(one.state == ThemeState.PROPOSED for one in there) >= MOST_PROPOSED:
        raise Refused(_("Five wait for the group already. Take one back first."))
    theme = GroupTheme(school_id=school_id, cohort_id=cohort_id, facilitator_id=facilitator_id, words=words)
    session.add(theme)
    session.flush()
    record(session, PROPOSED, subject_id=theme.id)
    return theme


def why_nothing(session: Session, cohort: Cohort) -> str:
    """Why this group says nothing together just now; empty where it can."""
    if cohort.state != GroupState.RUNNING:
        return _("Only a group that meets now can say something together.")
    if len(list_member_ids(session, cohort.school_id, cohort.id)) <= NEEDED:
        return _(
            "Your group has fewer than six parents, so five who agree would be no secret. Talk with the school."
        )
    return ""


def withdraw(session: Session, school_id: UUID, facilitator_id: UUID, theme_id: UUID) -> bool:
    """Take back what the group has not approved; False when it was taken back before. Raises NotFound, Refused."""
    theme = _hold(session, school_id, theme_id)
    get_led_cohort(session, school_id, facilitator_id, theme.cohort_id)
    if theme.state == ThemeState.WITHDRAWN:
        return False
    if theme.state != ThemeState.PROPOSED:
        raise Refused(_("The group has approved this, and the school has it. It stays."))
    theme.state = ThemeState.WITHDRAWN
    session.flush()
    record(session, WITHDRAWN, subject_id=theme_id)
    return True


class Said(StrEnum):
    """What a parent's yes or no came to."""

    COUNTED = "counted"
    #: It was the one that was missing.
    APPROVED = "approved"
    #: The school has it already.
    WITH_SCHOOL = "with_school"


def say(session: Session, who: Identity, theme_id: UUID, *, is_ours: bool, to_council: bool) -> Said:
    """A parent says whether it is what their group thinks.

    Raises NotFound, and Refused where their group can say nothing together any more.

    It is approved by the fifth who agrees, where more agree than not and the group has six; said again it takes the
    place of before.
    """
    reply_by = day_to_reply(session, who.authority_id, who.own_school_id)
    values = {"theme_id": theme_id, "ours": is_ours, "to_council": to_council, "reply_by": reply_by}
    before = queries.get_theme(session, who.own_school_id, theme_id).state
    if why := queries.list_over(session).get(theme_id):
        raise Refused(queries.WHY_OVER[why])
    state: str = session.execute(_SAY, values).scalar_one()
    if not state:
        raise NotFound
    record(session, SAID, subject_id=theme_id)
    if state == before:
        return Said.COUNTED if state == ThemeState.PROPOSED else Said.WITH_SCHOOL
    record(session, APPROVED, subject_id=theme_id)
    return Said.APPROVED


def day_to_reply(session: Session, authority_id: UUID, school_id: UUID) -> date:
    """Two weeks from today, or the first day after that on which the school is open."""
    shut = get_shut_days(session, authority_id, school_id)
    days = (today() + timedelta(days=TO_REPLY + n) for n in range(LATEST))
    return next((day for day in days if day.weekday() < SATURDAY and day not in shut), today() + LATE)


def rate(session: Session, school_id: UUID, theme_id: UUID, enough: Enough) -> None:
    """A parent says whether the school's reply is enough; said again it takes the place of before.

    Raises NotFound, and Refused where it is counted already.
    """
    theme = queries.get_theme(session, school_id, theme_id)
    if theme.replied_at is not None and not queries.may_rate(theme):
        raise Refused(_("What parents say of this reply has been counted. Nothing was changed."))
    if not session.execute(_RATE, {"theme_id": theme_id, "enough": enough.value}).scalar_one():
        raise NotFound
    record(session, RATED, subject_id=theme_id)


def reply(session: Session, school_id: UUID, theme_id: UUID, words: str, *, by_name: str) -> bool:
    """The school says what it will do; the group's parents are told. A reply is given once.

    False when just these words were given before. Raises NotFound, Refused.
    """
    theme = _find_held(session, school_id, theme_id)
    if theme is None:
        # The database lets nobody hold a theme that has its reply.
        if queries.get_theme(session, school_id, theme_id).reply == words:
            return False
        raise Refused(_("A reply was given already, and the parents read it. What you typed was not sent."))
    theme.state, theme.reply = ThemeState.REPLIED, words
    theme.replied_at, theme.replied_by_name = now(), by_name
    session.flush()
    for parent_id in list_member_ids(session, school_id, theme.cohort_id):
        enqueue(
            session,
            kind="school_replied",
            school_id=school_id,
            recipient_kind="parent",
            recipient_id=parent_id,
            subject_id=theme.cohort_id,
            dedupe_key=f"{theme_id}:{parent_id}",
        )
    record(session, REPLIED, subject_id=theme_id)
    return True


def _hold(session: Session, school_id: UUID, theme_id: UUID) -> GroupTheme:
    found = _find_held(session, school_id, theme_id)
    if found is None:
        # Approved or taken back meanwhile: seen, and not to be changed by them.
        found = queries.get_theme(session, school_id, theme_id)
    return found


def _find_held(session: Session, school_id: UUID, theme_id: UUID) -> GroupTheme | None:
    return session.scalar(
        select(GroupTheme)
        .where(GroupTheme.school_id == school_id, GroupTheme.id == theme_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
