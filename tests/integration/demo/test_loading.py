"""The demo borough in a real database: complete, once, and with nobody in it who could be real."""

from pathlib import Path

import psycopg

from app.measures.instruments import PROGRAMME_QUESTIONS
from app.measures.scoring import check_answers
from demo.loader import ORDER, load

ROOT = Path(__file__).parents[3]
EASTMERE = "Eastmere Council"


def rows(connection, statement, *values):
    return connection.execute(statement, values).fetchall()


def value(connection, statement, *values):
    return connection.execute(statement, values).fetchone()[0]


def test_every_row_that_was_sent_is_there(demo, written):
    for table in ORDER:
        count = value(demo, psycopg.sql.SQL("select count(*) from {}").format(psycopg.sql.Identifier(table)))
        # The register has the real extract beside the invented schools.
        assert count == written[table] + (107 if table == "register_school" else 0), table
    assert value(demo, "select count(*) from identity.membership") == written["membership"] > 200


def test_loading_again_changes_nothing(demo, borough_stack, demo_settings):
    before = value(demo, "select count(*) from parent_event")
    assert load(borough_stack.url("wb_owner"), secret_key=demo_settings.secret("secret_key")) == {}
    assert value(demo, "select count(*) from parent_event") == before


def test_two_authorities_and_schools_at_every_stage(demo):
    stages = dict(
        rows(
            demo,
            "select s.stage, count(*) from school s join authority a using (authority_id)"
            " where a.name = %s group by 1",
            EASTMERE,
        )
    )
    assert set(stages) == {
        "prospect",
        "invited",
        "brief_sent",
        "agreement_signed",
        "set_up",
        "active",
        "paused",
        "left",
    }
    assert sum(stages.values()) >= 12
    assert stages["active"] >= 6
    assert value(demo, "select count(*) from authority") == 2
    assert (
        value(
            demo,
            "select count(*) from school s join authority a using (authority_id) where a.name <> %s",
            EASTMERE,
        )
        == 2
    )


def test_whatever_has_people_in_it_is_invented(demo):
    assert value(demo, "select count(*) from school where urn < 990001") >= 3
    for table in ("parent", "staff_member", "facilitator", "cohort"):
        statement = psycopg.sql.SQL("select min(s.urn) from {} join school s using (school_id)")
        assert value(demo, statement.format(psycopg.sql.Identifier(table))) >= 990001
    assert value(demo, "select count(*) from school where stage <> 'prospect' and urn < 990001") == 0


def test_each_school_can_tell_how_it_came_here(demo):
    assert (
        rows(
            demo,
            "select s.name from school s where s.stage <> (select e.to_stage from onboarding_event e"
            " where e.school_id = s.school_id order by e.at desc limit 1)",
        )
        == []
    )
    assert (
        value(
            demo,
            "select count(*) from school where stage in ('invited', 'brief_sent', 'agreement_signed')"
            " and waiting_since < now() - interval '30 days'",
        )
        >= 3
    )


def test_enough_finished_groups_for_a_release(demo):
    found = rows(
        demo,
        "select s.controller_code, count(distinct c.id), count(distinct s.school_id),"
        " count(distinct b.parent_id) filter (where a.parent_id is not null)"
        " from cohort c join school s using (school_id) join authority g using (authority_id)"
        " join (select * from authority_term where ends_on < current_date"
        "   and authority_id = (select authority_id from authority where name = %s)"
        "   order by ends_on desc limit 1) t on t.authority_id = s.authority_id"
        " join answer_set b on b.school_id = c.school_id and b.cohort_id = c.id and b.occasion = 'before'"
        " join consent k on k.school_id = b.school_id and k.parent_id = b.parent_id"
        "   and k.kind = 'pooled_answers' and k.given"
        " left join answer_set a on a.school_id = b.school_id and a.cohort_id = b.cohort_id"
        "   and a.parent_id = b.parent_id and a.occasion = 'after'"
        " where c.state = 'closed' and c.closed_at::date between t.starts_on and t.ends_on group by 1",
        EASTMERE,
    )
    pairs = {controller: paired for controller, _, _, paired in found}
    assert sum(cohorts for _, cohorts, _, _ in found) == 8
    assert sum(schools for _, _, schools, _ in found) >= 4
    assert len(pairs) >= 4
    assert min(pairs.values()) >= 3
    assert 50 <= sum(pairs.values()) <= 65
    assert max(pairs.values()) <= sum(pairs.values()) / 2


def test_every_finished_group_waits_to_be_added_up_and_nothing_is_added_up_by_hand(demo):
    assert rows(
        demo,
        "select count(*) from cohort c left join rollup_due d on d.school_id = c.school_id and d.cohort_id = c.id"
        " where (c.state = 'closed') <> (d.cohort_id is not null)",
    ) == [(0,)]
    assert value(demo, "select count(*) from activity_due") == value(demo, "select count(*) from school")
    for table in ("public.cohort_summary", "public.release", "published.release", "public.school_activity"):
        statement = psycopg.sql.SQL("select count(*) from {}").format(
            psycopg.sql.Identifier(*table.split("."))
        )
        assert value(demo, statement) == 0


def test_answers_are_ones_that_a_parent_can_give(demo):
    sets = rows(demo, "select instrument, instrument_version, items from answer_set")
    assert len(sets) > 300
    for instrument, version, items in sets:
        assert (instrument, version) == (PROGRAMME_QUESTIONS.key, PROGRAMME_QUESTIONS.version)
        check_answers(PROGRAMME_QUESTIONS, items)
    assert any(None in items for _, _, items in sets)


def test_somebody_met_today_and_can_close_it_and_others_are_under_way(demo):
    assert value(
        demo,
        "select count(*) from cohort_session where state = 'planned' and on_date = (now() at time zone"
        " 'Europe/London')::date and on_date + ends_at <= now() at time zone 'Europe/London' + interval '1 minute'",
    )
    assert value(demo, "select count(*) from cohort where state = 'running'") >= 4
    assert value(demo, "select count(*) from cohort where state = 'forming' and first_on > current_date") == 1
    assert value(demo, "select count(*) from cohort where state = 'forming' and first_on is null") == 1


def test_people_are_at_every_stage(demo):
    parents = {stage for (stage,) in rows(demo, "select distinct stage from parent")}
    assert parents == {
        "identified",
        "invited",
        "interested",
        "joined",
        "waiting",
        "in_group",
        "graduated",
        "said_no",
        "left",
    }
    facilitators = {stage for (stage,) in rows(demo, "select distinct stage from facilitator")}
    assert facilitators == {
        "applied",
        "shortlisted",
        "references",
        "checks",
        "training",
        "ready",
        "leading",
        "resting",
        "not_now",
        "withdrawn",
    }
    assert value(demo, "select count(*) from parent_contact where email = ''") > 20
    assert {code for (code,) in rows(demo, "select distinct language from parent_contact")} == {
        "en",
        "tr",
        "pl",
        "so",
        "bn",
    }


def test_every_running_group_is_led_by_two_to_four(demo):
    assert (
        rows(
            demo,
            "select c.name, count(l.*) from cohort c left join cohort_facilitator l"
            " on l.school_id = c.school_id and l.cohort_id = c.id where c.state in ('running', 'closed')"
            " group by c.school_id, c.id, c.name having count(l.*) not between 2 and 4",
        )
        == []
    )


def test_nobody_in_a_group_lacks_the_consent_to_be_there(demo):
    assert (
        rows(
            demo,
            "select p.id from parent p where p.stage in ('joined', 'waiting', 'in_group', 'graduated') and not exists"
            " (select 1 from consent c where c.school_id = p.school_id and c.parent_id = p.id and c.kind = 'join'"
            " and c.given)",
        )
        == []
    )
    assert (
        rows(
            demo,
            "select kind from consent c where given is distinct from (select e.given from consent_event e"
            " where e.school_id = c.school_id and e.parent_id = c.parent_id and e.kind = c.kind"
            " order by e.at desc limit 1)",
        )
        == []
    )


def test_messages_have_failed_been_held_back_and_arrived_and_one_invitation_is_on_its_way(demo):
    states = dict(rows(demo, "select state, count(*) from outbox group by 1"))
    assert set(states) == {"delivered", "failed", "held_back", "queued"}
    assert (
        value(
            demo,
            "select count(*) from outbox o join identity.token t on t.outbox_id = o.id"
            " where o.state = 'queued' and t.used_at is null and t.expires_at > now()",
        )
        == states["queued"]
    )


def test_one_concern_waits_for_a_safeguarding_lead(demo):
    assert rows(demo, "select about, about_name, read_at from concern") == [("child", "", None)]


TELEPHONES = """
select phone from identity.account union all select phone from parent_contact union all select phone from staff_member
union all select phone from facilitator union all select contact_phone from school
union all select dsl_phone from school union all select contact_phone from authority
union all select officer_phone from authority
"""
ADDRESSES = """
select email from identity.account union all select email from parent_contact union all select email from staff_member
union all select email from facilitator union all select contact_email from school
union all select contact_email from authority union all select officer_email from authority
union all select email from authority_member union all select dpo_contact from authority
union all select referee_contact from facilitator_reference union all select address from identity.token
"""


def test_every_number_and_address_belongs_to_nobody(demo):
    numbers = {number for (number,) in rows(demo, TELEPHONES) if number}
    assert len(numbers) > 200
    for number in numbers:
        assert number.startswith("+447700900")
        assert len(number) == 13
        # These mean something to the mailbox.
        assert number[-3:] not in {"000", "002", "003", "111", "222"}
    addresses = {address for (address,) in rows(demo, ADDRESSES) if address}
    assert len(addresses) > 200
    assert all(address.endswith("@example.org") and address.isascii() for address in addresses)
    assert all(
        number == "" or number.startswith("+44207946") for (number,) in rows(demo, "select phone from school")
    )


def test_some_have_more_than_one_role(demo):
    together = rows(
        demo,
        "select array_agg(distinct role), count(distinct in_school) from identity.membership group by account_id"
        " having count(*) > 1",
    )
    assert (["facilitator", "parent"], 1) in together
    assert (["school_dsl"], 2) in together


def test_schools_that_were_sent_the_brief_have_their_documents_made(demo):
    found = rows(
        demo,
        "select s.stage, array_agg(distinct d.kind) filter (where d.kind in ('agreement', 'project_brief'))"
        " from school s left join document d on d.school_id = s.school_id and d.state = 'queued' group by s.stage",
    )
    kinds = {stage: sorted(kinds or []) for stage, kinds in found}
    for stage in ("brief_sent", "agreement_signed", "set_up", "active", "paused"):
        assert kinds[stage] == ["agreement", "project_brief"], stage
    assert kinds["prospect"] == kinds["invited"] == []


def test_a_running_group_has_its_newest_notes_made(demo):
    missing = rows(
        demo,
        "select distinct n.cohort_id from learning_notes n join cohort c on c.school_id = n.school_id"
        " and c.id = n.cohort_id where c.state = 'running' and n.state = 'sent' and not exists"
        " (select from document d where d.school_id = n.school_id and d.cohort_id = n.cohort_id"
        " and d.kind = 'learning_notes')",
    )
    assert missing == []


def test_whoever_finished_the_newest_group_has_a_certificate_made(demo):
    asked = """select count(*) > 10, count(*) = count(distinct d.parent_id), bool_and(e.status = 'finished')
        from document d left join enrolment e using (school_id, cohort_id, parent_id) where d.kind = 'certificate'"""
    assert rows(demo, asked) == [(True, True, True)]


def test_applications_name_two_people_to_ask(demo):
    found = rows(demo, "select answers -> 'referees' from facilitator_application")
    assert found
    assert all(len(referees) == 2 for (referees,) in found)
