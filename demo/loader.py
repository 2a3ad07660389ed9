"""Puts the demo borough together and writes it, in one transaction and as the tables' owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, column, create_engine, func, insert, select, table, text
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.passwords import hash_password
from app.identity.signups import hash_of, secret_of
from app.message_kinds import load as load_messages
from app.messages.links import link_token, presenter_token, token_hash
from app.schools.register_file import RegisterFile
from app.schools.register_import import import_register
from app.schools.register_school import School as RegisterRow
from demo.borough import Borough, Place
from demo.contacts import add_call_to_school, add_contacts
from demo.facilitators import add_facilitators
from demo.groups import add_group
from demo.keys import made_id
from demo.offers import add_offers, add_wishes
from demo.one_to_one import add_calls
from demo.papers import add_papers
from demo.parents import add_those_on_the_way
from demo.plan import AUTHORITIES, EASTMERE, LARKFIELD, ON_THE_WAY, QUAYSIDE, Authority, School
from demo.schools import add_authority, add_prospect, add_school, staff_id
from demo.signing_up import add_mover, add_sign_up_page
from demo.traffic import add_concern, add_open_invitation, add_traffic
from infra import clock
from infra.database import sqlalchemy_url

EXTRACT = Path(__file__).parent / "data" / "register" / "hackney_schools.csv"
LOADING = 7_204_712
#: Tables in an order in which every row finds what it refers to.
ORDER = (
    "register_school",
    "authority",
    "authority_member",
    "authority_term",
    "school",
    "onboarding_event",
    "school_task",
    "school_closed_day",
    "staff_member",
    "parent",
    "parent_contact",
    "recruitment_profile",
    "parent_event",
    "consent",
    "consent_event",
    "facilitator",
    "facilitator_application",
    "facilitator_event",
    "facilitator_reference",
    "facilitator_check",
    "facilitator_training",
    "cohort",
    "enrolment",
    "place_offer",
    "group_wish",
    "cohort_facilitator",
    "call_request",
    "cohort_session",
    "attendance",
    "absence_notice",
    "topic_vote",
    "session_reflection",
    "group_welcome",
    "first_visit_wish",
    "first_visit_call",
    "group_message",
    "presenter",
    "group_theme",
    "theme_voice",
    "learning_notes",
    "answer_set",
    "outbox",
    "concern",
    "concern_receipt",
    "document",
    "rollup_due",
    "activity_due",
    "contact_with_parent",
    "contact_with_school",
    "signup_link",
    "signup",
)
JSON_COLUMNS = {"support_lines", "answers", "links"}

_FOUND_ACCOUNT = text(
    "select identity.found_account(:account, :membership, :email, :phone, :name, :role, :authority, :school, :person)"
)

#: People at work signed up long ago, with a password that nobody knows: the demo's own links sign in.
_WAY_IN = text(
    "with since as (update identity.membership set created_at = :at where role not in ('parent', 'facilitator')"
    " returning account_id) update identity.account a set password_hash = :hash, created_at = :at"
    " where a.password_hash is null and a.id in (select account_id from since)"
)

_ADDRESS = text(
    "insert into identity.signup_address (token_hash, in_school, link_id) values (:hash, :school, :link)"
)
_MOVE = text(
    "insert into identity.school_move (in_school, signup_id, membership_id, asked_at)"
    " values (:school, :signup, :membership, :at)"
)
_FOUND_TOKEN = text(
    "select identity.found_token(:hash, :role, :authority, :school, :person, :address, :name, :outbox, :expires_at)"
)


def load(owner_url: str, *, secret_key: str) -> dict[str, int]:
    """Write the borough, unless it is there. Returns how many rows each table got; empty when there was nothing to do.

    `secret_key` is what links in messages are made with. Raises what the database raises, with nothing written.
    """
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.begin() as connection:
            # Two starts at once: the second waits, and then finds it loaded.
            connection.execute(select(func.pg_advisory_xact_lock(LOADING)))
            if _is_loaded(connection):
                return {}
            import_register(cast("psycopg.Connection[Any]", connection.connection.driver_connection), EXTRACT)
            borough = build(clock.now())
            return _write(connection, borough, secret_key)
    finally:
        engine.dispose()


def build(now: datetime) -> Borough:
    """The whole borough as rows, as it stands at `now`. Touches nothing but the register's extract."""
    load_messages()
    borough = Borough(now)
    for authority in AUTHORITIES:
        _build_authority(borough, authority)
    unknown = set(borough.rows) - set(ORDER)
    if unknown:
        raise LookupError(f"no place in the order for {sorted(unknown)}")
    return borough


def _build_authority(borough: Borough, authority: Authority) -> None:
    authority_id = add_authority(borough, authority)
    for real in _prospects(borough, authority):
        add_prospect(borough, authority, authority_id, real)
    for school in authority.schools:
        _build_school(borough, authority, school)
    if authority is EASTMERE:
        add_mover(borough, QUAYSIDE, LARKFIELD)
    for row in borough.rows["school"]:
        if row["authority_id"] == authority_id:
            borough.add("activity_due", school_id=row["school_id"], due_at=borough.now)


def _build_school(borough: Borough, authority: Authority, school: School) -> None:
    authority_id = made_id("authority", authority.la_code)
    place = add_school(borough, authority, authority_id, school)
    if not school.groups:
        _invite_lead(borough, place, school)
        if school is ON_THE_WAY[0]:
            add_call_to_school(borough, place, authority)
        add_papers(borough, place, school)
        return
    groups = {group.slug: add_group(borough, place, school, group) for group in school.groups}
    others = add_those_on_the_way(borough, place, school)
    add_facilitators(borough, place, school, groups)
    add_calls(borough, place)
    add_offers(borough, place, school)
    add_wishes(borough, place, school)
    if school.stage == "active":
        add_contacts(borough, place, school, others)
    add_traffic(borough, place, list(groups.values()), others)
    add_papers(borough, place, school)
    if authority is EASTMERE and school is LARKFIELD:
        add_concern(borough, place, "a", "Ruth Adeyemi")
        add_sign_up_page(borough, place, school)


def _invite_lead(borough: Borough, place: Place, school: School) -> None:
    """Where the lead has not come yet, an invitation is on its way."""
    lead_id = staff_id(school.urn, "school_lead")
    lead = next(row for row in borough.rows["staff_member"] if row["id"] == lead_id)
    if lead["accepted_at"] is None:
        add_open_invitation(borough, place, lead_id, lead["name"], lead["email"])


def _prospects(borough: Borough, authority: Authority) -> Iterator[RegisterRow]:
    wanted = set(authority.prospects)
    if not wanted:
        return
    for row in RegisterFile(EXTRACT).rows(today=borough.today):
        if row.school and row.school.urn in wanted:
            yield row.school


def _is_loaded(connection: Connection) -> bool:
    authority = table("authority", column("authority_id"))
    known = select(authority.c.authority_id).where(
        authority.c.authority_id == made_id("authority", EASTMERE.la_code)
    )
    return connection.execute(known).first() is not None


def _write(connection: Connection, borough: Borough, secret_key: str) -> dict[str, int]:
    written = {}
    for booking in borough.rows.get("presenter", []):
        booking["link_hash"] = token_hash(presenter_token(secret_key, booking["id"]))
    for name in ORDER:
        rows = borough.rows.get(name, [])
        for alike in _by_columns(rows):
            columns = (column(key, JSONB) if key in JSON_COLUMNS else column(key) for key in alike[0])
            connection.execute(insert(table(name, *columns)), alike)
        written[name] = len(rows)
    connection.execute(_FOUND_ACCOUNT, borough.accounts)
    written["membership"] = len(borough.accounts)
    connection.execute(_WAY_IN, {"hash": hash_password(token_urlsafe(24)), "at": borough.ago(300)})
    for invitation in borough.invitations:
        token = link_token(secret_key, invitation["outbox"])
        connection.execute(_FOUND_TOKEN, invitation | {"hash": token_hash(token)})
    for link in borough.rows["signup_link"]:
        values = {"hash": hash_of(secret_of(secret_key, link["id"]))}
        connection.execute(_ADDRESS, values | {"school": link["school_id"], "link": link["id"]})
    for move in borough.moves:
        connection.execute(_MOVE, move)
    return written


def _by_columns(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows in lots that have the same columns."""
    lots: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        lots[tuple(row)].append(row)
    return list(lots.values())
