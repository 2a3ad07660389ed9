"""The live database keeps the laws: protected tables, keys that lead with the tenant, nothing that goes round."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from infra.database import sqlalchemy_url

TENANT_KEYS = ("school_id", "authority_id")

#: Functions that run with their owner's rights, outside schema identity. Each is narrow and named here on purpose.
DEFINERS = {
    "app.attended_session_ids",
    "app.authority_outbox_takes_place",
    "app.authority_school_ids",
    "app.outbox_finds_no_address",
    "app.outbox_takes_place",
    "app.forming_cohort_ids",
    "app.first_way_is_new",
    "app.found",
    "app.not_asked_parent_ids",
    "app.note_choice",
    "app.merged_parent_ids",
    "app.merge_parents",
    "app.unmerge_parents",
    "app.who_has_come_in",
    "app.noted_noes",
    "app.take_back_choices",
    "app.take_back_noes",
    "app.people_of_open_groups",
    "app.people_told_of_leaving",
    "app.remove_school",
    "app.results_for_everybody",
    "app.results_withdrawn_for_everybody",
    "app.school_may",
    "app.accounts_of",
    "app.begin_membership",
    "app.coming_memberships",
    "app.drop_coming_membership",
    "app.concerns_kept_from_me",
    "app.handed_concern_ids",
    "app.session_opened_again",
    "app.absence_ends_with_its_day",
    "app.contact_ends_with_no",
    "app.hold_offered_group",
    "app.my_offer",
    "app.group_reach",
    "app.first_visit_days",
    "app.my_welcomer",
    "app.wish_for_first_visit",
    "app.whom_i_may_ask",
    "app.ask_for_call",
    "app.hand_my_call_to_school",
    "app.call_makers",
    "app.late_calls_of_leaders",
    "app.late_calls",
    "app.calls_left_alone",
    "app.put_calls_away",
    "app.calls_in_tens",
    "app.calls_of_council",
    "app.call_ends_with_no",
    "app.say_ours",
    "app.rate_reply",
    "app.reply_ratings",
    "app.themes_over",
    "app.parents_in_tens",
    "app.led_by",
    "app.themes_of_council",
    "app.message_usage",
    "app.school_in_numbers",
    "app.not_for_office",
    "app.note_at_office",
    "app.standing_parent",
    "app.texts_since",
    "app.offer_ends_with_stage",
    "app.take_offer",
    "app.sharing_parent_ids",
    "app.sealed_marks",
    "app.led_cohort_ids",
    "app.my_fresh_start",
    "app.led_parent_ids",
    "app.joined_cohort_ids",
    "app.joined_session_ids",
    "app.missed_two",
    "app.missed_two_led",
    "app.my_joining",
    "app.my_room_photos",
    "app.my_leaders",
    "app.my_presenters",
    "app.names_of_left",
    "app.notes_to_print",
    "app.topic_totals",
    "app.who_texted",
    "app.keep_delivery",
    "app.keep_text",
    "app.bears_council_token",
    "app.keep_council_delivery",
    "app.keep_council_text",
    "app.came_to",
    "app.register_begun",
}


@pytest.fixture(scope="module")
def catalogue(stack):
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tenant_tables(catalogue) -> dict[str, str]:
    rows = catalogue.execute(
        text(
            "select n.nspname || '.' || c.relname, array_agg(a.attname::text) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid"
            " where n.nspname in ('public', 'published') and c.relkind in ('r', 'p') and a.attnum > 0"
            " and not a.attisdropped group by 1"
        )
    )
    return {
        name: "school_id" if "school_id" in columns else "authority_id"
        for name, columns in rows
        if {"school_id", "authority_id"} & set(columns)
    }


def test_every_tenant_table_is_enabled_and_forced(catalogue):
    rows = catalogue.execute(
        text(
            "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('r', 'p') and c.relrowsecurity and c.relforcerowsecurity"
        )
    )
    protected = set(rows.scalars())
    found = set(tenant_tables(catalogue))
    assert len(found) > 40
    # Rules that nobody asks for keep nothing apart: also of tables that are no tenant's, as who belongs where.
    ruled = set(catalogue.execute(text("select schemaname || '.' || tablename from pg_policies")).scalars())
    assert (found | ruled) - protected == set()


def test_primary_keys_lead_with_the_tenant(catalogue):
    rows = dict(
        catalogue.execute(
            text(
                "select n.nspname || '.' || c.relname, a.attname::text from pg_constraint k"
                " join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace"
                " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]"
                " where k.contype = 'p' and n.nspname in ('public', 'published')"
            )
        ).all()
    )
    for table, key in tenant_tables(catalogue).items():
        leading = rows[table]
        assert leading == key or (leading == "authority_id" and table == "public.release_cohort"), table


def test_foreign_keys_and_unique_constraints_lead_with_the_tenant(catalogue):
    rows = catalogue.execute(
        text(
            "select n.nspname || '.' || c.relname as child, k.conname, k.contype::text as kind,"
            " a.attname::text as leading, coalesce(pn.nspname || '.' || p.relname, '') as parent"
            " from pg_constraint k join pg_class c on c.oid = k.conrelid"
            " join pg_namespace n on n.oid = c.relnamespace"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]"
            " left join pg_class p on p.oid = k.confrelid left join pg_namespace pn on pn.oid = p.relnamespace"
            " where k.contype in ('f', 'u') and n.nspname in ('public', 'published')"
        )
    ).all()
    tenants = tenant_tables(catalogue)
    checked = 0
    for row in rows:
        if row.child not in tenants or (row.kind == "f" and row.parent not in tenants):
            continue
        checked += 1
        assert row.leading in TENANT_KEYS, f"{row.conname} of {row.child} leads with {row.leading}"
    assert checked > 50


def test_nothing_goes_round_the_policies(catalogue):
    views = catalogue.execute(
        text(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('v', 'm') and n.nspname in ('public', 'app', 'identity', 'published')"
        )
    )
    assert views.scalars().all() == []
    definers = catalogue.execute(
        text(
            "select n.nspname || '.' || p.proname, r.rolname, r.rolsuper, r.rolcanlogin, p.proconfig from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner"
            " where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')"
        )
    ).all()
    for name, owner, is_super, can_login, config in definers:
        assert owner in ("wb_helper", "wb_identity"), name
        assert not is_super, name
        assert not can_login, name
        assert config == ["search_path=pg_catalog, pg_temp"], name
    assert {row[0] for row in definers if not row[0].startswith("identity.")} == DEFINERS


def test_no_audience_may_empty_a_table_or_refer_to_one(catalogue):
    rows = catalogue.execute(
        text(
            "select table_schema || '.' || table_name, grantee, privilege_type"
            " from information_schema.role_table_grants"
            " where grantee like 'wb\\_%' and grantee <> 'wb_owner' and privilege_type in"
            " ('TRUNCATE', 'REFERENCES', 'TRIGGER')"
        )
    ).all()
    assert rows == []


def test_no_login_has_rights_of_its_own(catalogue):
    direct = catalogue.execute(
        text(
            "select table_name from information_schema.role_table_grants where grantee = 'wb_web'"
            " union all select table_name from information_schema.role_table_grants where grantee = 'PUBLIC'"
            " and table_schema in ('public', 'identity', 'published')"
        )
    )
    assert direct.scalars().all() == []
    inherited = catalogue.execute(
        text(
            "select m.inherit_option from pg_auth_members m join pg_roles r on r.oid = m.member"
            " where r.rolname = 'wb_web'"
        )
    )
    assert set(inherited.scalars()) == {False}


def test_every_policy_asks_its_question_once(catalogue):
    """Ids are worked out in a sub-select, never per row: `(select app.school_id())`."""
    rows = catalogue.execute(
        text(
            "select schemaname || '.' || tablename || ' ' || policyname,"
            " coalesce(qual, '') || ' ' || coalesce(with_check, '') from pg_policies"
        )
    ).all()
    assert len(rows) > 150
    for name, expression in rows:
        bare = expression
        for wrapped in (
            "( SELECT app.school_id() AS school_id)",
            "( SELECT app.authority_id() AS authority_id)",
            "( SELECT app.person_id() AS person_id)",
        ):
            bare = bare.replace(wrapped, "")
        for function in ("app.school_id()", "app.authority_id()", "app.person_id()", "current_setting"):
            assert function not in bare, f"{name}: {function} is not wrapped"
        assert bare.count("app.") == bare.count("SELECT app."), name
