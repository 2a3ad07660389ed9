"""The law: what an audience may not read is never reachable through anything it may write.

Each role presses what it may press about somebody's contact, stage, membership or invitation, up to three in a row
(`presses.py`), and opens whatever then arrives at addresses of its own choice (`intruder.py`). Answers, votes, concerns
and what people wrote themselves must not be seen. A page that makes such a write and is not declared fails the build
(`touches.py`).

Somebody else's rows do not change what a press about one person does, so each sequence is about one person. The three
roles of `wb_school` have the same pages about parents: the attendance lead goes three steps, the others two. Whoever
is not signed in writes no more than a request for a link; every opening begins with one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import timedelta
from pathlib import Path

import pytest
from notifications_python_client import authentication
from sqlalchemy import create_engine, text

from app.identity.roles import SCHOOL_STAFF
from infra.clock import LONDON, now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from tests.isolation import presses
from tests.isolation.intruder import WORDS, Intruder, Press
from tests.isolation.later import mailbox as running_mailbox
from tests.isolation.sql_writes import CONTACT, INVITATION, Database
from tests.isolation.touches import Code, by_endpoint
from tests.support.clock import SHIFT, machine_now
from tests.support.world import World

ROWS = (
    "insert into topic_vote (school_id, cohort_id, parent_id, topic, at)"
    " values (:school, :closed_cohort_id, :graduate, 'Sleep', app.now())",
    "insert into topic_vote (school_id, cohort_id, parent_id, topic, at)"
    " values (:school, :cohort_id, :parent_id, 'Sleep', app.now())",
    "insert into application_draft (school_id, parent_id, answers, is_complete, saved_at)"
    " select :school, id, cast(:words as jsonb), true, app.now() from parent where id in (:graduate, :parent_id)",
    "update facilitator_application set answers = cast(:words as jsonb) where school_id = :school",
    "update concern set what = what || :canary where school_id = :school",
    "update authority_concern set what = what || :canary",
    "insert into concern_receipt (school_id, id, raised_by_id, reference, raised_at, goes_to)"
    " select :school, gen_random_uuid(), id, 'C-' || stage, app.now(), 'dsl' from parent"
    " where id in (:graduate, :parent_id)",
    # Whoever came is thanked, and the message waits; somebody else said that they cannot come.
    "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key, state,"
    " attempt, next_at, not_after, problem, created_at) select :school, gen_random_uuid(), 'halfway', channel,"
    " 'parent', a.parent_id, a.session_id, a.parent_id::text || channel, 'queued', 0, app.now(),"
    " app.now() + interval '7 days', '', app.now() from attendance a join cohort_session s on s.id = a.session_id,"
    " (values ('email'), ('sms')) c(channel) where a.school_id = :school and s.number = 1",
    "insert into absence_notice (school_id, session_id, parent_id, cohort_id, at)"
    " values (:school, :next_session_id, :parent_id, :cohort_id, app.now())",
)
#: How somebody stands before the first press.
BEGINNINGS = {
    "": (),
    "has left": ("update parent set stage = 'left' where id = :graduate",),
    "has a rest": (
        "set local session_replication_role = replica",  # the step there is another test's
        "update facilitator set stage = 'resting' where id = :applicant_id",
        "set local session_replication_role = origin",
    ),
    "offered": (
        "update enrolment set status = 'left', left_at = app.now() where parent_id = :parent_id",
        "update parent set stage = 'waiting' where id = :parent_id",
        "insert into place_offer (school_id, id, cohort_id, parent_id, answer_by) values (:school, gen_random_uuid(),"
        " :forming_cohort_id, :parent_id, app.now()::date + 5)",
        "insert into cohort_session (school_id, id, cohort_id, number, on_date, starts_at, ends_at, room, state, topic,"
        " revision, changed_at) values (:school, gen_random_uuid(), :forming_cohort_id, 8, app.now()::date + 28,"
        " '18:00', '19:30', '', 'planned', '', 0, app.now())",
    ),
    "over soon": ("update cohort_session set state = 'closed' where cohort_id = :cohort_id",),
    "meets on": (
        "update cohort_session set on_date = on_date + 70 where cohort_id = :cohort_id and number > 4",
    ),
    "asked": (
        "insert into appointment (school_id, id, kind, person_id, role, name, email, basis, asked_by, asked_by_name,"
        " asked_at) select school_id, gen_random_uuid(), kind, id, 'school_dsl', 'Sam', 'intruder@example.org',"
        " 'second_person', :lead, 'Lead', app.now() from staff_member, (select 'appoint' as kind) k"
        " where school_id = :school and role = 'senco'",
    ),
}


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_mailbox(Path(tmp_path_factory.mktemp("mailbox", numbered=True))) as url:
        yield url


@pytest.fixture
def as_superuser(connection, world) -> Callable[..., None]:
    """Statements that no login of the product could make."""

    def run(*statements: str) -> None:
        connection.execute(text("set session authorization default"))
        values = {
            **world.school.ids,
            "school": world.school.school_id,
            "graduate": world.school.graduate.person_id,
            "lead": world.school.lead.account_id,
            "words": json.dumps({"why": WORDS}),
            "canary": WORDS,
        }
        for statement in statements:
            connection.execute(text(statement), values)
        connection.execute(text("set session authorization wb_web"))

    return run


@pytest.fixture
def intruder(
    app, connection, world, clock, mailbox, monkeypatch, as_superuser
) -> Callable[..., AbstractContextManager[Intruder]]:
    """Somebody of the world who writes; a month and more after everybody came, at noon on a day of the week."""
    # Requests to the mailbox, which is a program of its own, are signed with the time that it has.
    monkeypatch.setattr(authentication, "epoch_seconds", lambda: int((machine_now() + SHIFT).timestamp()))
    moment = now().astimezone(LONDON) + timedelta(days=40)
    moment -= timedelta(days=moment.weekday())
    clock.set(moment.replace(hour=12, minute=0, second=0, microsecond=0))
    as_superuser(*ROWS)
    school = world.school

    @contextmanager
    def make(who: str, what: tuple[Press, ...], beginning: str, about: str) -> Iterator[Intruder]:
        step = connection.begin_nested()
        as_superuser(*BEGINNINGS[beginning])
        ids = {
            **world.authority.ids,
            **school.ids,
            "school_id": school.school_id,
            "parent_id": school.people[about].person_id
            if about in school.people
            else school.ids[f"{about}_parent_id"],
            "staff_id": school.dsl.person_id,
            "member_id": world.authority.officer.person_id,
            "nobody": new_id(),
        }
        if beginning == "has a rest":
            ids["facilitator_id"] = ids["applicant_id"]
        writer = world.authority.people.get(who) or school.people[who]
        yield Intruder(app, connection, clock, mailbox, writer, school, ids, what)
        step.rollback()

    return make


PARENT, FRESH, PLACE = presses.ABOUT_A_PARENT, presses.FRESH_START, presses.ABOUT_A_PLACE
LEADER = presses.ABOUT_A_FACILITATOR
#: Who -> for each search what they press, how it begins, about whom, how many in a row.
SEARCHES: dict[str, tuple[tuple[tuple[Press, ...], str, str, int], ...]] = {
    "attendance_lead": (
        (PARENT + FRESH, "", "graduate", 3),
        (PARENT, "has left", "graduate", 3),
        (PARENT + presses.TAKEN_BACK, "", "parent", 3),
        (presses.NO_TAKEN_BACK, "", "parent", 2),
        (presses.ABOUT_SOMEBODY_NEW, "", "identified", 2),
        (PLACE, "over soon", "parent", 2),
        # A group whose dates are over is closed; one that still meets ends early.
        ((*PLACE[:2], presses.END_EARLY), "meets on", "parent", 2),
        (LEADER, "has a rest", "graduate", 3),
        (LEADER, "", "graduate", 2),
    ),
    "senco": ((PARENT, "has left", "graduate", 2),),
    "lead": (
        (PARENT, "has left", "graduate", 2),
        (presses.ABOUT_A_NEW_COLLEAGUE, "", "graduate", 3),
        (presses.IN_THE_PLACE_OF_A_COLLEAGUE, "", "graduate", 3),
    ),
    "dsl": (
        (PARENT[:1] + FRESH + presses.SILENCE, "", "graduate", 3),
        (presses.APPOINTMENTS, "asked", "graduate", 2),
    ),
    "authority_admin": (
        (presses.OF_ITS_SCHOOLS, "", "graduate", 3),
        (presses.OF_THE_AUTHORITY, "", "graduate", 3),
    ),
    "named_officer": ((presses.APPOINTMENTS, "asked", "graduate", 2),),
    "facilitator": ((presses.OF_A_FACILITATOR, "", "graduate", 3),),
    "parent": (
        (presses.OF_A_PARENT, "", "parent", 3),
        (presses.OF_AN_OFFER, "offered", "parent", 3),
    ),
    "graduate": ((presses.OF_A_PARENT, "", "graduate", 3),),
}
#: What is refused to them in every search, as it should be, or changes nothing. All else has to have worked once: a
#: press that never works tries nothing.
REFUSED = {
    "attendance_lead": {"agree to it oneself", "to ready", "to resting"},
    "lead": {"remove", "agree"},
    "dsl": {"agree to it oneself"},
    "authority_admin": {"remove", "agree", "remove the officer", "reset the officer", "the school leaves"},
    "parent": {"choices", "send the application", "withdraw the application"},
    "graduate": {"choices"},
    "facilitator": {"take away an address"},
}


@pytest.mark.parametrize("who", SEARCHES)
def test_whoever_writes_reads_no_more_by_it(intruder, record_property, who):
    pressed, worked = set[str](), set[str]()
    for what, beginning, about, depth in SEARCHES[who]:
        with intruder(who, what, beginning, about) as one:
            assert one.search(depth) == []
        pressed |= {press.name for press in what}
        worked |= one.worked
        record_property("presses", one.tried)
        record_property("came in", one.came_in)
    assert pressed - worked == REFUSED.get(who, set())


# ---- the check itself is tried


A_LINK_FINDS_THE_PERSON = """
do $$ declare v_issue text := pg_get_functiondef('identity.issue_token'::regproc);
  v_use text := pg_get_functiondef('identity.use_link'::regproc);
begin
  -- As it was in the first release: an invitation attaches to whoever has an account, and takes the way in along.
  execute replace(v_issue, 'raise unique_violation using constraint = ''person_has_an_account''', 'null');
  execute replace(v_use, 'm.role = used.role) then' || chr(10) || '    return null;', 'm.role = used.role) then
    update identity.account a set email = case used.channel when ''email'' then used.address else a.email end,
        phone = case used.channel when ''sms'' then used.address else a.phone end,
        email_since = app.now() - interval ''2 days'', phone_since = app.now() - interval ''2 days''
      from identity.membership m where m.account_id = a.id and m.person_id = used.person_id and m.role = used.role;
    return (select m.id from identity.membership m where m.person_id = used.person_id and m.role = used.role);');
end $$"""
MESSAGES_ARE_THE_WAY_IN = (
    "create function app.planted() returns trigger language plpgsql security definer as $$ begin"
    " update identity.account a set email = new.email, email_since = app.now() - interval '2 days'"
    " from identity.membership m where m.account_id = a.id and m.person_id = new.parent_id; return new; end $$",
    "create trigger planted after update of email on parent_contact for each row execute function app.planted()",
)
A_FRESH_START_OPENS_ALL = (
    "create or replace function identity.my_way() returns smallint language sql return 0::smallint",
)
MESSAGES_THAT_TELL_GO_ANYWHERE = (
    "create or replace function identity.confirmed_channels(p_ids uuid[]) returns table (id uuid, channel text)"
    " language sql security definer as $$ select p, c from unnest(p_ids) p, unnest('{email,sms}'::text[]) c $$",
)
PLANTED = {
    "what tells who came goes wherever staff say": (
        MESSAGES_THAT_TELL_GO_ANYWHERE,
        ("change contact",),
        "message",
    ),
    "an invitation attaches to whoever has an account": (
        (A_LINK_FINDS_THE_PERSON,),
        ("change contact", "note interested", "invite"),
        "answer_set",
    ),
    "where messages go is the way in": (MESSAGES_ARE_THE_WAY_IN, ("change contact",), "answer_set"),
    "a fresh start opens what was written before": (
        A_FRESH_START_OPENS_ALL,
        ("ask for a fresh start", "a colleague agrees"),
        "answer_set",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_hole_is_found(intruder, as_superuser, planted):
    statements, names, seen = PLANTED[planted]
    as_superuser(*statements)
    used = tuple(press for name in names for press in PARENT + FRESH if press.name == name)
    # Whoever has left is written to no more.
    beginning = "" if seen == "message" else "has left"
    with intruder("attendance_lead", used, beginning, "graduate") as one:
        found = one.search(len(used), stop_at_first=True)
    assert found
    assert set(found[0].presses) == set(names)
    assert seen in found[0].seen


# ---- nothing of the kind is undeclared


@pytest.fixture(scope="module")
def code(stack, world, shared_app) -> Code:
    """The product's code beside its database, read once."""
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    with engine.connect() as connection:
        database = Database(connection)
    engine.dispose()
    return Code(database)


def test_every_page_that_makes_such_a_write_is_declared(shared_app, code):
    """Red? A page writes somebody's contact, stage, membership or invitation: say so in DECLARED, and press it."""
    found = {
        endpoint: "".join(sorted(what[0] for what in set().union(*parts.values())))
        for endpoint, parts in by_endpoint(shared_app, code).items()
    }
    assert found == presses.DECLARED


def test_whatever_is_declared_is_pressed_or_says_why_not():
    pressed = {press.endpoint for searches in SEARCHES.values() for what, *_ in searches for press in what}
    assert not pressed & set(presses.NOT_PRESSED)
    assert pressed | set(presses.NOT_PRESSED) == set(presses.DECLARED)


def test_every_role_that_may_press_one_is_tried(shared_app, world: World):
    """The school's lead and SENCO have the attendance lead's pages; whoever is in no search may press none."""
    people = {**world.authority.people, **world.school.people}
    table = shared_app.extensions["access_table"]
    for endpoint in set(presses.DECLARED) - set(presses.NOT_PRESSED):
        tried = {
            people[who].role
            for who, searches in SEARCHES.items()
            for what, *_ in searches
            if any(press.endpoint == endpoint for press in what)
        }
        if tried & SCHOOL_STAFF:
            tried |= SCHOOL_STAFF
        assert table[endpoint] <= tried, endpoint


UNDECLARED = {
    "a part that is handed in": "places().give_back_places(db.session, school_id, parent_id)",
    "a part that messages know": "catalogue.parents().stop(db.session, link, at)",
    "an attribute": "get_contact(db.session, school_id, parent_id).email = 'x'",
    "an attribute of a row by name": "contact = get_contact(db.session, school_id, parent_id); contact.email = 'x'",
    "a row of a loop": "for row in parents(): row.stage = 'left'",
    "a statement": "db.session.execute(text('update parent_contact set email = :email'))",
    "a statement elsewhere": "db.session.execute(STATEMENT)",
    "a statement in pieces": "db.session.execute(text(f'update {table} set x = 1'))",
    "a new row": "db.session.add(Parent(school_id=school_id))",
    "a whole form": "form.populate_obj(contact)",
    "a name that is not said": "setattr(contact, name, value)",
    "a row taken away": "db.session.delete(contact)",
    "a service": "services.change_parent(db.session, school_id, parent_id, details)",
    "a service that is handed on": "press(partial(services.invite, db.session))",
    "a function of the database": "db.session.execute(text('select identity.cancel_tokens(:id)'))",
    "the gate": "ask(function('end_membership', 'person_id', 'role'))",
}
PAGE = """
from functools import partial
from sqlalchemy import text
from app.identity.gate import ask, function
from app.extensions import db
from app.messages import catalogue
from app.recruitment import queries, services
from app.recruitment.models import Parent
from app.recruitment.places import places
from app.recruitment.queries import get_contact

STATEMENT = text('delete from enrolment where true')


def page(parent_id, school_id):
    {line}
"""


def planted_page(code: Code, folder: Path, line: str) -> dict[str, frozenset[str]]:
    """What a page with this line in it is found to write."""
    path = folder / "planted.py"
    path.write_text(PAGE.format(line=line))
    name = f"app.planted_{folder.name}"
    code.modules[name] = path
    return code.writes(f"{name}:page")


@pytest.mark.parametrize("way", UNDECLARED)
def test_a_page_that_writes_is_noticed(code, tmp_path, way):
    assert planted_page(code, tmp_path, UNDECLARED[way])


def test_a_page_that_reads_is_not(code, tmp_path):
    line = "return queries.get_contact(db.session, school_id, parent_id).email"
    assert not planted_page(code, tmp_path, line)


@pytest.mark.parametrize(
    "asked", [("identity.first", "identity.second"), ("identity.second", "identity.first")]
)
def test_of_functions_that_call_each_other_each_writes_what_either_does(code, asked):
    """Whichever is asked first: a set has no order, and CI is not to be red every third day."""
    database = copy(code.database)
    database.bodies = database.bodies | {
        "identity.first": "perform identity.second(); update public.parent_contact set email = 'x'",
        "identity.second": "perform identity.first(); delete from identity.token",
    }
    database.known = {}

    assert [database.of_function(name) for name in asked] == [frozenset({CONTACT, INVITATION})] * 2
