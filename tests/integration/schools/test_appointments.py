"""Appointing is reading: a second person, a day, and everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from app.messages.catalogue import get_kind
from app.shell.dates import in_words
from infra.clock import now
from tenants.scope import Audience, Scope
from tests.integration.accounts.test_staff_sign_in import codes_in
from tests.integration.schools.appointing import (
    SECOND,
    accept,
    agree,
    appointment,
    days_later,
    invite_dsl,
    roles_of,
    sets_up_app,
    told,
)
from tests.support.own import own_app
from tests.support.reading import find_in


@pytest.fixture
def own(stack, world):
    with own_app(stack, "appointments") as found:
        yield found


def test_a_lead_cannot_read_concerns_by_a_second_address(own, world):
    page = invite_dsl(own, world)
    assert "The role begins a day after a second person agrees" in page
    accept(own, SECOND)

    assert roles_of(own, SECOND) == []
    assert own.value(
        "select begins_at = 'infinity' from identity.membership m join identity.account a on a.id = m.account_id"
        " where a.email = %s",
        SECOND,
    )
    row = appointment(own)
    assert (row["basis"], row["email"], row["begins_at"]) == ("second_person", SECOND, None)
    # The lead themselves are no second person, and neither is whoever they appointed.
    assert "You cannot agree" in agree(own, world.school.lead, row).text
    assert roles_of(own, SECOND) == []


def test_everybody_concerned_is_told_at_once_and_it_begins_after_a_day(own, world):
    invite_dsl(own, world)
    everybody = {
        one.person_id
        for one in (world.school.lead, world.school.dsl, world.authority.admin, world.authority.officer)
    }
    assert told(own, "appointment_asked") == everybody
    accept(own, SECOND)
    row = appointment(own)
    # The one who may agree reads on their week whom it is about; nobody else is asked.
    asked = "Agree? New Reader as Safeguarding lead"
    assert asked in own.client(world.school.dsl).get("/school").text
    week = own.client(world.school.lead).get("/school").text
    assert asked not in week
    assert "Waits for a second person: New Reader as Safeguarding lead" in week

    assert "It begins on" in agree(own, world.school.dsl, row).text

    assert told(own, "appointment_agreed") == everybody, "whom it is about has words of their own"
    assert told(own, "appointment_yours") == {row["person_id"]}
    assert roles_of(own, SECOND) == []
    days_later(own, 23)
    assert roles_of(own, SECOND) == []
    days_later(own, 2)
    assert len(roles_of(own, SECOND)) == 1
    # In the history of both, and on the page of all who may look.
    for table in ("audit_event", "authority_audit_event"):
        assert {
            r["event"]
            for r in own.rows(f"select event from {table} where event like 'schools:appointment:%%'")
        } == {"schools:appointment:asked", "schools:appointment:agreed"}
    for person in (world.school.lead, world.school.dsl, world.authority.admin, world.authority.officer):
        page = own.client(person).get("/appointments").text
        assert "New Reader" in page
        assert world.school.dsl.name in page
    assert "New Reader" not in own.client(world.sibling_school.lead).get("/appointments").text
    assert "New Reader" not in own.client(world.other_authority.admin).get("/appointments").text
    assert own.client(world.school.senco).get("/appointments").status_code == 403


def test_whose_role_begins_later_gets_their_recovery_codes_now(own, world):
    invite_dsl(own, world)
    client = accept(own, SECOND)
    page = client.get("/sign-in/set-up").text
    secret = find_in(r"<strong[^>]*>([A-Z2-7 ]{20,})</strong>", page).group(1).replace(" ", "")

    answer = client.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret).now()})

    assert answer.location.endswith("/recovery-codes")
    shown = client.get("/recovery-codes").text
    assert len(codes_in(shown)) == 10
    assert "waits for a second person" in shown
    assert own.client().get("/recovery-codes").location.endswith("/sign-in"), "in this browser alone"
    assert client.post("/recovery-codes").location.endswith("/sign-in")
    assert "waits for a second person to agree. We email you when you begin." in client.get("/sign-in").text
    assert client.get("/recovery-codes").location.endswith("/sign-in"), "shown once"


@pytest.mark.parametrize("who", ["dsl", "officer", "admin", "lead"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_anybody_concerned_stops_it_until_it_begins(own, world, who, when):
    invite_dsl(own, world)
    accept(own, SECOND)
    row = appointment(own)
    if when == "after":
        agree(own, world.authority.officer, row)
    person = {
        "dsl": world.school.dsl,
        "lead": world.school.lead,
        "officer": world.authority.officer,
        "admin": world.authority.admin,
    }[who]

    assert (
        "Stopped." in own.client(person).post(f"/appointments/{row['id']}/stop", follow_redirects=True).text
    )

    days_later(own, 48)
    assert roles_of(own, SECOND) == []
    assert "cannot agree" in agree(own, world.school.dsl, row).text
    assert own.value("select ended_at is not null from staff_member where id = %s", row["person_id"])
    assert told(own, "appointment_stopped")


def test_what_has_begun_is_not_stopped_but_removed(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    agree(own, world.school.dsl, row)
    days_later(own)
    page = own.client(world.school.lead).post(f"/appointments/{row['id']}/stop", follow_redirects=True).text
    assert "has already begun" in page


@pytest.mark.parametrize("why", ["too new", "invited by the first"])
def test_a_second_person_is_not_of_the_firsts_making(own, world, why):
    dsl = world.school.dsl
    if why == "too new":
        own.rows(
            "update identity.account set created_at = now() - interval '29 days' where id = %s",
            dsl.account_id,
        )
    else:
        own.rows(
            "insert into identity.token (token_hash, purpose, role, in_authority, in_school, person_id, channel,"
            " address, outbox_id, expires_at, used_at) values ('\\x01', 'staff_invitation', 'school_dsl', %s, %s, %s,"
            " 'email', %s, gen_random_uuid(), now(), now())",
            world.authority.authority_id,
            world.school.school_id,
            dsl.person_id,
            dsl.email,
        )
        own.rows("update identity.token set invited_by_account = %s", world.school.lead.account_id)
    invite_dsl(own, world)
    row = appointment(own)

    assert "cannot agree" in agree(own, dsl, row).text
    assert "It begins on" in agree(own, world.authority.officer, row).text


def test_where_nobody_could_agree_nothing_is_written(own, world):
    own.rows("update identity.account set created_at = now() - interval '3 days'")
    page = invite_dsl(own, world)
    assert "This takes a second person, and there is nobody yet" in page
    assert own.rows("select 1 from staff_member where email = %s", SECOND) == []
    assert own.rows("select 1 from identity.token where address = %s", SECOND) == []
    assert own.rows("select 1 from outbox where kind = 'staff_invitation'") == []


def test_a_cancelled_invitation_takes_its_appointment_along_and_the_next_waits_anew(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    agree(own, world.school.dsl, row)
    lead = own.client(world.school.lead)
    lead.post(f"/school/staff/{row['person_id']}/cancel")
    assert own.value("select stopped_at is not null from appointment where id = %s", row["id"])

    invite_dsl(own, world, email="other.address@example.org")
    days_later(own, 48)
    accept(own, "other.address@example.org")
    assert roles_of(own, "other.address@example.org") == []


def test_colleagues_who_see_no_more_need_nobody(own, world):
    assert "a second person" not in invite_dsl(own, world, role="senco")
    assert own.rows("select 1 from appointment where asked_at > now() - interval '1 day'") == []
    accept(own, SECOND)
    assert len(roles_of(own, SECOND)) == 1


def test_a_deputy_is_appointed_alike_and_named_after_the_lead(own, world):
    assert "a second person" in invite_dsl(own, world, role="school_dsl_deputy")
    accept(own, SECOND)
    sets_up_app(own, SECOND)
    row = appointment(own)
    agree(own, world.school.dsl, row)
    days_later(own)
    page = own.client(world.school.parent).get("/concerns").text
    assert 0 < page.index(world.school.dsl.name) < page.index("New Reader")


def test_the_councils_admin_does_not_read_parents_by_a_lead_of_their_own(own, world):
    admin = own.client(world.authority.admin)
    data = {"name": "New Lead", "email": SECOND}
    page = admin.post(
        f"/authority/schools/{world.school.school_id}/invite", data=data, follow_redirects=True
    ).text
    assert "The role begins a day after a second person agrees" in page
    accept(own, SECOND)
    assert roles_of(own, SECOND) == []
    row = appointment(own)
    assert "cannot agree" in agree(own, world.authority.admin, row).text
    assert "It begins on" in agree(own, world.school.lead, row).text
    days_later(own)
    assert len(roles_of(own, SECOND)) == 1


@pytest.mark.parametrize("role", ["named_officer", "authority_admin"])
def test_the_councils_own_people_alike(own, world, role):
    admin = own.client(world.authority.admin)
    data = {"name": "New Officer", "email": SECOND, "job_title": "", "role": role}
    page = admin.post("/authority/people/invite", data=data, follow_redirects=True).text
    assert "The role begins a day after a second person agrees" in page
    accept(own, SECOND)
    assert roles_of(own, SECOND) == []
    row = appointment(own, "authority_appointment")
    assert "cannot agree" in agree(own, world.authority.admin, row).text
    assert "It begins on" in agree(own, world.authority.officer, row).text
    days_later(own)
    assert len(roles_of(own, SECOND)) == 1


def test_first_holders_begin_at_once_before_any_parent_is_there(own, world):
    school = own.value("select gen_random_uuid()")
    own.rows(
        "insert into register_school (urn, name, la_code, status, is_open, search_name, row_digest)"
        " values (990777, 'New School', '801', 'Open', true, 'new school', '0')"
    )
    own.rows(
        "insert into school (school_id, authority_id, urn, name, short_name, controller_code, controller_name, stage,"
        " stage_changed_at, waiting_since, created_at) values (%s, %s, 990777, 'New School', 'New School', 'x', 'x',"
        " 'prospect', now(), now(), now())",
        school,
        world.authority.authority_id,
    )
    admin = own.client(world.authority.admin)
    data = {"name": "First Lead", "email": SECOND}
    page = admin.post(f"/authority/schools/{school}/invite", data=data, follow_redirects=True).text
    assert "a second person" not in page
    accept(own, SECOND)
    assert len(roles_of(own, SECOND)) == 1
    assert appointment(own)["basis"] == "first_holder"


def test_whoever_has_only_chosen_a_password_does_not_free_the_one_who_acts(own, world):
    """Nobody comes in by a password alone: until the app is set up, they are still invited."""
    invite_dsl(own, world)
    agree(own, world.school.dsl, appointment(own))
    accept(own, SECOND)
    days_later(own)
    lead = own.client(world.school.lead)
    remove = f"/school/staff/{world.school.dsl.person_id}/remove"

    assert "is removed" not in lead.post(remove, follow_redirects=True).text
    assert SECOND not in own.client(world.school.parent).get("/concerns").text
    assert "New Reader" not in own.client(world.school.parent).get("/concerns").text

    sets_up_app(own, SECOND)
    assert "New Reader" in own.client(world.school.parent).get("/concerns").text
    assert "is removed" in lead.post(remove, follow_redirects=True).text


def test_whose_app_was_taken_back_does_not_act_until_there_is_another(own, world):
    sets_up_app(own, world.school.dsl.email)
    own.rows("update identity.account set totp_secret = null where id = %s", world.school.dsl.account_id)
    page = own.client(world.school.parent).get("/concerns").text
    assert world.school.dsl.name not in page
    assert "goes to the council’s officer at once" in page

    sets_up_app(own, world.school.dsl.email)
    assert world.school.dsl.name in own.client(world.school.parent).get("/concerns").text


def test_an_appointment_that_waits_says_who_can_agree_and_from_when(own, world):
    """Given one who may agree now and one whose account is young, all who hear of it read both; nobody else does."""
    dsl, officer = world.school.dsl, world.authority.officer
    own.rows(
        "update identity.account set created_at = now() - interval '10 days' where id = %s", dsl.account_id
    )
    invite_dsl(own, world)
    from_day = in_words(now() + timedelta(days=20))
    for person in (world.school.lead, dsl, world.authority.admin, officer):
        page = own.client(person).get("/appointments").text
        assert f"Who can agree now: {officer.name}, Named officer (LADO)." in page
        assert f"Later: {dsl.name}, Safeguarding lead (DSL), from {from_day}." in page
    council = own.client(world.authority.admin).get(f"/authority/schools/{world.school.school_id}").text
    staff = own.client(world.school.lead).get("/school/staff").text
    for page in (council, staff, own.client(world.school.lead).get("/school").text):
        assert f"Who can agree now: {officer.name}" in page
        assert f"from {from_day}" in page
    assert "Who can agree" not in own.client(world.school.senco).get("/school/staff").text
    other = own.client(world.other_authority.officer).get("/appointments").text
    assert "New Reader" not in other

    own.rows(
        "update identity.account set created_at = now() - interval '1 day' where id = %s", officer.account_id
    )
    page = own.client(world.school.lead).get("/appointments").text
    assert "Nobody can agree yet: that takes 30 days here." in page
    assert f"{officer.name}, Named officer (LADO), from {in_words(now() + timedelta(days=29))}" in page


def test_a_deputy_who_can_agree_is_called_a_deputy(own, world):
    own.rows("update staff_member set is_deputy = true where id = %s", world.school.dsl.person_id)
    invite_dsl(own, world)
    page = own.client(world.school.lead).get("/appointments").text
    assert f"{world.school.dsl.name}, Deputy safeguarding lead" in page


def test_nobody_is_named_whose_press_would_be_refused(own, world):
    """Given a safeguarding lead whom somebody invited whom the asker had invited: the asker's own doing."""
    dsl, senco, lead = world.school.dsl, world.school.senco, world.school.lead
    for whom, by in ((senco, lead), (dsl, senco)):
        own.rows(
            "insert into identity.vouched (person_id, by_person_id) values (%s, %s)",
            whom.person_id,
            by.person_id,
        )
    invite_dsl(own, world)

    page = own.client(lead).get("/appointments").text

    assert f"{dsl.name}, Safeguarding lead" not in page
    assert f"Who can agree now: {world.authority.officer.name}" in page


def test_once_agreed_or_stopped_nobody_is_named_any_more(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    agree(own, world.school.dsl, row)
    lead = own.client(world.school.lead)
    assert "Who can agree" not in lead.get("/appointments").text
    assert "Waits for a second person" not in lead.get("/school").text
    lead.post(f"/appointments/{row['id']}/stop")
    assert "Who can agree" not in lead.get("/appointments").text


def begins_of(own, world, person_id):
    scope = Scope(Audience.DISPATCH, world.authority.authority_id, world.school.school_id)
    with own.session("wb_dispatch", scope) as session:
        return session.execute(
            text("select begins_at from identity.begins_of(:people)"), {"people": [person_id]}
        ).scalar()


def test_the_person_appointed_reads_when_they_begin_and_not_to_stop_themselves(own, world):
    invite_dsl(own, world)
    row = appointment(own)
    assert begins_of(own, world, row["person_id"]) is None
    agree(own, world.school.dsl, row)

    begins_at = own.value("select begins_at from appointment where id = %s", row["id"])
    assert begins_of(own, world, row["person_id"]) == begins_at
    email = get_kind("appointment_yours_at_school").email
    assert email
    assert "You begin on {begins}. Sign in then: {link}" in [str(one) for one in email.body]
    assert "stop it" not in " ".join(str(one) for one in email.body)

    own.client(world.school.lead).post(f"/appointments/{row['id']}/stop")
    assert begins_of(own, world, row["person_id"]) is None, (
        "what was stopped is said by nothing that still waits"
    )
