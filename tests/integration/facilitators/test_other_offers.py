"""What was asked belongs to the offer that it was about; of whoever was told *not now* nothing is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.facilitators import services
from tests.integration.facilitators.steps import give_references, record_training, step

ANSWERS = {"why": "Because I know.", "referees": [{"name": "New One", "contact": "new.one@example.org"}]}


@pytest.fixture
def graduate(client_for, world):
    return client_for(world.school.graduate)


@pytest.fixture
def offer_again(session_for, world):
    """The graduate sends a new application, with somebody else to ask."""

    def offer():
        session = session_for(world.school.graduate)
        assert services.apply(session, world.school.school_id, world.school.graduate.person_id, ANSWERS)
        session.commit()

    return offer


@pytest.fixture
def look_at(session_for, world):
    """How many rows of a table are about the applicant."""

    def count(table: str) -> int:
        return session_for(world.school.senco).scalar(
            text(f"select count(*) from {table} where facilitator_id = :id"),
            {"id": world.school.ids["applicant_id"]},
        )

    return count


@pytest.fixture
def kinds(session_for, world):
    def told() -> list[str]:
        session = session_for(world.school.senco)
        return list(
            session.scalars(
                text("select kind from outbox where recipient_id = :id order by created_at"),
                {"id": world.school.ids["applicant_id"]},
            )
        )

    return told


def test_a_new_application_needs_references_of_its_own(senco, url, graduate, offer_again, clock):
    # given two good references, an offer that is taken back, and another one
    step(senco, url, "shortlisted")
    step(senco, url, "references")
    references = give_references(senco, url)
    graduate.post("/my/lead/withdraw", data={"reason": ""})
    clock.move(timedelta(minutes=5))
    offer_again()

    # when they come to the references again
    step(senco, url, "shortlisted")
    step(senco, url, "references")

    # then those of before do not count, and whoever is named now is read
    page = senco.get(url).get_data(as_text=True)
    assert page.count("this was about an earlier offer") == 2
    assert "They named:" in page
    assert "New One" in page
    assert "Two good references." in step(senco, url, "checks").get_data(as_text=True)

    # and the same two, asked again, do
    clock.move(timedelta(minutes=5))
    for reference_id in references:
        assert "Kind." not in senco.get(f"{url}/references/{reference_id}").get_data(as_text=True)
        senco.post(f"{url}/references/{reference_id}", data={"satisfactory": "yes", "note": "Kind."})
    assert step(senco, url, "checks").status_code == 303


def test_staff_read_that_somebody_took_their_offer_back(senco, graduate):
    graduate.post("/my/lead/withdraw", data={"reason": ""})

    assert "took their offer back" in senco.get("/school").get_data(as_text=True)


@pytest.mark.parametrize("end", ["not_now", "withdrawn"])
def test_nothing_is_asked_of_whoever_is_not_on_the_way(senco, url, look_at, end):
    step(senco, url, end)

    page = senco.get(url).get_data(as_text=True)
    for press in ("Add a reference", "Record training", "Work out the check", "they named"):
        assert press not in page
    record_training(senco, url)
    give_references(senco, url)
    senco.post(f"{url}/references/use")
    assert look_at("facilitator_training") == 0
    assert look_at("facilitator_reference") == 0


def test_who_was_told_not_now_reads_whom_to_call(senco, url, graduate):
    step(senco, url, "not_now")

    home = graduate.get("/my").get_data(as_text=True)
    assert "We are not going ahead now." in home
    assert "Help lead a group?" not in home
    assert 'href="tel:' in graduate.get("/my/lead/application").get_data(as_text=True)


def test_an_application_that_is_opened_again_is_not_thanked_for_as_new(senco, url, kinds):
    step(senco, url, "not_now")
    assert "opened your application" in senco.get(f"{url}/to/applied").get_data(as_text=True)

    step(senco, url, "applied")

    assert "application_reopened" in kinds()
    assert "application_received" not in kinds()
