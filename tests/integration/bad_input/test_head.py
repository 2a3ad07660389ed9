"""Who only looks changes nothing: HEAD and OPTIONS, which scanners send before they open a link, leave all rows."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.messages.links import StopLink, address_mark, make_stop_token
from app.states.messages import Channel
from tests.integration.bad_input.test_junk import ROLES, page_of, person_of
from tests.isolation.digests import Digests
from tests.support.client import sign_in

#: When a browser was here last is not what this is about.
OWN_TRACES = {"identity.web_session"}


@pytest.fixture
def rows(connection, world):
    """What every row of the world is, by table."""
    digests = Digests(connection, world.authority.schools, [world.authority])

    def take():
        return {table: found for table, found in digests.take().items() if table not in OWN_TRACES}

    return take


def stop_token(key, world, channel):
    parent = world.school.parent
    mark = address_mark(key, parent.email if channel is Channel.EMAIL else parent.phone)
    return make_stop_token(key, StopLink(world.school.school_id, parent.person_id, channel, mark))


def with_tokens(app, world, rule):
    """Addresses of a route, with links that open where there are such."""
    if rule.endpoint in ("messages.stop", "messages.stop_at_once"):
        key = app.extensions["settings"].secret("secret_key")
        return [rule.build({"token": stop_token(key, world, one)})[1] for one in Channel]
    at = page_of(world, rule)
    return [at] if at is not None else []


def look(app, method, at, cookie=None):
    client = FlaskClient(app)  # an answer to HEAD is no page
    if cookie is not None:
        client.set_cookie(cookie.key, cookie.value, domain="localhost")
    return client.open(at, method=method)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_head_and_options_leave_every_row_as_it_is(app, world, rows, role):
    person = person_of(world, role)
    client = FlaskClient(app)
    if person:
        sign_in(client, person)
    cookie = client.get_cookie(app.session_interface.cookie_name(app))
    table = app.extensions["access_table"]
    found = [
        at
        for rule in app.url_map.iter_rules()
        if (person.role if person else None) in table.get(rule.endpoint, ())
        for at in with_tokens(app, world, rule)
    ]
    assert len(found) > 10
    before = rows()
    for method in ("HEAD", "OPTIONS"):
        answers = {at: look(app, method, at, cookie) for at in found}
        assert [at for at, answer in answers.items() if answer.status_code >= 500] == []
        assert rows() == before, f"{method} changed a row"


@pytest.mark.parametrize("query", ["", "?fix=1", "?me=1", "?again=x", "?start=1"])
def test_a_scanners_look_at_a_stop_link_stops_nothing(app, world, rows, query):
    key = app.extensions["settings"].secret("secret_key")
    address = f"/stop/{stop_token(key, world, Channel.EMAIL)}"
    before = rows()

    for method in ("GET", "HEAD", "OPTIONS"):
        for at in (address, f"{address}/at-once"):
            assert look(app, method, at + query).status_code < 400

    assert rows() == before
    assert look(app, "POST", f"{address}/at-once").status_code == 200
    assert rows() != before
