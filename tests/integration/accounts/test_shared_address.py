"""Two people, one address: a PIN before private parts, from the day that the second is entered, at any school."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from infra.clock import now
from infra.ids import new_id
from tests.integration.recruitment.test_parents import ALL_YES

PIN = "402718"
EMAIL = "couple@example.org"
PHONE = "+447700900931"


def is_in(client) -> bool:
    return client.get("/my-account").status_code == 200


@pytest.mark.parametrize("address", [{"email": EMAIL}, {"phone": PHONE}])
@pytest.mark.parametrize("table", ["parent_contact", "facilitator"])
@pytest.mark.parametrize("school", ["school", "other_school"])
def test_whoever_joins_by_an_address_that_another_person_has_chooses_a_pin_first(
    joined, entered, world, address, table, school
):
    entered(by=getattr(world, school).lead, table=table, **address)
    ben = joined(**address)

    # What the invitation says, and a no, need no PIN: there is nothing private of his yet.
    assert ben.get("/my").location == "/my/welcome"
    assert "You are invited, Ben" in ben.get("/my/welcome").text
    for path in ("/my/welcome/choices", "/my/answers", "/my/choices", "/my/data", "/my-account"):
        assert ben.get(path).location == "/my-account/pin", path
    page = ben.get("/my-account/pin").text
    assert "Somebody else has this phone number or email address too" in page
    assert "Not now" not in page
    # Help needs no PIN.
    assert ben.get("/help").status_code in (200, 404)

    # The digits of any keyboard are digits.
    eastern = PIN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert ben.post("/my-account/pin", data={"pin": eastern}).location == "/my/welcome/choices"
    assert is_in(ben)
    ben.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"})
    done = ben.get("/my/welcome/done").text
    assert "Choose a PIN" not in done
    assert "Get four words" in done


def test_a_no_needs_no_pin(joined, entered):
    entered(email=EMAIL)
    ben = joined()
    assert "Thank you for telling us" in ben.post("/my/welcome/no", follow_redirects=True).text
    assert ben.get("/my").status_code == 200


def test_whoever_has_an_address_alone_is_asked_nothing(joined, entered):
    entered(email="another@example.org")
    assert is_in(joined())


def test_a_second_person_who_is_entered_later_is_noticed_in_a_browser_that_is_open(joined, entered):
    ben = joined()
    assert is_in(ben)
    entered(email=EMAIL)
    assert ben.get("/my/answers").location == "/my-account/pin"
    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    assert is_in(ben)


def test_at_the_next_visit_a_pin_is_chosen_by_whoever_was_signed_in_before_alone(
    joined, entered, client_for, link_asked_by, clock
):
    ben = joined()
    ben.post("/my/welcome/choices", data=ALL_YES | {"known_as": "Ben"})
    clock.set(now() + timedelta(minutes=20))
    entered(email=EMAIL)
    clock.set(now() + timedelta(minutes=20))
    client = client_for(None)
    client.post(f"/link/{link_asked_by(client, EMAIL)}")
    # It may be the other's browser: `test_here_first.py`.
    assert client.get("/my").location == "/pin"
    assert client.post("/my-account/pin", data={"pin": "518273"}).location == "/confirm"

    assert ben.post("/my-account/pin", data={"pin": PIN}).status_code == 303
    # From then on it is asked for, and nobody chooses another in its place.
    assert client.get("/my").location == "/pin"
    assert client.post("/my-account/pin", data={"pin": "518273"}).location == "/pin"
    assert not is_in(client)
    assert client.post("/pin", data={"pin": PIN}).status_code == 303
    assert is_in(client)


def test_a_corrected_address_opens_what_it_shut(joined, entered, acting_as, world):
    ben = joined()
    ada = entered(email=EMAIL)
    assert not is_in(ben)
    with acting_as(world.school.lead) as session:
        session.execute(
            text("update parent_contact set email = 'ada@example.org' where parent_id = :id"), {"id": ada}
        )
    assert is_in(ben)


def test_a_graduate_who_leads_shares_with_nobody(client_for, entered, acting_as, is_parent_too, world):
    parent = world.school.parent
    with acting_as(world.school.lead) as session:
        email = session.execute(
            text("select email from parent_contact where parent_id = :id"), {"id": parent.person_id}
        ).scalar_one()
    facilitator = entered(email=email, table="facilitator")
    assert client_for(parent).get("/my").location == "/my-account/pin"
    is_parent_too(facilitator, parent)
    assert client_for(parent).get("/my").status_code == 200


CONCERN = {
    "about": "child",
    "what": "She said that her arm hurts.",
    "happened_when": "Tuesday",
    "risk_today": "yes",
}


def may_raise_a_concern(client) -> bool:
    assert client.get("/concerns").status_code == 200
    assert client.get("/concerns/new").status_code == 200
    answer = client.post("/concerns/new", data={"form_id": str(new_id()), **CONCERN})
    assert answer.status_code == 303
    assert "Received. Thank you for telling us." in client.get(answer.headers["Location"]).text
    return True


def test_no_pin_stands_in_the_way_of_a_concern(joined, entered, client_for, link_asked_by):
    entered(email=EMAIL)
    ben = joined()
    assert "Raise a concern" in ben.get("/my-account/pin").text
    assert may_raise_a_concern(ben)
    ben.post("/my-account/pin", data={"pin": PIN})

    other = client_for(None)
    other.post(f"/link/{link_asked_by(other, EMAIL)}")
    assert "Raise a concern" in other.get("/pin").text
    assert may_raise_a_concern(other)
    assert not is_in(other)


def test_who_has_no_key_to_show_keeps_dates_and_leaving_and_nothing_private(
    joined, client_for, links_asked_by, invitation_to, clock
):
    choices = ("join", "email", "text", "pooled_answers", "share_attendance", "ask_to_lead")
    assert joined().post("/my/welcome/choices", data=dict.fromkeys(choices, "yes")).status_code == 303
    clock.set(now() + timedelta(days=1))
    ada = client_for(None)
    ada.post(f"/link/{invitation_to(Role.PARENT, name='Ada Couple', email=EMAIL)}")
    ada.post("/my-account/pin", data={"pin": PIN})

    client = client_for(None)
    links = links_asked_by(client, EMAIL)
    client.post(f"/link/{next(link for link in links if 'Are you Ben?' in client.get(f'/link/{link}').text)}")
    shut = client.get("/pin").text
    for path in ("/my/group", "/my/leave"):
        assert f'href="{path}"' in shut
        assert client.get(path).status_code == 200, path
    for path in ("/my", "/my/answers", "/my/choices", "/my/data", "/my-account"):
        assert client.get(path).location == "/pin", path
    assert may_raise_a_concern(client)


#: What a parent wrote, and the row policy of each asks for a key by itself.
PRIVATE = ("answer_set", "topic_vote", "concern_receipt", "facilitator_application", "attendance")


def test_the_database_shows_and_takes_nothing_private_without_a_key(entered, acting_as, world):
    parent = world.school.graduate

    def seen(*statements):
        with acting_as(parent) as session:
            return [session.execute(text(statement)).scalar_one() for statement in statements]

    counts = [f"select count(*) from {table}" for table in PRIVATE]
    before = dict(zip(PRIVATE, seen(*counts), strict=True))
    assert before["answer_set"]
    assert before["facilitator_application"]
    entered(by=world.sibling_school.lead, email=parent.email)

    assert seen(*counts) == [0] * len(PRIVATE)
    assert seen("select identity.my_way()") == [None]
    # Dates and the group stay: they are no secret between the two.
    assert seen("select count(*) from cohort_session")[0]


def test_staff_who_say_that_two_share_read_what_it_means(client_for, world, acting_as):
    lead = client_for(world.school.lead)
    with acting_as(world.school.lead) as session:
        email = session.execute(
            text("select email from parent_contact where parent_id = :id"),
            {"id": world.school.parent.person_id},
        ).scalar_one()
    page = lead.post(
        "/school/parents/add",
        data={"form_id": str(new_id()), "first_name": "Second", "last_name": "Adult", "email": email},
    ).text
    assert "They share it." in page
    assert "ask them to choose a PIN" in page
