"""Which id stands for which argument of a route, in each place of the world."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text
from werkzeug.routing import Rule

from infra.clock import now, today
from infra.ids import new_id
from tests.support.world import Authority, Person, School, World

#: Route argument -> key of School.ids / Authority.ids. An argument that is not here fails the crawl.
ARGUMENTS = {
    "school_id": "school_id",
    "parent_id": "parent_id",
    "cohort_id": "cohort_id",
    "session_id": "session_id",
    "facilitator_id": "facilitator_id",
    "concern_id": "concern_id",
    "officer_concern_id": "authority_concern_id",
    "unopened_concern_id": "concern_id",
    "appointment_id": "appointment_id",
    "document_id": "agreement_document_id",
    "notes_id": "cohort_notes_id",
    "message_id": "outbox_id",
    "outbox_id": "outbox_id",
    "staff_id": "staff_id",
    "release_id": "release_id",
    "public_release_id": "release_id",
    "member_id": "member_id",
    "person_id": "parent_id",
    "closed_day_id": "closed_day_id",
    "term_id": "term_id",
    "shut_day_id": "shut_day_id",
    "reference_id": "reference_id",
    "training_id": "training_id",
    "reply_id": "reply_id",
    "membership_id": "membership_id",
    "browser_session_id": "browser_session_id",
    "passkey_id": "passkey_id",
    "federated_id": "federated_id",
    "import_id": "import_id",
    "contact_id": "contact_id",
    "offer_id": "offer_id",
    "theme_id": "theme_id",
    "group_message_id": "group_message_id",
    "call_id": "call_id",
    "presenter_id": "presenter_id",
    "school_call_id": "school_call_id",
    "announcement_id": "announcement_id",
    "signup_id": "signup_id",
    "signup_link_id": "signup_link_id",
    "other_id": "identified_parent_id",
    "merge_id": "merge_id",
    "photo_id": "photo_id",
}

#: Arguments that name nothing of a tenant: words, tokens, numbers of the public register.
PLAIN = {
    "colour": "17504a",
    "key": "x",
    "token": "x",
    "urn": 990_999,
    "kind": "x",
    "number": 1,
    "task": "details",
    "filename": "x",
    "file_type": "csv",
    "name": "x",
    "occasion": "before",
    "question": 1,
    "document": "x",
    "topic": "x",
    "consent": "x",
    "step": "x",
    "to_stage": "shortlisted",
    "place": "x",
    "provider": "x",
    "secret": "x",
    "kind_name": "we_missed_you",
    "part": "no_need",
}

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Ids = dict[str, UUID]


@dataclass
class Places:
    """The ids of one person's own place and of the places that are not theirs."""

    own: Ids
    foreign: dict[str, Ids]
    #: Ids that nobody has; the answers to these are what every foreign id must get.
    nowhere: Ids
    schools: list[School] = field(default_factory=list)
    authorities: list[Authority] = field(default_factory=list)

    def swap(self, value: str, ids: Ids) -> str:
        """`value` with every id of the own place replaced by the one that stands for the same thing in `ids`."""
        keys = {str(own): key for key, own in self.own.items()}

        def other(match: re.Match[str]) -> str:
            return str(ids.get(keys.get(match.group(), ""), self.nowhere["school_id"]))

        return ID.sub(other, value)


def add_rows(connection: Connection, world: World) -> None:
    """Rows that the world has none of yet, for every school; as the superuser, undone with the test."""
    for authority in (world.authority, world.other_authority):
        authority.ids["term_id"] = connection.execute(
            text("select id from authority_term where authority_id = :id order by starts_on limit 1"),
            {"id": authority.authority_id},
        ).scalar_one()
        authority.ids["shut_day_id"] = new_id()
        connection.execute(
            text("insert into authority_closed_day values (:authority, :id, :on_date, :canary)"),
            {
                "authority": authority.authority_id,
                "id": authority.ids["shut_day_id"],
                "on_date": today() + timedelta(days=41),
                "canary": authority.canary,
            },
        )
        authority.ids["announcement_id"] = new_id()
        connection.execute(
            text(
                "insert into announcement (authority_id, id, heading, words, stages, roles, by_name, written_at,"
                " show_until) values (:authority, :id, :canary, :canary, '{active}', '{school_lead}', :canary, :now,"
                " :on_date)"
            ),
            {
                "authority": authority.authority_id,
                "id": authority.ids["announcement_id"],
                "canary": authority.canary,
                "now": now(),
                "on_date": today() + timedelta(days=20),
            },
        )
        for school in authority.schools:
            school.ids |= {
                key: new_id()
                for key in (
                    "closed_day_id",
                    "reference_id",
                    "training_id",
                    "import_id",
                    "contact_id",
                    "offer_id",
                    "theme_id",
                    "group_message_id",
                    "call_id",
                    "presenter_id",
                    "school_call_id",
                    "signup_id",
                    "signup_link_id",
                    "merge_id",
                    "merged_parent_id",
                    "photo_id",
                )
            }
            school.ids["browser_session_id"] = new_id()
            school.ids["federated_id"] = new_id()
            school.ids["passkey_id"] = new_id()
            values = {
                "school": school.school_id,
                "on_date": today() + timedelta(days=40),
                "now": now(),
                "day": today(),
                "later": now() + timedelta(hours=1),
                "canary": school.canary,
                "facilitator": school.ids["facilitator_id"],
                "membership": school.people["senco"].membership_id,
                "account": school.people["senco"].account_id,
                "staff": school.people["senco"].person_id,
                "admin": authority.people["authority_admin"].person_id,
                "parent": school.ids["parent_id"],
                **school.ids,
            }
            for statement in (
                "insert into school_closed_day values (:school, :closed_day_id, :on_date, :canary)",
                "insert into facilitator_reference (school_id, id, facilitator_id, referee_name, referee_contact)"
                " values (:school, :reference_id, :facilitator, :canary, 'x')",
                "insert into facilitator_training values"
                " (:school, :training_id, :facilitator, :canary, :day, 60, 'x')",
                "insert into parent_import (school_id, id, state, file_name, headings, columns, row_count, by_person,"
                " by_name) values (:school, :import_id, 'checked', :canary, '{Name}', '{name}', 1, :account, :canary)",
                "insert into parent_import_row (school_id, import_id, number, cells, verdict, details) values (:school,"
                " :import_id, 2, array[:canary], 'new', jsonb_build_object('first_name', cast(:canary as text),"
                " 'last_name', ''))",
                # One id in both logs: whoever asks, it is the contact of their own side.
                "insert into contact_with_parent (school_id, id, parent_id, how, outcome, at, by_id, by_name,"
                " action, due_on, owner_id, state) values (:school, :contact_id, :parent, 'phone', 'spoke', :now,"
                " :staff, :canary, :canary, :day, :staff, 'open')",
                "insert into contact_with_school (school_id, id, how, outcome, at, by_id, by_name, action, due_on,"
                " owner_id, state, with_name) values (:school, :contact_id, 'phone', 'spoke', :now, :admin, :canary,"
                " :canary, :day, :admin, 'open', :canary)",
                "insert into place_offer (school_id, id, cohort_id, parent_id, answer_by, by_name) values (:school,"
                " :offer_id, :cohort_id, :waiting_parent_id, :on_date, :canary)",
                "insert into group_theme (school_id, id, cohort_id, facilitator_id, words, state, approved_at,"
                " reply_by) values (:school, :theme_id, :cohort_id, :facilitator, :canary, 'approved', :now, :on_date)",
                "insert into group_message (school_id, id, cohort_id, facilitator_id, by_name, words, written_at,"
                " goes_at) values (:school, :group_message_id, :cohort_id, :facilitator, 'Ada', :canary, :now, :now)",
                "insert into call_request (school_id, id, parent_id, cohort_id, facilitator_id, caller_name, need,"
                " times, call_by) values (:school, :call_id, :parent, :cohort_id, :facilitator, :canary, 'myself',"
                " '{morning}', :on_date)",
                "insert into call_request (school_id, id, parent_id, caller_name, need, times, call_by) values"
                " (:school, :school_call_id, :parent, :canary, 'myself', '{morning}', :on_date)",
                "insert into presenter (school_id, id, cohort_id, session_id, name, organisation, email, topic, door,"
                " after_minutes, for_minutes, on_date, starts_at, room, booked_by_name, link_hash) select :school,"
                " :presenter_id, :cohort_id, id, :canary, :canary, 'x@presenter.example', :canary, :canary, 0, 30,"
                " on_date, starts_at, room, :canary, uuid_send(:presenter_id) from cohort_session"
                " where school_id = :school and id = :session_id",
                "insert into signup_link (school_id, id, kind, open_until, made_by_name) values (:school,"
                " :signup_link_id, 'page', :on_date, :canary)",
                "insert into signup (school_id, id, link_id, first_name, phone) values (:school, :signup_id,"
                " :signup_link_id, :canary, '+447700900999')",
                "insert into parent (school_id, id, stage, stage_changed_at, created_at) values (:school,"
                " :merged_parent_id, 'identified', :now, :now)",
                "insert into parent_contact (school_id, parent_id, first_name, last_name) values (:school,"
                " :merged_parent_id, :canary, '')",
                "insert into parent_merge (school_id, id, kept_id, gone_id, gone_name, by_name) values (:school,"
                " :merge_id, :parent, :merged_parent_id, :canary, :canary)",
                "insert into document (school_id, id, kind, file_name, state, object_key, content_type, sha256, size,"
                " next_at, created_at) values (:school, :photo_id, 'room_photo', 'photo.jpg', 'ready', 't/' ||"
                " cast(:school as text) || '/d/' || cast(:photo_id as text) || '/v1', 'image/jpeg', 'x', 1, :now,"
                " :now)",
                "insert into room_photo (school_id, id, room, words, width, height, by_name) values (:school,"
                " :photo_id, 'Library', :canary, 400, 300, :canary)",
                "insert into identity.browser_session (token_hash, id, account_id, membership_id, expires_at, idle)"
                " values (uuid_send(:browser_session_id), :browser_session_id,"
                " :account, :membership, :later, '1 hour')",
                "insert into identity.federated_identity (id, account_id, provider, issuer, subject)"
                " values (:federated_id, :account, 'x', 'https://directory.example', :federated_id)",
                "insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)"
                " values (:passkey_id, :account, uuid_send(:passkey_id), '\\x01', 0, :canary)",
            ):
                connection.execute(text(statement), values)


def ids_of(school: School, authority: Authority) -> Ids:
    """Every id of one school and of its authority, by key."""
    return {
        **authority.ids,
        **school.ids,
        "school_id": school.school_id,
        "authority_id": authority.authority_id,
        "staff_id": school.people["senco"].person_id,
        "member_id": authority.people["commissioner"].person_id,
        "membership_id": school.people["parent"].membership_id,
        "account_id": school.people["parent"].account_id,
        "other_parent_id": school.people["other_parent"].person_id,
    }


def places_of(world: World, person: Person | None) -> Places:
    """What is this person's own, and what is not."""
    own = ids_of(world.school, world.authority)
    serves_authority = person is not None and person.school_id is None
    others = [*world.other_authority.schools]
    if not serves_authority:
        others.append(world.sibling_school)
    # The schools of an authority are all its own; a sibling is no stranger to it.
    sibling = (
        ids_of(world.other_authority.schools[1], world.other_authority)
        if serves_authority
        else ids_of(world.sibling_school, world.authority)
    )
    return Places(
        own=own,
        foreign={"sibling": sibling, "other": ids_of(world.other_school, world.other_authority)},
        nowhere={key: new_id() for key in own},
        schools=others,
        authorities=[world.other_authority],
    )


def address(rule: Rule, ids: Ids, spell: Callable[[UUID], object] = lambda found: found) -> str:
    """The path of `rule` with these ids."""
    values: dict[str, object] = {}
    for argument in rule.arguments:
        if argument in PLAIN:
            values[argument] = PLAIN[argument]
        elif argument in ARGUMENTS:
            values[argument] = spell(ids[ARGUMENTS[argument]])
        else:
            raise AssertionError(f"{rule.rule}: say in tests/isolation/places.py what {argument} stands for")
    built = rule.build(values)
    if built is None:
        raise AssertionError(f"{rule.rule} cannot be built")
    return built[1]


def names_a_row(rule: Rule) -> bool:
    """Does the address of this rule hold an id of a tenant?"""
    return bool(set(rule.arguments) & set(ARGUMENTS))
