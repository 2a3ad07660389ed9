"""The catalogue of the live database breaks no law, and each law sees what it is there for: a wall is taken away, one
at a time and only for a moment, and the law must say so."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from infra.database import sqlalchemy_url
from tests.isolation.gate import (
    LAWS,
    keys_lead_with_the_tenant,
    logins_are_weak,
    nobody_may_more,
    nothing_goes_round,
    policies_are_asked_once,
    rights_have_policies,
    tables_are_protected,
)

#: Law -> statements that break it, each once.
PLANTED = {
    tables_are_protected: (
        "alter table parent disable row level security",
        "alter table published.release no force row level security",
        "create table fresh (school_id uuid not null, id uuid not null)",
        "create table fresh (id uuid primary key, words text)",
        "create table fresh (school_id uuid not null) partition by list (school_id)",
    ),
    rights_have_policies: (
        "drop policy parent_school_select on parent",
        "drop policy outbox_dispatch_update on outbox",
        "grant delete on consent to wb_school",
        "grant select (first_name) on parent_contact to wb_authority",
        "grant update on answer_set to wb_rollup",
        "create policy wide on parent for select to public using (true)",
        "create policy wide on parent for all to wb_school using (true)",
    ),
    keys_lead_with_the_tenant: (
        "create unique index on enrolment (id)",
        "create unique index on cohort (lower(id::text), school_id)",
        "create unique index on parent_contact (phone) where phone <> ''",
        "alter table parent_contact add constraint p unique (parent_id, school_id)",
        "alter table cohort add constraint x exclude using btree (id with =)",
        "create unique index u on parent (id); alter table parent_contact add constraint f foreign key (parent_id)"
        " references parent (id) not valid",
        "create unique index u on parent (id, school_id); alter table parent_contact add constraint f"
        " foreign key (parent_id, school_id) references parent (id, school_id) not valid",
        "alter table concern_action drop constraint concern_action_pkey;"
        " alter table concern_action add primary key (id)",
    ),
    nothing_goes_round: (
        "create view every_parent as select * from parent_contact",
        "create view every_parent with (security_invoker) as select * from parent_contact",
        "create materialized view every_parent as select * from parent_contact",
        "create rule double as on insert to parent do also select 1",
        "create function app.mine() returns int language sql security definer as 'select 1'",
        "create function public.mine() returns int language sql as 'select 1'",
        "alter function app.led_cohort_ids() reset search_path",
        "alter function app.led_cohort_ids() set search_path = public",
        "alter function app.led_cohort_ids() owner to postgres",
        "alter role wb_helper bypassrls",
        "alter role wb_identity login",
        "create foreign data wrapper w; create server s foreign data wrapper w;"
        " create foreign table elsewhere (id int) server s",
    ),
    nobody_may_more: (
        "grant truncate on parent to wb_school",
        "grant references on parent to wb_parent",
        "grant trigger on parent to wb_facilitator",
        "grant maintain on parent to wb_documents",
        "grant select on parent to wb_school with grant option",
        "grant select on school to public",
        "create sequence numbers; grant usage on sequence numbers to wb_web",
        "grant create on schema public to wb_school",
        "grant create on schema app to public",
        "grant create on database webelong to wb_parent",
        "grant temporary on database webelong to public",
        "alter default privileges for role wb_owner in schema public grant select on tables to wb_school",
        "select lo_create(0)",
        "create publication everything for all tables",
    ),
    logins_are_weak: (
        "alter role wb_web inherit",
        "alter role wb_dispatch createrole",
        "alter role wb_school login",
        "grant wb_school to wb_web with inherit true",
        "revoke set option for wb_parent from wb_web",
        "grant wb_dispatch to wb_web with inherit false, set true",
        "grant wb_owner to wb_documents",
        "grant wb_dsl to wb_parent",
        "grant pg_read_all_data to wb_rollup",
        "grant select on parent to wb_web",
        "grant select (id) on identity.account to wb_web",
        "alter table parent owner to wb_helper",
        "create role wb_backdoor login",
    ),
    policies_are_asked_once: (
        "alter policy parent_school_select on parent using (school_id = app.school_id())",
        "alter policy parent_school_select on parent using (school_id::text = current_setting('app.school', true))",
        "alter policy cohort_facilitator_select on cohort using (id = any (app.led_cohort_ids()))",
        "alter policy enrolment_facilitator_select on enrolment using (exists (select from cohort_facilitator f"
        " where f.cohort_id = enrolment.cohort_id and f.facilitator_id = (select app.person_id())))",
        "alter policy parent_school_insert on parent with check (school_id = app.school_id())",
    ),
}
CASES = [(law, statement) for law, statements in PLANTED.items() for statement in statements]


@pytest.fixture
def catalogue(stack, world):
    """The database itself, seen by its superuser; nothing that happens here stays."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection, connection.begin() as outer:
        # Laws ask for ids; whose they are makes no difference to a plan.
        for name in ("school", "authority", "person"):
            connection.execute(
                text(f"select set_config('app.{name}', :id, true)"), {"id": str(world.school.school_id)}
            )
        yield connection
        outer.rollback()
    engine.dispose()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_live_catalogue_keeps_the_law(catalogue, law, record_property):
    record_property("laws", 1)
    assert law(catalogue) == []


def test_every_law_has_something_planted():
    assert set(PLANTED) == set(LAWS)


@pytest.mark.parametrize(("law", "statement"), CASES, ids=[f"{law.__name__}-{s[:50]}" for law, s in CASES])
def test_the_law_sees_what_was_planted(catalogue, law, statement, record_property):
    record_property("planted", 1)
    before = set(law(catalogue))
    step = catalogue.begin_nested()
    try:
        for part in statement.split(";"):
            catalogue.exec_driver_sql(part)
        assert set(law(catalogue)) - before, "the law is blind to this"
    finally:
        step.rollback()
