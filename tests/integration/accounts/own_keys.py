"""A parent who came in by their own link just now, and the codes that they are sent."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.identity.roles import Role
from app.messages.links import confirm_code
from tenants.session import ASSUME
from tests.support.client import PageClient

PHONE = "+447700900931"
PIN = "402718"


def is_in(client: PageClient) -> bool:
    return client.get("/my-account").status_code == 200


@pytest.fixture
def messages(connection, world):
    """The school's messages of one kind: (id, channel), in order."""

    def of(kind):
        connection.execute(ASSUME, world.school.lead.scope.as_parameters())
        found = connection.execute(
            text("select id, channel from outbox where kind = :kind order by created_at, id"), {"kind": kind}
        ).all()
        connection.execute(text("select set_config('role', 'none', true)"))
        return found

    return of


@pytest.fixture
def digits(app, messages):
    """The six digits of the last code of one kind."""
    return lambda kind: confirm_code(app.config["SECRET_KEY"], messages(kind)[-1].id)


@pytest.fixture
def joined(client_for, invitation_to):
    """A browser of somebody who opened their invitation just now."""

    def make(name="Ada Couple", phone=PHONE, **more):
        client = client_for(None)
        assert (
            client.post(f"/link/{invitation_to(Role.PARENT, phone=phone, name=name, **more)}").status_code
            == 303
        )
        return client

    return make


def prove(client, digits):
    client.post("/confirm/send", data={"channel": "sms"})
    assert client.post("/confirm", data={"code": digits("confirm_code")}).status_code == 303


def move_to(client, address, digits):
    assert client.post("/my-account/way-in", data={"address": address}).status_code == 303
    return client.post("/my-account/way-in/code", data={"code": digits("way_in_code")})
