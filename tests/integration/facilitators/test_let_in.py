"""Somebody who leads is offered their pages; where nothing is sent, staff read why."""

from __future__ import annotations

import pytest
from sqlalchemy import text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update facilitator set parent_id = null where id = :id", "I lost my phone or email"),
        (
            "update facilitator set email = '', phone = '', parent_id = null where id = :id",
            "we have no address",
        ),
    ],
)
def test_where_nothing_is_sent_staff_read_why_and_what_helps(client_for, world, connection, change, words):
    person = world.school.facilitator.person_id
    connection.execute(text("set session authorization default"))
    connection.execute(text(change), {"id": person})
    connection.execute(text("set session authorization wb_web"))
    answer = (
        client_for(world.school.senco)
        .post(f"/school/facilitators/{person}/let-in", follow_redirects=True)
        .text
    )
    assert "Nothing was sent" in answer
    assert words in answer
