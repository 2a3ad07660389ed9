"""*Your choices* lies open while a stop comes by another way: the page that lay open does not take it back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.messages.links import StopLink, address_mark, make_stop_token
from app.states.messages import Channel
from tests.support.reading import find_in

KINDS = ("email", "text", "pooled_answers", "share_attendance", "ask_to_lead")
HOW_IT_STANDS = text(
    "select c.texts_stopped_at, c.emails_stopped_at, c.known_as,"
    " (select array_agg(k.kind order by k.kind) from consent k where k.parent_id = c.parent_id and k.given) as given,"
    " (select count(*) from consent_event e where e.parent_id = c.parent_id) as said"
    " from parent_contact c where c.parent_id = :id"
)


@pytest.fixture
def parent(client_for, world):
    """A browser of a parent who said yes to everything."""
    client = client_for(world.school.parent)
    client.post("/my/choices", data=dict.fromkeys(KINDS, "yes"))
    return client


@pytest.fixture
def stands(session_for, world):
    def read():
        session = session_for(world.school.parent)
        return session.execute(HOW_IT_STANDS, {"id": world.school.parent.person_id}).one()

    return read


def open_page(client, **typed: str) -> dict[str, str]:
    """What the page in a tab sends: as it shows the choices, and what is typed."""
    page = client.get("/my/choices").text
    tags = re.findall(r"<input[^>]*>", page)
    ticked = {name_of(tag): value_of(tag) for tag in tags if 'type="radio"' in tag and " checked" in tag}
    hidden = {name_of(tag): value_of(tag) for tag in tags if re.search(r'name="(seen|known_as)"', tag)}
    assert set(ticked) == set(KINDS)
    assert hidden["seen"]
    return {**ticked, **hidden, **typed}


def name_of(tag: str) -> str:
    return find_in(r'name="([^"]*)"', tag)[1]


def value_of(tag: str) -> str:
    return (re.search(r'value="([^"]*)"', tag) or ("", ""))[1]


def by_link(app, client_for, world, channel):
    parent, key = world.school.parent, app.extensions["settings"].secret("secret_key")
    mark = address_mark(key, parent.email if channel is Channel.EMAIL else parent.phone)
    token = make_stop_token(key, StopLink(world.school.school_id, parent.person_id, channel, mark))
    assert client_for(None).post(f"/stop/{token}").status_code == 200


def noted_by_staff(app, client_for, world, channel):
    kind = "email" if channel is Channel.EMAIL else "text"
    noted = {"to_stage": "no_to", "no_to": [kind], "how": "telephone", "reason": "She called"}
    address = f"/school/parents/{world.school.parent.person_id}/answer"
    assert client_for(world.school.lead).post(address, data=noted).status_code == 303


@pytest.mark.parametrize("way", [by_link, noted_by_staff])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_a_page_that_lay_open_takes_back_no_stop(app, client_for, world, parent, stands, way, channel):
    sent = open_page(parent, known_as="Zed")
    kind, mark = ("email", "emails_stopped_at") if channel is Channel.EMAIL else ("text", "texts_stopped_at")
    way(app, client_for, world, channel)
    stopped = getattr(stands(), mark)
    assert stopped is not None

    page = parent.post("/my/choices", data=sent, follow_redirects=True).text

    now = stands()
    assert getattr(now, mark) == stopped
    assert kind not in now.given
    assert now.known_as == "Zed"
    assert "Something was changed since you opened that page, and stays so." in page
    # Whoever says yes on a page that shows the stop starts it again.
    again = parent.post("/my/choices", data=open_page(parent) | {kind: "yes"}, follow_redirects=True).text
    assert "stays so" not in again
    assert getattr(stands(), mark) is None
    assert kind in stands().given


def test_only_what_was_changed_is_written(parent, stands):
    before = stands()
    parent.post("/my/choices", data=open_page(parent))
    assert stands() == before

    parent.post("/my/choices", data=open_page(parent, ask_to_lead="no"))
    assert stands().said == before.said + 1


def test_saved_in_two_windows_both_count(parent, stands):
    first, second = open_page(parent, share_attendance="no"), open_page(parent, pooled_answers="no")
    for sent in (first, second):
        parent.post("/my/choices", data=sent)
    assert set(stands().given) & set(KINDS) == {"email", "text", "ask_to_lead"}


def test_two_names_are_shown_side_by_side(parent, stands):
    first, second = open_page(parent, known_as="Zed"), open_page(parent, known_as="Zoe")
    parent.post("/my/choices", data=first)
    page = parent.post("/my/choices", data=second).text
    assert "This was saved in another window" in page
    assert "Saved elsewhere" in page
    assert "Zed" in page
    assert "Zoe" in page
    assert stands().known_as == "Zed"
