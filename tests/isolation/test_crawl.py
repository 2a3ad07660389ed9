"""Every page x every role x {own, sibling, other authority, random} id: the same "not found", and nobody's words."""

from __future__ import annotations

import re

import pytest

from infra.ids import new_id
from tests.isolation.places import ARGUMENTS, address, ids_of

ROLES = (
    "authority_admin",
    "named_officer",
    "commissioner",
    "lead",
    "senco",
    "attendance_lead",
    "dsl",
    "facilitator",
    "parent",
    "other_parent",
    "graduate",
    None,
)


def person_of(world, role):
    if role is None:
        return None
    if role in world.authority.people:
        return world.authority.people[role]
    return world.school.people[role]


def rules(app):
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "shell.leave")
    ]


def normal(page: bytes) -> str:
    """The page without what differs each time: tokens, and the id that was asked for."""
    text = page.decode(errors="replace")
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)


def forbidden_words(world, role) -> set[str]:
    """What this person must never read, wherever they look."""
    words = {world.other_authority.canary}
    for school in (world.sibling_school, *world.other_authority.schools):
        words.add(school.family_canary)
        words.add(school.concern_canary)
        if role not in ("authority_admin", "named_officer", "commissioner"):
            words.add(school.canary)
    if role != "dsl":
        words.add(world.school.concern_canary)
    if role in (None, "authority_admin", "named_officer", "commissioner"):
        words.add(world.school.family_canary)
    if role in ("commissioner", None):
        words.add(world.school.canary)
    return words


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_page_shows_nothing_of_anybody_else(world, client_for, app, role):
    client = client_for(person_of(world, role))
    random_ids = {key: new_id() for key in set(ARGUMENTS.values())}
    foreign = {
        "sibling": ids_of(world.sibling_school, world.authority),
        "other": ids_of(world.other_school, world.other_authority),
    }
    if role == "authority_admin":
        # Its own schools are all its own; a sibling is no stranger to it.
        foreign["sibling"] = ids_of(world.other_authority.schools[1], world.other_authority)
    forbidden = forbidden_words(world, role)
    asked = 0
    for rule in rules(app):
        answers = {}
        own = client.get(address(world, rule, ids_of(world.school, world.authority)))
        answers["own"] = own
        if set(rule.arguments) & set(ARGUMENTS):
            answers["random"] = client.get(address(world, rule, random_ids))
            for place, ids in foreign.items():
                answers[place] = client.get(address(world, rule, ids))
        for place, answer in answers.items():
            asked += 1
            assert answer.status_code < 500, f"{rule.rule} for {place}: {answer.status_code}"
            page = answer.get_data(as_text=True)
            for word in forbidden:
                assert word not in page, f"{rule.rule} ({place}) shows {word} to {role}"
        if "random" in answers:
            for place in foreign:
                assert answers[place].status_code == answers["random"].status_code, f"{rule.rule} {place}"
                assert answers["random"].status_code in (302, 403, 404, 405), rule.rule
                assert normal(answers[place].data) == normal(answers["random"].data), f"{rule.rule} {place}"
    assert asked >= len(rules(app))


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_page_opens_for_the_roles_of_the_table_and_for_no_others(world, client_for, app, role):
    person = person_of(world, role)
    client = client_for(person)
    table = app.extensions["access_table"]
    for rule in rules(app):
        answer = client.get(address(world, rule, ids_of(world.school, world.authority)))
        allowed = (person.role if person else None) in table[rule.endpoint]
        if allowed:
            assert answer.status_code != 403 or rule.arguments, rule.rule
        elif person is None:
            assert answer.status_code == 302, rule.rule
            assert "/sign-in" in answer.headers["Location"]
        else:
            assert answer.status_code == 403, rule.rule


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_reading_changes_nothing(world, client_for, app, connection, role):
    """GET writes no row but the reader's own browser session (and the log of who read a concern)."""
    from sqlalchemy import text

    client = client_for(person_of(world, role))

    def digests():
        with connection.begin_nested():
            connection.execute(text("select set_config('role', 'wb_dsl', true)"))
            connection.execute(
                text("select set_config('app.school', :school, true)"), {"school": str(world.school.school_id)}
            )
            tables = ("parent", "parent_contact", "cohort", "cohort_session", "enrolment", "facilitator", "outbox")
            return {
                table: connection.execute(
                    text(f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from public.{table} t")
                ).scalar_one()
                for table in tables
            }

    before = digests()
    for rule in rules(app):
        client.get(address(world, rule, ids_of(world.school, world.authority)))
    assert digests() == before
