"""The attack table of functions that run with their owner's rights.

Each is called, by each role that may, with ids of another school, of another council, and of nobody, in each argument
that takes one.

What kind of id an argument takes is told by its name. A function that is in no group, or an argument whose name is not
known, is a fault: whoever adds one says here what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from infra.clock import now, today
from infra.ids import new_id

#: Called by an audience, inside a scope: an id of another place is like an id of nothing.
SCOPED = {
    "app.attended_session_ids",
    "app.register_begun",
    "app.handed_concern_ids",
    "app.concerns_kept_from_me",
    "identity.acting_people",
    "identity.agree_appointment",
    "identity.announce_concern",
    "identity.ask_appointment",
    "identity.coming_readers",
    "identity.concerns_without_reader",
    "identity.keep_concerns_from",
    "identity.may_agree_to_appointments",
    "identity.fresh_start_seconds",
    "identity.look_into_stop",
    "identity.stopped_starts",
    "identity.readers",
    "identity.readers_without_mobile",
    "identity.schools_without_reader",
    "identity.stop_appointment",
    "identity.take_over",
    "identity.who_can_agree",
    "identity.begins_of",
    "identity.unopened_concerns",
    "app.authority_school_ids",
    "app.forming_cohort_ids",
    "app.found",
    "app.not_asked_parent_ids",
    "app.note_choice",
    "app.people_of_open_groups",
    "app.people_told_of_leaving",
    "app.remove_school",
    "app.results_for_everybody",
    "app.results_withdrawn_for_everybody",
    "app.noted_noes",
    "app.take_back_choices",
    "app.take_back_noes",
    "app.school_may",
    "app.joined_cohort_ids",
    "app.joined_session_ids",
    "app.led_cohort_ids",
    "app.my_fresh_start",
    "app.led_parent_ids",
    "app.missed_two",
    "app.missed_two_led",
    "app.my_leaders",
    "app.hold_offered_group",
    "app.my_offer",
    "app.group_reach",
    "app.first_visit_days",
    "app.my_welcomer",
    "app.wish_for_first_visit",
    "app.say_ours",
    "app.rate_reply",
    "app.reply_ratings",
    "app.themes_over",
    "app.themes_of_council",
    "app.take_offer",
    "app.names_of_left",
    "app.notes_to_print",
    "app.sharing_parent_ids",
    "app.sealed_marks",
    "app.topic_totals",
    "identity.cancel_tokens",
    "identity.drop_feed",
    "identity.give_signup_address",
    "identity.my_feed",
    "identity.set_feed",
    "identity.may_say_ready",
    "identity.end_membership",
    "identity.person_accounts",
    "identity.reset_second_factor",
}
#: Called before there is a scope, with the hash of a browser's own session or of a calendar's address: one that is
#: nobody's reaches nobody.
BY_SESSION = {
    "identity.confirm_mobile",
    "identity.open_feed",
    "identity.open_signup",
    "identity.sign_up",
    "identity.own_mobile",
    "identity.remove_mobile",
    "identity.request_mobile_code",
    "identity.add_passkey",
    "identity.confirm_session",
    "identity.connect_federated",
    "identity.disconnect_federated",
    "identity.end_other_session",
    "identity.end_session",
    "identity.list_federated",
    "identity.list_memberships",
    "identity.list_passkeys",
    "identity.list_sessions",
    "identity.open_session",
    "identity.prove_by_passkey",
    "identity.put_challenge",
    "identity.put_journey",
    "identity.remove_passkey",
    "identity.save_session",
    "identity.session_proof",
    "identity.take_challenge",
    "identity.take_journey",
    "identity.touch_session",
}
#: Called by the login of signing in alone, with a secret that only its owner can know: a wrong one opens nothing.
BY_SECRET = {
    "identity.accept_invitation_elsewhere",
    "identity.accept_staff_invitation",
    "identity.drop_form",
    "identity.find_passkey",
    "identity.find_password_account",
    "identity.keep_form",
    "identity.others_passwords",
    "identity.request_password_reset",
    "identity.use_federated",
    "identity.use_passkey",
    "identity.use_password_reset",
    "identity.waiting_form",
}
#: Called by the login of signing in alone, in the steps between a password and a session; pages cannot call them.
ON_THE_WAY = {
    "identity.account_on_the_way",
    "identity.app_secret",
    "identity.coming_role",
    "identity.is_stand_in",
    "identity.count_tries",
    "identity.find_membership",
    "identity.renew_password_hash",
    "identity.replace_recovery_codes",
    "identity.set_password",
    "identity.set_totp",
    "identity.start_session",
    "identity.use_recovery_code",
    "identity.use_totp_step",
}
#: Called by a worker or the owner, whose work is every school's.
OF_WORKERS = {
    "app.who_texted",
    "app.came_to",
    "identity.authorities_to_look_after",
    "identity.confirmed_channels",
    "identity.hand_over_unread",
    "identity.forget_passed_on",
    "identity.only_passed_on",
    "identity.reader_mobiles",
    "identity.schools_to_look_after",
    "identity.tell_of_unopened",
    "identity.arm_token",
    "identity.found_account",
    "identity.found_token",
    "identity.purge",
    "identity.token_address",
}
#: Doors of links, codes by message and invitations: attacked where they are written (tests/integration/accounts).
OF_LINKS = {
    "identity.agree_fresh_start",
    "identity.ask_fresh_start",
    "identity.erase_sealed",
    "identity.may_agree",
    "identity.my_sealed",
    "identity.my_wait",
    "identity.my_wait_is_told",
    "identity.my_generation",
    "identity.my_way",
    "identity.my_way_since",
    "identity.silence_fresh_start",
    "identity.stop_fresh_start",
    "identity.take_back_fresh_start",
    "identity.use_fresh_start",
    "identity.account_guard",
    "identity.find_words",
    "identity.is_first_session",
    "identity.is_shared",
    "identity.shares_address",
    "identity.has_own_key",
    "identity.is_told_apart",
    "identity.may_be_another",
    "identity.own_keys",
    "identity.request_move",
    "identity.set_own_key",
    "identity.tell_address",
    "identity.tell_at_work",
    "identity.use_move",
    "identity.drop_address",
    "identity.accept_offer",
    "identity.first_name_of",
    "identity.issue_token",
    "identity.list_offers",
    "identity.not_me",
    "identity.offer_facilitator",
    "identity.own_addresses",
    "identity.peek_token",
    "identity.proves",
    "identity.request_confirm_code",
    "identity.request_link",
    "identity.use_confirm_code",
    "identity.use_link",
    "identity.use_link_code",
}
#: Called by other functions and triggers of these owners alone; no audience and no login may.
INNER = {
    "app.accounts_of",
    "app.begin_membership",
    "app.coming_memberships",
    "app.drop_coming_membership",
    "identity.acting",
    "identity.at_work_by",
    "identity.brought_in",
    "identity.hand_over",
    "identity.readers_of",
    "identity.hold_place",
    "identity.is_first_holder",
    "identity.named_reader",
    "identity.plain_name",
    "identity.is_appointed",
    "identity.is_pressed",
    "identity.pressing_membership",
    "identity.is_guarded",
    "identity.is_settled",
    "identity.may_second",
    "identity.name_here",
    "identity.new_at_work",
    "identity.note_sharer",
    "identity.has_begun",
    "identity.note_appointment",
    "identity.own_account",
    "identity.seconds_of",
    "identity.seconds_pool",
    "identity.sees_more",
    "identity.may_open_leading",
    "identity.step_back",
    "identity.stop_lookers",
    "identity.take_offer",
    "identity.tell_of_appointment",
    "identity.tell_of_stop",
    "identity.tell_appointers",
    "identity.tell_officers",
    "identity.tell_reader",
    "identity.unknown",
    "identity.waits_too_long",
    "identity.ways_since",
    "identity.usable_ways_in",
    "identity.way_in_may_go",
    "identity.ways_in",
    "identity.write_message",
}
GROUPS = (SCOPED, BY_SESSION, BY_SECRET, ON_THE_WAY, OF_WORKERS, OF_LINKS, INNER)

#: An argument's name -> the id of a place that it takes.
IDS = {
    "p_account": "account",
    "p_appointment": "appointment",
    "p_appointments": "appointments",
    "p_concern": "concern",
    "p_concerns": "concerns",
    "p_kept": "people",
    "p_new": "passkey",
    "p_outbox_id": "passkey",
    "p_authority": "authority",
    "p_cohort_id": "cohort",
    "p_cohort_ids": "cohorts",
    "p_credential_id": "credential",
    "p_first": "person",
    "p_hash": "session",
    "p_old_hash": "session",
    "p_id": "passkey",
    "p_membership": "membership",
    "p_membership_id": "membership",
    "p_parent": "person",
    "p_people": "people",
    "p_person": "person",
    "p_person_id": "person",
    "p_school": "school",
    "p_slip": "document",
    "p_offer_id": "offer",
    "p_theme_id": "theme",
    "p_signup": "signup",
    "p_link": "signup_link",
    "p_session_id": "session_id",
    "p_account_id": "account",
}

#: Where a name means something else in one function.
IDS_OF = {
    ("app.names_of_left", "p_session_id"): "meeting",
    ("app.register_begun", "p_session_id"): "meeting",
}

_FUNCTIONS = text(
    "select n.nspname || '.' || p.proname as name, p.proargnames[1:p.pronargs]::text[] as names,"
    " array(select t::regtype::text from unnest(p.proargtypes) t) as types,"
    " array(select r.rolname::text from pg_roles r where r.rolname like 'wb\\_%' and r.rolname not in"
    " ('wb_owner', 'wb_identity', 'wb_helper') and has_function_privilege(r.oid, p.oid, 'execute')) as roles"
    " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " where p.prosecdef and p.prorettype <> 'trigger'::regtype"
    " and n.nspname not in ('pg_catalog', 'information_schema') order by 1"
)


@dataclass(frozen=True, slots=True)
class Definer:
    """A function with its owner's rights, as the live database has it."""

    name: str
    names: list[str]
    types: list[str]
    roles: list[str]

    def id_arguments(self) -> list[int]:
        """Places of the arguments that take an id; those whose kind nobody has said are a fault."""
        found = []
        for place, (name, kind) in enumerate(zip(self.names, self.types, strict=True)):
            if name in IDS:
                found.append(place)
            elif kind in ("uuid", "uuid[]"):
                raise AssertionError(f"{self.name} takes {name}: say in definers.IDS what it is")
        return found

    def takes(self, place: int) -> str:
        """Which of a place's ids the argument takes."""
        name = self.names[place]
        return IDS_OF.get((self.name, name), IDS[name])

    def statement(self) -> str:
        given = ", ".join(f"cast(:a{place} as {kind})" for place, kind in enumerate(self.types))
        return f"select * from {self.name}({given})"


def live(connection: Connection) -> list[Definer]:
    """Every function with its owner's rights, triggers apart: nobody calls those."""
    return [
        Definer(row.name, list(row.names or []), list(row.types), list(row.roles))
        for row in connection.execute(_FUNCTIONS)
    ]


def plain_value(kind: str) -> Any:
    """Something harmless for an argument that is no id."""
    return {
        "uuid": new_id(),
        "uuid[]": [new_id()],
        "bytea": b"harmless",
        "bytea[]": [b"harmless"],
        "text": "parent",
        "text[]": ["parent"],
        "jsonb": "{}",
        "integer": 1,
        "bigint": 1,
        "boolean": False,
        "interval": timedelta(hours=1),
        "date": today(),
        "timestamp with time zone": now() + timedelta(hours=1),
    }[kind]


def calls(definer: Definer, ids: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Values with this place's id in one argument after the other, and in all; other ids are nobody's."""
    places = definer.id_arguments()
    nobody = {f"a{n}": plain_value(kind) for n, kind in enumerate(definer.types)}
    for chosen in ([place] for place in places):
        yield nobody | {f"a{n}": ids[definer.takes(n)] for n in chosen}
    if len(places) > 1:
        yield nobody | {f"a{n}": ids[definer.takes(n)] for n in places}


def nobodys(definer: Definer) -> dict[str, Any]:
    """The same call with ids that nothing has."""
    return {f"a{n}": plain_value(kind) for n, kind in enumerate(definer.types)}


def without_ids(rows: Iterable[Any], *known: Mapping[str, Any]) -> str:
    """An answer as text, with the ids that were asked about taken out."""
    said = str(rows)
    for given in known:
        for value in given.values():
            for item in _each(value):
                said = said.replace(repr(item), "…")
    return said


def _each(value: object) -> list[object]:
    return [value, *value] if isinstance(value, list) else [value] if isinstance(value, UUID | bytes) else []
