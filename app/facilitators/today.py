"""What leading says to each home."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.facilitators import doubts, news, queries, readiness
from app.facilitators.models import Facilitator
from app.facilitators.staff_too import list_both
from app.facilitators.stages import STAGES, next_stage
from app.facilitators.words import MINE_AFTER_FRESH_START
from app.identity.roles import Role
from app.identity.websession import Identity
from app.recruitment import queries as recruitment
from app.schools import stage_rights
from app.schools.queries import list_staff
from app.shell.kept import kept
from app.shell.today import TodayItem
from app.states.facilitators import APPLICANTS, MEMBERS, FacilitatorStage
from app.states.parents import ParentStage
from tenants.together import together


def for_school(session: Session, identity: Identity) -> list[TodayItem]:
    """New applications with how long they wait, and others that have waited for long."""
    with together(session) as ask:
        ask(stage_rights.stage_of, identity.own_school_id)
        doubted = ask(doubts.list_open, identity.own_school_id)
        taken_back = ask(news.list_taken_back, identity.own_school_id)
        brought_back = ask(readiness.list_brought_back, identity.own_school_id)
        missing = ask(readiness.list_missing, identity.own_school_id)
        lines = ask(queries.list_all, identity.own_school_id)
        leading = ask(queries.list_ready, identity.own_school_id)
        ask(list_staff, identity.own_school_id)
    items = [
        TodayItem(
            title=_("Check how to reach %(name)s", name=kept(doubt.name)),
            href=url_for("facilitators.show", facilitator_id=doubt.person_id),
            note=_(
                "Somebody who got our link said “This is not me”. We send nothing there until you have looked."
            ),
            tag=_("Wrong number or address?"),
            tone="attention",
        )
        for doubt in doubted.value
    ]
    if not stage_rights.may_now(session, identity.own_school_id, "find_facilitators"):
        return items
    if stage_rights.may_now(session, identity.own_school_id, "form_groups") and not any(
        line.stage in (*APPLICANTS, *MEMBERS) for line in lines.value
    ):
        items.append(_nobody_leads())
    items.extend(
        TodayItem(
            title=_("%(name)s took their offer back", name=kept(person.name)),
            href=url_for("facilitators.show", facilitator_id=person.id),
            note=_("There is nothing to do. They may offer again whenever they like."),
            tag=_("New"),
            tone="waiting",
        )
        for person in taken_back.value
    )
    if identity.role is Role.SCHOOL_LEAD:
        items.extend(_both(one) for one in list_both(session, identity.own_school_id, leading.value))
    items.extend(_again(one) for one in brought_back.value)
    items.extend(_lacks(line, missing.value[line.id]) for line in lines.value if line.id in missing.value)
    for line in lines.value:
        if line.stage not in APPLICANTS or (
            line.stage != FacilitatorStage.APPLIED and line.wait.pace == "fine"
        ):
            continue
        since = ngettext("Waiting %(num)s day.", "Waiting %(num)s days.", line.wait.days)
        following = next_stage(line.stage)
        items.append(
            TodayItem(
                title=_("Read the application of %(name)s", name=kept(line.name))
                if line.stage == FacilitatorStage.APPLIED
                else _("%(stage)s: %(name)s", stage=STAGES[line.stage].label, name=kept(line.name)),
                href=url_for("facilitators.show", facilitator_id=line.id),
                note=(_("Since today.") if not line.wait.days else since)
                + (" " + _("Next: %(step)s.", step=STAGES[following].label) if following else ""),
                tag=_("Taking long") if line.wait.pace == "late" else _("To do"),
                tone="attention" if line.wait.pace == "late" else "people",
            )
        )
    return items


def _nobody_leads() -> TodayItem:
    """Nobody may lead, and nobody is on the way to it."""
    return TodayItem(
        title=_("Find two people to lead"),
        href=url_for("facilitators.list_facilitators", forget=1),
        note=_("A group cannot start without them. For your first group, add a professional."),
        tag=_("To begin"),
        tone="info",
    )


def _both(person: Facilitator) -> TodayItem:
    """Somebody who may lead and has come to work at the school since."""
    return TodayItem(
        title=_("%(name)s may lead groups and works here", name=kept(person.name)),
        href=url_for("facilitators.show", facilitator_id=person.id),
        note=_(
            "Parents are told that staff never hear what is said in the room. Choose somebody else to lead, or take"
            " them off the list of staff."
        ),
        tag=_("Needs you"),
        tone="attention",
        is_about_safety=True,
    )


def _again(one: readiness.BroughtBack) -> TodayItem:
    return TodayItem(
        title=_("Is %(name)s ready to lead again?", name=kept(one.name)),
        href=url_for("facilitators.show", facilitator_id=one.id),
        note=_("They had a fresh start, so they are not leading now. It takes a second person again.")
        if one.by_fresh_start
        else _(
            "What made them ready has changed, so they are not leading now. It takes a second person again."
        ),
        tag=_("Two needed"),
        tone="people",
    )


def _lacks(line: queries.FacilitatorLine, missing: Sequence[str]) -> TodayItem:
    """Somebody who may lead, and lacks something: a certificate that has grown old."""
    return TodayItem(
        title=_("Something is missing: %(name)s", name=kept(line.name)),
        href=url_for("facilitators.show", facilitator_id=line.id),
        note=" ".join(missing),
        tag=_("To do"),
        tone="attention",
    )


def _mine(stage: str) -> str:
    if stage == FacilitatorStage.NOT_NOW:
        return str(STAGES[stage].label)
    return _("Ready") if stage in MEMBERS else _("On its way")


def _out(session: Session, identity: Identity) -> str:
    """That the school takes no part: it has left, or has come back and is not active again; empty while it does."""
    if identity.school_id and not stage_rights.may_now(session, identity.school_id, "lead"):
        return _("Your school does not take part in We Belong just now.")
    return ""


def for_parent(session: Session, identity: Identity) -> list[TodayItem]:
    """News of one's application; else, for a graduate who agreed to be asked, the question."""
    with together(session) as ask:
        own = ask(queries.find_of_parent, identity.own_school_id, identity.person_id)
        ask(recruitment.get_parent, identity.own_school_id, identity.person_id)
        ask(stage_rights.stage_of, identity.own_school_id)
    person = own.value
    # Whoever took it back themselves knows.
    if person is not None and person.stage != FacilitatorStage.WITHDRAWN:
        stage = STAGES[person.stage]
        again = MINE_AFTER_FRESH_START if queries.brought_me_back(session, person) else None
        return [
            TodayItem(
                title=str(again.title if again else stage.mine),
                href=url_for("facilitators.my_application"),
                note=_out(session, identity) or str(again.text if again else stage.next),
                tag=_mine(person.stage),
                tone="people",
            )
        ]
    if (
        person is not None
        or recruitment.get_parent(session, identity.own_school_id, identity.person_id).stage
        != ParentStage.GRADUATED
    ):
        return []
    if not stage_rights.may_now(session, identity.own_school_id, "apply"):
        return []
    asked = recruitment.list_consents(session, identity.own_school_id, identity.person_id).get("ask_to_lead")
    if asked is None or not asked.given:
        return []
    return [
        TodayItem(
            title=_("Would you like to help lead a group?"),
            href=url_for("facilitators.apply"),
            note=_("You get training and support. Take your time."),
        )
    ]


def for_facilitator(session: Session, identity: Identity) -> list[TodayItem]:
    """A word to somebody who is ready and has no group."""
    person = queries.get_facilitator(session, identity.own_school_id, identity.person_id)
    if person.stage != FacilitatorStage.READY or _out(session, identity):
        return []
    return [
        TodayItem(
            title=_("You are ready to lead"),
            href=url_for("facilitators.my_record"),
            note=_("The school talks with you before it chooses a group for you."),
            tag=_("Ready"),
            tone="good",
        )
    ]
