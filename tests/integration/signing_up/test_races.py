"""Two at the same moment, on real connections that commit: one row, one parent, one page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from infra.database import sqlalchemy_url
from tests.integration.signing_up.conftest import OVERVIEW, RUTH, address_on
from tests.support.client import PageClient, sign_in


@pytest.fixture
def owner(stack, world):
    engine = create_engine(sqlalchemy_url(stack.url("wb_owner")), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
        connection.execute(text("delete from signup"))
        connection.execute(text("delete from signup_link"))
        connection.execute(text("delete from identity.signup_address"))
        added = "(select parent_id from parent_contact where last_name = 'Newcomer')"
        connection.execute(text(f"create temporary table added as select * from {added} a"))
        for table in ("parent_event", "recruitment_profile", "parent_contact"):
            connection.execute(text(f"delete from {table} where parent_id in (select parent_id from added)"))
        connection.execute(text("delete from parent where id in (select parent_id from added)"))
        connection.execute(text("delete from audit_event where event like 'signing\\_up:%'"))
        connection.execute(text("delete from identity.attempt"))
    engine.dispose()


@pytest.fixture
def staff(shared_app, world):
    clients = [PageClient(shared_app), PageClient(shared_app)]
    for client, person in zip(clients, (world.school.senco, world.school.lead), strict=True):
        sign_in(client, person)
    return clients


def at_once(*presses):
    gate = Barrier(len(presses))

    def press(one):
        gate.wait(timeout=10)
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return [one.result() for one in [pool.submit(press, one) for one in presses]]


def test_two_who_open_the_page_at_once_open_one(staff, owner):
    answers = at_once(*(lambda one=one: one.post(f"{OVERVIEW}/open") for one in staff))

    assert [one.status_code for one in answers] == [303, 303]
    assert owner.execute(text("select count(*) from signup_link")).scalar_one() == 1


def test_two_presses_of_one_parent_are_one_and_two_accepts_add_one(staff, owner, shared_app):
    """Given a parent whose phone sends twice, and two of the staff who press at the same moment
    Then there is one row, one parent in the list, and each of the staff is led to them."""
    staff[0].post(f"{OVERVIEW}/open")
    address = address_on(staff[0].get(OVERVIEW).text)
    at_once(*(lambda: PageClient(shared_app).post(address, data=RUTH) for _twice in range(2)))
    ids = owner.execute(text("select id from signup")).scalars().all()
    assert len(ids) == 1

    at = f"{OVERVIEW}/{ids[0]}"
    answers = at_once(*(lambda one=one: one.post(at, data={"knows": "y"}) for one in staff))

    parents = owner.execute(
        text("select parent_id from parent_contact where last_name = 'Newcomer'")
    ).scalars().all()  # fmt: skip
    assert len(parents) == 1
    assert {one.location for one in answers} == {f"/school/parents/{parents[0]}"}


def test_a_page_that_closes_at_this_moment_is_closed_before_or_after(staff, owner, shared_app):
    staff[0].post(f"{OVERVIEW}/open")
    address = address_on(staff[0].get(OVERVIEW).text)
    closing, writing = at_once(
        lambda: staff[0].post(f"{OVERVIEW}/close"), lambda: PageClient(shared_app).post(address, data=RUTH)
    )

    taken = owner.execute(text("select count(*) from signup")).scalar_one()
    assert closing.status_code == 303
    assert (writing.status_code, writing.location) in (
        (303, f"{address}/thank-you" if taken else address),
        (200, None),
    )
