"""What safeguarding says to each home: a concern that waits comes before everything else."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.roles import Role
from app.identity.websession import Identity
from app.safeguarding.queries import SCHOOL_DESK, list_unread
from app.safeguarding.readers import (
    count_without_reader,
    has_reader,
    list_schools_without_reader,
)
from app.safeguarding.words import URGENT
from app.schools.queries import list_without_mobile
from app.schools.stage_rights import stage_of
from app.schools.today import appointments_for_me
from app.shell.dates import clock, short_day
from app.shell.today import TodayItem
from app.states.schools import UNDER_WAY
from tenants.together import together


def for_authority(session: Session, identity: Identity) -> list[TodayItem]:
    """Concerns that nobody can read, and schools where nobody reads: theirs go to the officer meanwhile."""
    del identity  # the scope says whose
    with together(session) as ask:
        unread = ask(count_without_reader)
        schools = ask(list_schools_without_reader)
    waiting = unread.value
    nobody = (
        [
            TodayItem(
                title=ngettext("Nobody can read a concern", "Nobody can read %(num)s concerns", waiting),
                href=url_for("schools.authority_people"),
                note=_(
                    "Nobody who reads concerns can sign in, or a concern names all who do. Ask for another named"
                    " officer (LADO) today."
                ),
                tag=_("No reader"),
                tone="attention",
                is_urgent=True,
            )
        ]
        if waiting
        else []
    )
    return nobody + [
        TodayItem(
            title=school.name,
            href=url_for("schools.show", school_id=school.school_id),
            note=_("Nobody there can read a concern. Each goes to your named officer until somebody can."),
            tag=_("No reader"),
            tone="attention",
            is_about_safety=True,
        )
        for school in schools.value
    ]


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Concerns that nobody has read, to the safeguarding lead alone; a lead learns not even how many.

    That nobody can read one is for all staff to know.
    """
    if identity.school_id is None:
        return []
    if identity.role is not Role.SCHOOL_DSL:
        return _no_reader(session, identity)
    with together(session) as ask:
        appointments = ask(appointments_for_me, identity)
        unread = ask(list_unread, SCHOOL_DESK, identity.school_id)
        unreached = ask(list_without_mobile, identity.school_id)
    more, waiting = appointments.value, unread.value
    if identity.person_id in unreached.value:
        more = [*more, _no_mobile()]
    if not waiting:
        return more
    urgent = [
        TodayItem(
            title=_("Somebody could be hurt today. Read it now"),
            href=url_for("safeguarding.read_concern", concern_id=one.id),
            note=_(
                "It has waited since %(day)s, %(time)s. Reference %(reference)s.",
                day=short_day(one.raised_at),
                time=clock(one.raised_at),
                reference=one.reference,
            ),
            tag=_("Urgent"),
            tone="attention",
            is_urgent=True,
        )
        for one in waiting
        if one.risk_today in URGENT
    ]
    waiting = [one for one in waiting if one.risk_today not in URGENT]
    if not waiting:
        return [*urgent, *more]
    alone = len(waiting) == 1
    return [
        *urgent,
        TodayItem(
            title=ngettext("A concern is waiting", "%(num)s concerns are waiting", len(waiting)),
            href=url_for("safeguarding.read_concern", concern_id=waiting[0].id)
            if alone
            else url_for("safeguarding.list_concerns"),
            note=_("Please read it today. Only those who read concerns can.")
            if alone
            else _("Please read them today. Only those who read concerns can."),
            tag=_("New"),
            tone="attention",
            is_about_safety=True,
        ),
        *more,
    ]


def _no_mobile() -> TodayItem:
    return TodayItem(
        title=_("Add your mobile number"),
        href=url_for("accounts.my_mobile"),
        note=_("Until you do, a concern that cannot wait reaches you by email only."),
        tag=_("Needs you"),
        tone="attention",
    )


def _no_reader(session: Session, identity: Identity) -> list[TodayItem]:
    with together(session) as ask:
        somebody_reads = ask(has_reader)
        stage = ask(stage_of, identity.own_school_id)
    if somebody_reads.value or stage.value not in UNDER_WAY:
        return []
    is_lead = identity.role is Role.SCHOOL_LEAD
    return [
        TodayItem(
            title=_("Nobody at your school can read a concern"),
            href=url_for("schools.staff"),
            note=_("Concerns go to the council’s officer meanwhile. Invite a safeguarding lead today.")
            if is_lead
            else _("Concerns go to the council’s officer meanwhile. Tell your school’s lead today."),
            tag=_("Needs you") if is_lead else _("No reader"),
            tone="attention",
            is_about_safety=True,
        )
    ]
