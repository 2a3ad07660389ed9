"""A list is taken back while a colleague invites somebody of it: nothing of them is lost."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import psycopg

from tests.integration.parent_import.test_import import LIST
from tests.support.pressing import press

WAITS = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def test_whoever_is_invited_while_the_list_is_taken_back_stays_whole(own, world):
    """Given a list that was added
    When a colleague invites one of it, and the list is taken back before that is saved
    Then that one stays, with how to reach them and their history, and the other goes."""
    client = own.client(world.school.senco)
    file = {"file": (io.BytesIO(LIST.encode()), "list.csv")}
    page = client.post(
        "/school/parents/import", data=file, content_type="multipart/form-data", follow_redirects=True
    )
    done = press(client, page, "/add")
    zoe = own.value("select parent_id from parent_contact where first_name = 'Zoë'")
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(own.stack.superuser_url) as colleague,
        psycopg.connect(own.stack.superuser_url, autocommit=True) as watch,
    ):
        colleague.execute("update parent set stage = 'invited', invited_at = now() where id = %s", (zoe,))
        taking = pool.submit(press, client, done, "/undo")
        while not watch.execute(WAITS).fetchone():
            assert not taking.done(), "it waits for the colleague"
            sleep(0.02)
        colleague.commit()
        answer = taking.result()

    assert "Took one person out again." in answer.text
    assert "stays, because something has happened" in answer.text
    for table in ("parent_contact", "recruitment_profile", "parent_event"):
        assert own.value(f"select count(*) from {table} where parent_id = %s", zoe) == 1, table
    assert own.rows("select 1 from parent_contact where first_name = 'Ayşe'") == []
