"""Two at one next step at the same moment, and a parent who leaves while something is planned with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from infra.clock import today
from tests.integration.contact_log.sending import DAY, contact, day_of
from tests.support.own import own_app


@pytest.fixture
def own(stack, world):
    with own_app(stack, "contacts") as found:
        yield found


@pytest.fixture
def planned(own, world):
    """The addresses of a parent and of a contact with something planned."""
    theirs = f"/school/parents/{world.school.parent.person_id}"
    own.client(world.school.senco).post(f"{theirs}/contacts/add", data=contact(**_plan(world)))
    return theirs, f"{theirs}/contacts/{own.value('select id from contact_with_parent')}"


def _plan(world) -> dict[str, object]:
    owner = str(world.school.senco.person_id)
    return {"action": "Ring again", "owner_id": owner, **day_of("due_on", today())}


def at_once(*presses):
    """Each `(client, path, data)` pressed at the same moment; the pages that they lead to."""
    gate = Barrier(len(presses))

    def press(one):
        client, path, data = one
        gate.wait(timeout=20)
        return client.post(path, data=data, follow_redirects=True).text

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def test_of_two_who_press_done_one_did_it_and_the_other_reads_who(own, world, planned):
    _theirs, one = planned
    people = own.client(world.school.senco), own.client(world.school.lead)

    pages = at_once(*((client, f"{one}/done", {}) for client in people))

    assert sorted("Done. Thank you." in page for page in pages) == [False, True]
    assert sum("has already done this" in page for page in pages) == 1
    assert own.value("select count(*) from audit_event where event = 'contact_log:step:done'") == 1


def test_done_and_put_off_at_once_leave_one_truth(own, world, planned):
    _theirs, one = planned
    senco, lead = own.client(world.school.senco), own.client(world.school.lead)

    at_once((senco, f"{one}/done", {}), (lead, f"{one}/later", day_of("due_on", today() + DAY)))

    (row,) = own.rows("select state, due_on, ended_by_name, steps from contact_with_parent")
    assert (row["state"], row["ended_by_name"]) == ("done", world.school.senco.name)
    # It was put off first, or not any more.
    assert (row["due_on"] == today()) is (row["steps"] == [])


def test_nothing_stays_planned_with_a_parent_who_leaves_at_that_moment(own, world, planned):
    theirs, _one = planned
    senco, parent = own.client(world.school.senco), own.client(world.school.parent)
    sent = contact(outcome="spoke", **_plan(world))

    at_once((senco, f"{theirs}/contacts/add", sent), (parent, "/my/leave", {}))

    assert own.value("select stage from parent where id = %s", world.school.parent.person_id) == "left"
    assert own.rows("select 1 from contact_with_parent where state = 'open'") == []


def test_the_same_contact_sent_twice_at_once_is_noted_once(own, world):
    theirs = f"/school/parents/{world.school.parent.person_id}"
    senco, sent = own.client(world.school.senco), contact()

    at_once(*[(client, f"{theirs}/contacts/add", sent) for client in (senco, own.client(world.school.senco))])

    assert own.value("select count(*) from contact_with_parent") == 1
