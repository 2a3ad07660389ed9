"""Who only looks changes nothing: HEAD and OPTIONS, which scanners send before they open a link, leave all rows."""

from __future__ import annotations

import pytest

from app.messages.links import StopLink, make_stop_token
from app.states.messages import Channel
from tests.integration.bad_input.test_junk import ROLES, browser, page_of, person_of
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


def with_tokens(app, world, rule):
    """Addresses of a route, with links that open where there are such."""
    if rule.endpoint in ("messages.stop", "messages.stop_at_once"):
        key = app.extensions["settings"].secret("secret_key")
        where = world.school.school_id, world.school.parent.person_id
        return [rule.build({"token": make_stop_token(key, StopLink(*where, one))})[1] for one in Channel]
    at = page_of(world, rule)
    return [at] if at is not None else []


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_head_and_options_leave_every_row_as_it_is(app, world, rows, role):
    person = person_of(world, role)
    client = app.test_client()
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
        answers = {at: browser(app, cookie).open(at, method=method) for at in found}
        assert [at for at, answer in answers.items() if answer.status_code >= 500] == []
        assert rows() == before, f"{method} changed a row"


@pytest.mark.parametrize("query", ["", "?fix=1", "?me=1", "?again=x", "?start=1"])
def test_a_scanners_look_at_a_stop_link_stops_nothing(app, client_for, world, rows, query):
    key = app.extensions["settings"].secret("secret_key")
    link = StopLink(world.school.school_id, world.school.parent.person_id, Channel.EMAIL)
    address = f"/stop/{make_stop_token(key, link)}"
    before = rows()

    for method in ("GET", "HEAD", "OPTIONS"):
        for at in (address, f"{address}/at-once"):
            assert client_for(None).open(at + query, method=method).status_code < 400

    assert rows() == before
    assert client_for(None).post(f"{address}/at-once").status_code == 200
    assert rows() != before
