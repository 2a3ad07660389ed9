"""What recruitment says to each home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.identity.websession import Identity
from app.recruitment import doubts, fresh_start, queries, wishes
from app.recruitment.models import Consent, ParentContact
from app.schools import stage_rights
from app.schools.contacts import contacts
from app.shell.dates import clock, short_day
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.parents import DO_NOT_WRITE, READY, WITH_GROUP, ParentStage
from infra.clock import now
from tenants.together import together

#: A stop is pressed by a link that never runs out, signed in or not: so long its owner reads of it.
STOP_IS_NEWS = timedelta(days=14)


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """Who asked for a call, who waits to be invited, and whether there are enough for a group."""
    school_id = identity.own_school_id
    with together(session) as ask:
        ask(stage_rights.stage_of, school_id)
        by_stage = ask(queries.stage_counts, school_id)
        to_hear = ask(queries.list_to_hear, school_id)
        to_agree = ask(fresh_start.list_for, school_id, identity.person_id)
        stopped = ask(fresh_start.list_stopped, school_id)
        doubted = ask(doubts.list_open, school_id)
        planned = ask(contacts().list_planned)
    counts = by_stage.value
    items: list[TodayItem] = []
    interested = to_hear.value
    may_invite = stage_rights.may_now(session, school_id, "invite_parents")
    # Where nobody can join any more, nobody is called about it.
    may_join = stage_rights.may_now(session, school_id, "join")
    items.extend(
        _to_confirm(line) if line.said_yes else _to_call(line)
        for line in interested
        # With whom something is planned comes up on that day, on the home of whoever planned it.
        if (may_invite if line.said_yes else may_join and line.id not in planned.value)
    )
    if counts["identified"] and may_invite:
        items.append(
            TodayItem(
                title=ngettext("Invite one parent", "Invite %(num)s parents", counts["identified"]),
                href=url_for("recruitment.list_parents", forget=1, stage=ParentStage.IDENTIFIED),
                note=_("You found them, and nobody has asked them yet."),
                tag=_("To ask"),
                tone="info",
            )
        )
    if not any(counts.values()) and may_invite:
        items.append(
            TodayItem(
                title=_("Find parents to ask"),
                href=url_for("recruitment.list_parents", forget=1),
                note=_("Whose child finds it hard to get to school? Nobody is on your list yet."),
                tag=_("To begin"),
                tone="info",
            )
        )
    items.extend(
        TodayItem(
            title=_("Agree to a fresh start for %(name)s?", name=name),
            href=url_for("recruitment.show_fresh_start", parent_id=parent_id),
            note=_("%(name)s met them and asks for it.", name=asked_by),
            tag=_("Two needed"),
            tone="attention",
        )
        for parent_id, name, asked_by in to_agree.value
    )
    items.extend(_stopped(one) for one in stopped.value)
    items.extend(
        TodayItem(
            title=_("Check how to reach %(name)s", name=doubt.name),
            href=url_for("recruitment.show_parent", parent_id=doubt.person_id),
            note=_(
                "Somebody who got our link said “This is not me”. We send nothing there until you have looked."
            ),
            tag=_("Wrong number or address?"),
            tone="attention",
        )
        for doubt in doubted.value
        if stage_rights.may_now(session, school_id, "write_to_parents")
    )
    return items


def _to_call(line: queries.ParentLine) -> TodayItem:
    """Somebody who would like to hear more: by a call, where there is a number to call."""
    no_number = (
        _("You have no number for them: write to their email address.")
        if line.email
        else _("You have no number or email address for them: speak with them when you see them.")
    )
    return TodayItem(
        title=_("Call %(name)s", name=kept(line.name))
        if line.phone
        else _("Get in touch with %(name)s", name=kept(line.name)),
        href=url_for(
            "contact_log.note_with_parent" if line.phone else "recruitment.show_parent", parent_id=line.id
        ),
        note=(
            _("They had joined, then left. Now they would like to come back.")
            if line.joined_at
            else _("They would like to hear more.")
        )
        + ("" if line.phone else f" {no_number}")
        + (" " + _("They would like an interpreter.") if line.interpreter else ""),
        tag=_("Asked to come back")
        if line.joined_at
        else _("Asked for a call")
        if line.phone
        else _("Asked to hear more"),
        tone="attention",
    )


def _to_confirm(line: queries.ParentLine) -> TodayItem:
    """Somebody who said yes to staff: they confirm it by a link of their own, or with a signed slip."""
    return TodayItem(
        title=_("Print a letter for %(name)s to confirm their yes", name=kept(line.name))
        if line.is_on_paper
        else _("Send %(name)s an invitation to confirm their yes", name=kept(line.name)),
        href=url_for("recruitment.show_parent", parent_id=line.id),
        note=_("They said yes to one of you. It counts when they say it themselves, or sign."),
        tag=_("Said yes"),
        tone="attention",
    )


def _stopped(one: fresh_start.Stopped) -> TodayItem:
    """The one case that can mean that somebody tries to get a parent's pages."""
    return TodayItem(
        title=_("Look into the stopped fresh start of %(name)s", name=kept(one.name))
        if one.may_settle
        else _("The fresh start of %(name)s was stopped", name=kept(one.name)),
        href=url_for("recruitment.show_fresh_start", parent_id=one.person_id),
        note=(
            _(
                "Somebody at an old address of theirs stopped it on %(day)s, %(time)s.",
                **_moment(one.ended_at),
            )
            if one.stopped_from == "old_address"
            else _(
                "Whoever got its link said “This is not me” on %(day)s, %(time)s.", **_moment(one.ended_at)
            )
        )
        + " "
        + (
            _("Speak with them, then say that you have looked into it.")
            if one.may_settle
            else _("A colleague looks into it. Speak with them.")
        ),
        tag=_("Stopped"),
        tone="attention",
    )


def _moment(at: datetime) -> dict[str, str]:
    return {"day": short_day(at), "time": clock(at)}


def _unreached(stage: str, contact: ParentContact, consents: Mapping[str, Consent]) -> list[TodayItem]:
    """That what they said yes to has no address, and the address that there is has no yes: then nothing comes.

    Who joined by a slip was not asked yet how to be reached.
    """
    if stage not in (*READY, *WITH_GROUP):
        return []
    if not {"email", "text"} & consents.keys():
        return [
            TodayItem(
                title=_("How may we reach you?"),
                href=url_for("recruitment.my_choices"),
                note=_("You joined on paper. Say whether dates and changes may come by email or by text."),
                tag=_("Your choice"),
                tone="waiting",
            )
        ]
    if bool(contact.email) is bool(contact.phone):
        return []
    email, text = (bool(one and one.given) for one in (consents.get("email"), consents.get("text")))
    wanted, has = (text, email) if contact.email else (email, text)
    if not wanted or has:
        return []
    return [
        TodayItem(
            title=_("May we email you?") if contact.email else _("May we text you?"),
            href=url_for("recruitment.my_choices"),
            note=_(
                "None of our messages reach you now. You chose texts, and we have no mobile number for you."
            )
            if contact.email
            else _(
                "None of our messages reach you now. You chose emails, and we have no email address for you."
            ),
            tag=_("Your choice"),
            tone="waiting",
        )
    ]


def _to_say(stage: str, said: bool) -> list[TodayItem]:
    """Whoever waits for a group may say what suits them."""
    if said or stage not in READY:
        return []
    return [
        TodayItem(
            title=_("When would a group suit you?"),
            href=url_for("recruitment.my_wishes"),
            note=_("Days, times, and what would make coming easier. It helps to find you a group."),
            tag=_("Your choice"),
            tone="info",
        )
    ]


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """That messages were stopped, in case it was not them; that none can reach them as they chose; what suits them; and
    that place and time wait for a fresh start, unless old addresses must not learn of it."""
    with together(session) as ask:
        theirs = ask(queries.get_contact, identity.own_school_id, identity.person_id)
        parent = ask(queries.get_parent, identity.own_school_id, identity.person_id)
        chosen = ask(queries.list_consents, identity.own_school_id, identity.person_id)
        fresh = ask(fresh_start.find_own)
        wish = ask(wishes.find_row, identity.own_school_id, identity.person_id)
    contact, own, stage = theirs.value, fresh.value, parent.value.stage
    items = [
        # Whoever said no, or left, gets no messages at all.
        *(_stopped_lately(session, contact) if stage not in DO_NOT_WRITE else ()),
        *_unreached(stage, contact, chosen.value),
        *_to_say(stage, wish.value is not None),
    ]
    if own.waits_until is None or not own.may_say:
        return items
    until = own.waits_until
    return [
        *items,
        TodayItem(
            title=_("Where and when your group meets is not shown just now"),
            href=url_for("accounts.my_account"),
            note=_(
                "The school was asked for a new way in for you. This keeps you safe until %(day)s, %(time)s.",
                day=short_day(until),
                time=clock(until),
            ),
        ),
    ]


def _stopped_lately(session: Session, me: ParentContact) -> list[TodayItem]:
    """Each way of writing that was stopped after they had agreed to it: by them, or by whoever reads their messages."""
    stops = (
        ("email", me.emails_stopped_at if me.email else None, _("We have sent you no emails since %(day)s")),
        ("text", me.texts_stopped_at if me.phone else None, _("We have sent you no texts since %(day)s")),
    )
    return [
        TodayItem(
            title=title % {"day": short_day(at)},
            href=url_for("recruitment.my_choices"),
            note=_("If you want them again, say so in “Choices”."),
        )
        for kind, at, title in stops
        if at is not None
        and at > now() - STOP_IS_NEWS
        and queries.agreed_before(session, me.school_id, me.parent_id, kind)
    ]
