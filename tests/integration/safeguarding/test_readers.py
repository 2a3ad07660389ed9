"""Who reads a concern is somebody who can sign in; what reaches nobody at school goes to the council's officer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.safeguarding.naming import is_called, is_named
from infra.database import make_engine
from workers.schedule import Schedule


def waiting(own, outbox, kind):
    return own.rows(f"select * from {outbox} where kind = %s order by created_at", kind)


def hand_over_all(own):
    settings = own.stack.settings()
    engine = make_engine(settings.secret("database_documents_url"))
    try:
        return Schedule(engine, settings.secret("redis_url")).look_after_concerns()
    finally:
        engine.dispose()


def test_the_form_names_the_account_that_reads(own, world, raise_one):
    own.rows("update school set dsl_name = 'Somebody Else' where school_id = %s", world.school.school_id)

    page = own.client(world.school.parent).get("/concerns").text

    assert world.school.dsl.name in page
    assert "Somebody Else" not in page


@pytest.mark.parametrize("lost", ["closed", "no way in", "ended", "only invited"])
def test_a_concern_that_reaches_nobody_goes_to_the_officer_at_once_and_says_so(own, world, raise_one, lost):
    dsl = world.school.dsl
    if lost == "closed":
        own.close_account(dsl)
    elif lost == "no way in":
        own.rows("update identity.account set password_hash = null where id = %s", dsl.account_id)
    elif lost == "ended":
        own.rows("alter table identity.membership disable trigger membership_last")
        own.rows("update identity.membership set ended_at = now() where id = %s", dsl.membership_id)
    else:
        own.rows("delete from identity.browser_session where membership_id = %s", dsl.membership_id)
        own.rows("delete from identity.membership where id = %s", dsl.membership_id)

    form = own.client(world.school.parent).get("/concerns").text
    assert "goes to the council’s officer at once" in form
    assert dsl.name not in form

    concern_id, client = raise_one()

    page = client.get(f"/concerns/{concern_id}/received").text
    assert world.authority.officer.name in page
    assert dsl.name not in page
    (message,) = waiting(own, "authority_outbox", "concern_received_for_officer")
    assert message["recipient_id"] == world.authority.officer.person_id
    assert waiting(own, "outbox", "concern_received_for_dsl") == []
    officer = own.client(world.authority.officer)
    assert "Handed to you" in officer.get("/officer").text
    words = officer.get(f"/officer/concerns/{concern_id}").text
    assert "Zanzibar" in words
    assert "nobody at the school could read this" in words


def test_the_officer_reads_no_other_concern_of_the_school(own, world, raise_one):
    kept, _client = raise_one()
    own.close_account(world.school.dsl)
    raise_one()
    officer = own.client(world.authority.officer)

    assert officer.get(f"/officer/concerns/{kept}").status_code == 404
    other = own.client(world.other_authority.officer)
    assert other.get(f"/officer/concerns/{kept}").status_code == 404


def test_the_officer_acts_on_it_and_the_next_safeguarding_lead_sees_both(own, world, raise_one):
    own.close_account(world.school.dsl)
    concern_id, _client = raise_one()
    officer = own.client(world.authority.officer)
    place = f"/officer/concerns/{concern_id}"

    assert officer.post(f"{place}/read").status_code == 303
    entry = {"action": "I called the school.", "decision": "A referral", "reason": "Two signs"}
    assert officer.post(f"{place}/actions", data=entry).status_code == 303

    own.open_account(world.school.dsl)
    page = own.client(world.school.dsl).get(f"/school/concerns/{concern_id}").text
    assert "I called the school." in page
    assert "went to the council’s named officer" in page
    assert officer.post(f"{place}/close").status_code == 303
    assert own.value("select closed_at is not null from concern where id = %s", concern_id)


def test_what_waits_unread_goes_over_when_the_last_reader_is_lost(own, world, raise_one):
    concern_id, client = raise_one()
    own.close_account(world.school.dsl)

    # The world has one concern of its own in this school.
    assert hand_over_all(own) == 2
    assert hand_over_all(own) == 0, "once"

    assert {row["concern_id"] for row in own.rows("select concern_id from concern_handover")} >= {
        own.value("select id from concern where id = %s", concern_id)
    }
    assert len(waiting(own, "authority_outbox", "concern_received_for_officer")) == 2
    assert world.authority.officer.name in client.get(f"/concerns/{concern_id}/received").text


def test_where_no_officer_can_sign_in_either_those_who_appoint_hear_of_it(own, world, raise_one):
    own.close_account(world.school.dsl)
    own.close_account(world.authority.officer)
    raise_one(anyway=True)

    (message,) = waiting(own, "authority_outbox", "nobody_reads_concerns")
    assert message["recipient_id"] == world.authority.admin.person_id
    assert "The named officer has not signed in" in own.client(world.authority.admin).get("/authority").text


def test_a_school_without_a_reader_is_red_at_home_and_at_the_council(own, world):
    for person in (world.school.lead, world.school.senco, world.school.people["attendance_lead"]):
        assert "can read a concern" not in own.client(person).get("/school").text
    assert "No reader" not in own.client(world.authority.admin).get("/authority").text
    own.close_account(world.school.dsl)

    for person in (world.school.lead, world.school.senco, world.school.people["attendance_lead"]):
        assert "Nobody at your school can read a concern" in own.client(person).get("/school").text
    home = own.client(world.authority.admin).get("/authority").text
    assert "No reader" in home
    assert home.count("Nobody there can read a concern") == 1
    assert "No reader" not in own.client(world.other_authority.admin).get("/authority").text


# ---- the last who can act


def test_a_reader_who_is_only_invited_does_not_free_the_one_who_acts(own, world):
    own.rows(
        "insert into staff_member (school_id, id, name, email, role, invited_at)"
        " values (%s, gen_random_uuid(), 'Next One', 'next@example.org', 'school_dsl', now())",
        world.school.school_id,
    )
    lead = own.client(world.school.lead)

    page = lead.post(f"/school/staff/{world.school.dsl.person_id}/remove", follow_redirects=True).text

    assert "The next safeguarding lead must have signed in first" in page
    assert own.membership(world.school.dsl.person_id)
    assert own.value("select ended_at is null from staff_member where id = %s", world.school.dsl.person_id)


@pytest.mark.parametrize("state", ["closed", "no way in"])
def test_a_second_who_cannot_sign_in_does_not_count(own, world, state):
    second = add_officer(own, world)
    if state == "closed":
        own.rows("update identity.account set disabled_at = now() where id = %s", second["account"])
    else:
        own.rows("update identity.account set password_hash = null where id = %s", second["account"])
    admin = own.client(world.authority.admin)

    page = admin.post(
        f"/authority/people/{world.authority.officer.person_id}/remove", follow_redirects=True
    ).text

    assert "The next named officer must have signed in first" in page
    assert own.membership(world.authority.officer.person_id)


def add_officer(own, world):
    """A second named officer who can sign in."""
    person, account = own.value("select gen_random_uuid()"), own.value("select gen_random_uuid()")
    own.rows(
        "insert into authority_member (authority_id, id, name, email, role, invited_at, accepted_at)"
        " values (%s, %s, 'Second Officer', 'second@example.org', 'named_officer', now(), now())",
        world.authority.authority_id,
        person,
    )
    own.rows(
        "insert into identity.account (id, email, name, password_hash)"
        " values (%s, 'second@example.org', 'Second Officer', 'x')",
        account,
    )
    own.rows(
        "insert into identity.membership (id, account_id, role, in_authority, person_id)"
        " values (gen_random_uuid(), %s, 'named_officer', %s, %s)",
        account,
        world.authority.authority_id,
        person,
    )
    return {"person": person, "account": account}


def test_two_who_remove_the_last_two_at_once_leave_one(own, world):
    second = add_officer(own, world)
    scope = world.authority.admin.scope
    gate = Barrier(2)

    def remove(person):
        try:
            with own.session("wb_web", scope) as session:
                session.connection()
                gate.wait(timeout=10)
                session.execute(
                    text("select identity.end_membership(:person, 'named_officer')"), {"person": person}
                )
                return True
        except IntegrityError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, (second["person"], world.authority.officer.person_id)))

    assert sorted(done) == [False, True]
    assert (
        own.value(
            "select count(*) from identity.membership where role = 'named_officer' and ended_at is null"
            " and in_authority = %s",
            world.authority.authority_id,
        )
        == 1
    )


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("Mrs Okafor", "Grace Okafor", True),
        ("okafor", "Grace Okafor", True),
        ("Grace", "Grace Okafor", True),
        ("Ms. Grace O’Kafor", "Grace O'Kafor", True),
        ("Dogan", "Selin Doğan", True),
        ("Mr Ali", "Grace Okafor", False),
        ("", "Grace Okafor", False),
        ("the", "Grace Okafor", False),
        # Letters that nobody sees, as they come out of web pages and Word.
        ("Oka\u200bfor", "Grace Okafor", True),
        ("Oka\u00adfor", "Grace Okafor", True),
        ("J. Okafor-Smith", "Grace Okafor", True),
        ("Lloyd Jones", "Ann Lloyd-Jones", True),
        ("O'Neill", "Pat O'Brien", False),
        ("王伟", "王伟", True),
    ],
)
def test_a_name_in_another_spelling_is_the_same(typed, name, same):
    assert is_named(typed, name) is same


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Selin Yıldız", "Selin Yildiz"),
        ("Søren Ødegård", "Soren Odegard"),
        ("Søren Ødegård", "Soeren Oedegaard"),
        ("Jürgen Müller", "Jurgen Mueller"),
        ("Jurgen Mueller", "Jürgen Müller"),
        ("Łukasz Żak", "lukasz zak"),
        ("Anna Groß", "Anna Gross"),
        ("Þóra Æsa", "Thora Aesa"),
        ("Олена Коваль", "Olena Koval"),
        ("Grace Okafor", "Gra\ufe0fce\u3164 Oka\u115ffor"),
    ],
)
def test_a_name_typed_on_another_keyboard_is_the_same(name, typed):
    assert is_named(typed, name)
    assert is_called(f"I think it was {typed}", name)
    assert not is_called(f"{typed.split()[0]} Smith", name)
    assert not is_named("Peter Smith", name)


def test_whoever_was_there_is_not_told_of_it_in_whatever_letters_they_were_named(own, world, raise_one):
    own.rows("update identity.account set name = 'Selin Yıldız' where id = %s", world.school.dsl.account_id)
    raise_one(about="child", who_else="Selin Yildiz")

    assert own.value("select count(*) from authority_concern where who_else = 'Selin Yildiz'") == 1
    assert waiting(own, "outbox", "concern_received_for_dsl") == []


def test_a_concern_about_the_reader_never_goes_to_the_reader(own, world, raise_one):
    own.rows("update identity.account set name = 'Grace Okafor' where id = %s", world.school.dsl.account_id)
    raise_one(about="adult", about_name="Mrs Okafor")

    assert own.value("select count(*) from authority_concern where about = 'adult'") == 1
    assert waiting(own, "outbox", "concern_received_for_dsl") == []
    raise_one(about="adult", about_name="Mr Smith")
    assert own.value("select count(*) from concern where about = 'adult'") == 1


READERS = {"dsl": "Grace Okafor", "officer": "Helen Marsh"}


@pytest.fixture
def named(own, world):
    """The school's safeguarding lead and the council's officer have names that can be written down."""
    for person, name in ((world.school.dsl, READERS["dsl"]), (world.authority.officer, READERS["officer"])):
        own.rows("update identity.account set name = %s where id = %s", name, person.account_id)


@pytest.mark.parametrize(
    ("told", "table"),
    [
        ({"about": "child", "about_name": "Grace Okafor"}, "authority_concern"),
        ({"about": "child", "about_name": "Ali Okafor"}, "concern"),
        ({"about": "child", "about_name": "Ali", "who_else": "Okafor, Grace"}, "authority_concern"),
        ({"about": "staff", "about_name": "Helen Marsh"}, "concern"),
        # Of a surname alone: a teacher may have it, and nobody at school reads what is about the school's own people.
        ({"about": "staff", "about_name": "Mr Marsh"}, "authority_concern"),
        ({"about": "school", "about_name": "Mrs Helen Marsh"}, "concern"),
        ({"about": "facilitator", "about_name": "Bo", "who_else": "Helen Marsh"}, "authority_concern"),
    ],
)
def test_no_reader_gets_a_concern_that_names_them(own, world, raise_one, named, told, table):
    concern_id, _client = raise_one(**told)

    found = [
        name
        for name in ("concern", "authority_concern")
        if own.value(f"select count(*) from {name} where id = %s", concern_id)
    ]
    assert found == [table]


def test_what_names_the_officer_is_never_theirs_to_take_over(own, world, raise_one, named):
    concern_id, _client = raise_one(about="adult", about_name="Helen Marsh", risk_today="yes")
    own.rows("update concern set raised_at = raised_at - interval '31 minutes'")

    own.rows("delete from outbox where kind like 'concern_%%'")
    assert hand_over_all(own) == 1
    officer = own.client(world.authority.officer)
    assert "Take it over" not in officer.get("/officer").text
    officer.post(f"/officer/unopened/{concern_id}/take-over")
    assert officer.get(f"/officer/concerns/{concern_id}").status_code == 404
    assert not own.value("select count(*) from concern_handover")
    assert waiting(own, "authority_outbox", "concern_unopened_for_officer") == []
    (again,) = waiting(own, "outbox", "concern_unopened_for_dsl")
    assert again["recipient_id"] == world.school.dsl.person_id


def test_without_a_reader_at_school_what_names_the_officer_waits_and_those_who_appoint_hear(
    own, world, raise_one, named
):
    own.rows("update identity.account set password_hash = null where id = %s", world.school.dsl.account_id)
    concern_id, _client = raise_one(about="adult", about_name="Helen Marsh", anyway=True)

    assert not own.value("select count(*) from concern_handover")
    assert own.client(world.authority.officer).get(f"/officer/concerns/{concern_id}").status_code == 404
    (told,) = waiting(own, "authority_outbox", "nobody_reads_concerns")
    assert told["recipient_id"] == world.authority.admin.person_id


def test_where_nobody_reads_every_page_says_so_and_gives_numbers(own, world):
    """Given no safeguarding lead and no officer who can sign in, then no page sends anybody to an officer."""
    own.close_account(world.school.dsl)
    own.close_account(world.authority.officer)
    page = own.client(world.school.lead).get("/school").text
    assert "Tell the council’s officer (LADO) today" not in page
    assert "Nobody at school or at the council can read a concern just now" in page
    form = own.client(world.school.parent).get("/concerns").text
    assert "Who to call:" in form
    assert "0808 800 5000" in form
