"""A long list is read by a worker, and its page tells how far that is."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import text

from app.parent_import import checking, services
from infra.database import make_engine
from tenants.scope import Audience, Scope
from tests.support.pressing import press
from workers.lists import TRIES, ListWorker

LIST = "First name,Last name,Mobile number\n" + "".join(
    f"Ann{'abcdefghij'[n]},Lee,0770090071{n}\n" for n in range(7)
)
HERE = "select state, read_count, attempt from parent_import"


@pytest.fixture(autouse=True)
def _long(monkeypatch):
    monkeypatch.setattr(services, "LONG", 2)
    monkeypatch.setattr(checking, "PIECE", 3)


@pytest.fixture
def client(own, world):
    return own.client(world.school.senco)


@pytest.fixture
def worker(own):
    engine = make_engine(own.stack.url("wb_documents"))
    yield ListWorker(engine)
    engine.dispose()


@pytest.fixture
def page(client):
    file = {"file": (io.BytesIO(LIST.encode()), "list.csv")}
    return client.post(
        "/school/parents/import", data=file, content_type="multipart/form-data", follow_redirects=True
    )


def test_a_long_list_waits_for_a_worker_is_read_and_is_added(own, world, client, worker, page):
    assert "0 of 7 rows read." in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert own.value("select count(*) from parent_contact where last_name = 'Lee'") == 0

    assert worker.drain() == 1
    checked = client.get(page.request.path)

    assert "Add 7 people" in checked.text
    assert "Added 7 people." in press(client, checked, "/add").text


def test_the_page_tells_how_far_it_is(own, client, worker, page):
    """As often as it is loaded, and to whoever opens it."""
    claim = worker.claim()
    assert worker._read_piece(claim, 0) == 3

    for _time in range(2):
        assert "3 of 7 rows read." in client.get(page.request.path).text
    assert "Being read" in client.get("/school/parents/import").text


def test_another_goes_on_where_a_worker_died(own, client, worker, page):
    worker._read_piece(worker.claim(), 0)
    assert worker.claim() is None
    own.rows("update parent_import set lease_until = now() - interval '1 second'")
    stopped = client.get(page.request.path)
    assert "Reading stopped at 3 of 7 rows." in stopped.text

    claim = worker.claim()
    assert (claim.read_count, claim.attempt) == (3, 2)
    assert worker.work(claim) == 1

    assert "Add 7 people" in client.get(page.request.path).text


def test_who_was_given_up_writes_nothing_more(own, worker, page):
    late = worker.claim()
    own.rows("update parent_import set lease_until = now() - interval '1 second'")
    assert worker.drain() == 1

    assert worker.work(late) == 0

    assert own.rows(HERE)[0]["state"] == "checked"


def test_a_list_that_is_never_read_is_said_and_can_be_tried_again(own, client, worker, page, monkeypatch):
    def fails(*_arguments, **_more):
        raise RuntimeError("a cell that nobody thought of")

    with monkeypatch.context() as broken:
        broken.setattr(checking, "read_piece", fails)
        for _time in range(TRIES + 1):
            own.rows("update parent_import set next_at = now() - interval '1 second'")
            assert worker.drain() == 0
    stopped = client.get(page.request.path)
    assert "Reading stopped at 0 of 7 rows. Nobody was added" in stopped.text

    again = press(client, stopped, "/read")

    assert "We are reading your list again." in again.text
    assert worker.drain() == 1
    assert "Add 7 people" in client.get(page.request.path).text
    assert "nothing to try again" in press(client, stopped, "/read").text


def test_what_is_thrown_away_while_it_is_read_is_gone(own, client, worker, page):
    claim = worker.claim()
    own.rows("update parent_import set lease_until = now() - interval '1 second'")
    stopped = client.get(page.request.path)
    assert "Nobody was added." in press(client, stopped, "/remove").text

    assert worker.work(claim) == 0
    assert own.rows("select 1 from parent_import_row") == []


def test_nobody_is_added_while_it_is_read(own, client, page):
    answer = client.post(f"{page.request.path}/add", follow_redirects=True)

    assert "still being read" in answer.text or "changed" in answer.text
    assert own.value("select count(*) from parent_contact where last_name = 'Lee'") == 0


def test_the_worker_reads_rows_of_its_own_school_alone(own, world, page):
    for school, seen in ((world.sibling_school, 0), (world.school, 7)):
        scope = Scope(Audience.DOCUMENTS, world.authority.authority_id, school.school_id)
        with own.session("wb_documents", scope) as session:
            assert session.execute(text("select count(*) from parent_import_row")).scalar_one() == seen


def test_reading_is_stopped_and_whoever_looks_reads_that_the_list_is_gone(own, client, worker, page):
    """Given a list that a worker reads
    When somebody stops it
    Then it is gone at once, and a page that was open says so in the place of an error."""
    claim = worker.claim()
    assert "Stop, and throw this file away" in client.get(page.request.path).text
    assert "The file is gone. Nobody was added." in press(client, page, "/remove").text

    assert worker.work(claim) == 0
    looked = client.get(page.request.path, follow_redirects=True)
    assert "That list is not here any more." in looked.text
    assert "That list is not here any more." in press(client, page, "/remove").text
