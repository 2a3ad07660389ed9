"""The last step of every way in: a new session secret, and the role's own first record."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import current_app, request
from sqlalchemy.orm import Session

from app.accounts import guarding
from app.accounts.confirming import confirm, own_addresses
from app.accounts.deputies import stands_in
from app.accounts.guarding import WAYS
from app.audit.trail import define, record
from app.extensions import db
from app.identity.current import session
from app.identity.gate import ask_signing_in, function
from app.identity.kept_forms import bring_back
from app.identity.roles import LINK_ROLES, Role
from app.identity.secrets import Unreadable, seal, unseal
from app.identity.websession import DEPUTY, start_session
from app.messages.meant import MEANT
from app.shell.form_tokens import mark_of
from app.shell.handed_in import HandedIn
from infra.clock import now
from tenants.scope import Scope

#: Seconds for which codes wait in a browser where nobody is signed in.
PATIENCE = 15 * 60

FIND = function("find_membership", "membership_id")
ARRIVED = define("accounts:staff:arrived", keys=("role",))


class People(Protocol):
    """Answered by `app/schools/arrivals.py`."""

    def mark_arrived(self, session: Session, role: Role, scope: Scope) -> bool:
        """Note that somebody at work came in, as that person; whether it was the first time."""


people: HandedIn[People] = HandedIn("the lists of people at work")


def carry_on(membership_id: UUID) -> Role | None:
    """Go on as `membership_id` of the same account, under a new secret; proof and time of it stay what they were."""
    since, known = session.get("since"), session.get(guarding.KNOWN)
    role = arrive(
        membership_id,
        strong=bool(session.get("strong")),
        since=datetime.fromisoformat(since) if since else None,
        # Each role asks for itself: what a parent's session proved opens nothing at work.
        proved=False,
    )
    if role in LINK_ROLES and known:
        guarding.told_apart()
    return role


def arrive_by_passkey(membership_id: UUID) -> Role | None:
    """Sign in as `membership_id`, which a passkey opens; its role, or None as for `arrive`.

    At work it is both factors. One that opened the pages of a parent or facilitator shows who sits there, and opens no
    role at work after them: it may be one that was made by a link.
    """
    rows = ask_signing_in(FIND, membership_id=membership_id)
    if not rows:
        return None
    return arrive(membership_id, strong=Role(rows[0].role) not in LINK_ROLES, proved=True)


def arrive(
    membership_id: UUID, *, strong: bool, since: datetime | None = None, proved: bool | None = None
) -> Role | None:
    """Sign this browser in as `membership_id`; its role, or None when that membership has ended.

    `strong` says that a password and a second factor, or an invitation to them, stood at the door: only then may
    the session change to a role of people at work. `proved`: whether that was just now, so that nothing asks again
    for a while; when not said, it was if it was strong.
    """
    rows = ask_signing_in(FIND, membership_id=membership_id)
    if not rows:
        return None
    found = rows[0]
    role = Role(found.role)
    since = since or now()
    invitation, opened = session.get("invitation"), session.get(MEANT)
    if not start_session(session, membership_id, role=role, label=browser_label(), since=since):
        return None
    session["strong"], session["since"] = strong, since.isoformat()
    session[WAYS] = own_addresses()
    session[DEPUTY] = stands_in(role, membership=membership_id)
    if invitation and role not in LINK_ROLES:
        session["invitation"] = invitation
    if opened:
        session[MEANT] = opened
    if strong if proved is None else proved:
        confirm(since)
    if role in LINK_ROLES and not proved:
        guarding.ask_at_the_door()
    # What they were typing when their last session ended.
    bring_back(mark_of(found.account_id, membership_id))
    if role not in LINK_ROLES:
        _mark_arrival(role, Scope(role.audience, found.authority_id, found.school_id, found.person_id))
    return role


def _mark_arrival(role: Role, scope: Scope) -> None:
    """Note the first time that somebody at work comes in, as that person."""
    if role is Role.NAMED_OFFICER:
        return  # may read the list of members, not write it
    # What this request was until now, mostly nobody, wrote nothing: its transaction ends, and another's begins.
    db.session.commit()
    db.session.remove()
    db.session().enter(scope)
    if people().mark_arrived(db.session(), role, scope):
        record(db.session(), ARRIVED, subject_id=scope.person_id, role=role.value)


def keep_recovery_codes(codes: list[str]) -> None:
    """Hold new codes, sealed, until their owner has said that they are kept; for minutes where nobody is signed in."""
    until = None if session.identity else now().timestamp() + PATIENCE
    session["new_codes"] = seal(current_app.config["SECRET_KEY"], json.dumps([codes, until]))


def waiting_recovery_codes() -> list[str]:
    """The codes that their owner has not yet confirmed; none once that is done."""
    try:
        codes, until = json.loads(unseal(current_app.config["SECRET_KEY"], session.get("new_codes", "")))
    except Unreadable:
        return []
    return [] if until and now().timestamp() > until else codes


def forget_recovery_codes() -> None:
    """They are kept elsewhere now."""
    session.pop("new_codes", None)


def browser_label() -> str:
    """What a person calls the browser they sit at: "Chrome on Windows"."""
    agent = request.user_agent.string
    browsers: tuple[tuple[str, str], ...] = (
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
    )
    browsers += (("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems: tuple[tuple[str, str], ...] = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "Chromebook"),
    )
    systems += (("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    browser = next((name for sign, name in browsers if sign in agent), "")
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system
