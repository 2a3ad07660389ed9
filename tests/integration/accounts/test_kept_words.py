"""Words that waited over a sign-in: under their form's own questions, and with a way to go on writing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text

from app.cohorts.topics import CHOOSABLE
from app.extensions import db
from app.identity.websession import PARENT_IDLE
from app.safeguarding.forms import ConcernForm
from app.shell import asked
from app.shell.kept import unmarked
from tests.integration.accounts.test_form_tokens import (
    CONCERN,
    NEW_PARENT,
    WORDS,
    come_back,
    opened,
    token_in,
)
from tests.support.client import sign_in

pytestmark = pytest.mark.usefixtures("with_csrf")

DRAFT = {"draft": "ab" * 12}


@pytest.fixture
def kept_page(client_for, clock):
    """`kept_page(person, page, words, sent_to)`: their browser, and what it shows after the end and a new sign-in."""

    def run(person, path, words, sent_to=None):
        client = client_for(person)
        form = {**opened(client, path, words), **DRAFT}
        clock.move(PARENT_IDLE + timedelta(hours=2))
        answer = client.post(sent_to or path, data=form)
        assert (answer.status_code, "kept=1" in answer.location) == (303, True)
        client = come_back(client, person)
        return client, client.get("/confirm/kept")

    return run


def pairs(page):
    """Questions and answers of the list."""
    rows = re.findall(r'__key">\s*(.*?)\s*</dt>.*?__value">\s*(.*?)\s*</dd>', page.text, re.DOTALL)
    plain = [[unescape(unmarked(re.sub(r"<[^>]*>", "", part))).strip() for part in row] for row in rows]
    return dict(plain)


def way_on(page):
    found = re.search(r'<a href="([^"]+)"[^>]*>\s*Go on writing', page.text)
    return unescape(found[1]) if found else None


def test_the_forms_own_questions_and_answers_stand_there_and_nothing_raw(kept_page, world):
    _client, page = kept_page(world.school.parent, "/concerns/new", CONCERN)
    said = pairs(page)
    with _client.application.test_request_context():
        form = ConcernForm(formdata=None, meta={"csrf": False})
        words = {name: asked.choices(form[name]) for name in ("about", "risk_today")}
        assert said == {
            str(form.about.label.text): words["about"]["child"],
            str(form.what.label.text): WORDS,
            str(form.happened_when.label.text): "Friday",
            str(form.risk_today.label.text): words["risk_today"]["no"],
        }
    main = page.text[page.text.index("<main") :]
    listed = re.sub(r"<input[^>]*>", "", main)
    assert DRAFT["draft"] not in listed
    assert "Draft" not in listed


def test_the_form_opens_again_with_the_words_in_it(kept_page, world, connection):
    client, page = kept_page(world.school.parent, "/concerns/new", CONCERN)
    address = way_on(page)
    assert address.partition("?")[0] == "/concerns/new"
    assert WORDS not in address

    form = client.get(address)
    assert form.status_code == 200
    assert WORDS in form.text
    assert "It is not sent yet" in form.text
    assert re.search(r'value="child"[^>]*\bchecked|\bchecked[^>]*value="child"', form.text)
    # Looked at only, the words still wait; another look shows them too.
    assert WORDS in client.get("/confirm/kept").text

    changed = {**CONCERN, "what": WORDS + ", and on Mondays", "csrf_token": token_in(form)}
    fields = dict(re.findall(r'<input[^>]*name="(form_id)"[^>]*value="([^"]+)"', form.text))
    answer = client.post(address, data={**changed, **fields})
    assert answer.status_code in (302, 303), answer.text[:500]
    assert client.get("/confirm/kept").status_code == 303
    assert WORDS not in client.get(address).text


def test_nobody_else_opens_a_page_with_the_words(kept_page, client_for, world):
    client, page = kept_page(world.school.parent, "/concerns/new", CONCERN)
    address = way_on(page)
    for other in (world.school.other_parent, world.school.lead, world.sibling_school.parent):
        assert WORDS not in client_for(other).get(address).text
    # The same browser, in another role at another place.
    sign_in(client, world.sibling_school.parent)
    assert WORDS not in client.get(address).text


def test_a_page_without_kept_words_takes_no_notice(client_for, world):
    page = client_for(world.school.senco).get("/school/parents/add?words=1")
    assert page.status_code == 200
    assert "It is not sent yet" not in page.text


def test_dates_and_times_stand_as_they_were_written(kept_page, world):
    words = {
        "name": "Monday group", "start_on": ["1", "jan", "27"], "starts_at": "18.30", "room": "Hall",
        "places": "10", "key": "",
    }  # fmt: skip
    _client, page = kept_page(world.school.lead, "/school/groups/new", words)
    said = pairs(page)
    assert {"1 jan 27", "18.30", "Monday group"} <= set(said.values())
    assert way_on(page)


def test_choices_that_only_the_page_knows_have_their_words(kept_page, world):
    """Given somebody chosen to lead, whom a page offers by name, then the name stands there and no id."""
    school = world.school
    path, chosen = (
        f"/school/groups/{school.ids['forming_cohort_id']}/facilitators",
        str(school.facilitator.person_id),
    )
    client, page = kept_page(school.lead, path, {"facilitator": chosen})
    listed = re.sub(r"<input[^>]*>", "", page.text[page.text.index("<main") :])
    assert chosen not in listed
    assert list(pairs(page).values()) == [school.facilitator.name]
    form = client.get(way_on(page))
    assert form.request.path == path
    assert re.search(rf'value="{chosen}"[^>]*\bchecked|\bchecked[^>]*value="{chosen}"', form.text)


def test_a_choice_that_is_not_offered_is_not_shown_as_its_code(kept_page, world):
    """Given a vote, and a page on which nothing can be chosen any more, then its codes do not stand there."""
    code = next(iter(CHOOSABLE))
    _client, page = kept_page(world.school.parent, "/my/group", {"topics": [code]}, "/my/group/vote")
    assert pairs(page) == {"What would help you most?": "an answer that the form does not show now"}
    assert way_on(page) is None


def test_a_register_names_people_and_marks(kept_page, world):
    session_id = world.school.ids["next_session_id"]
    path = f"/group/sessions/{session_id}/register"
    person_id = world.school.parent.person_id
    _client, page = kept_page(world.school.facilitator, path, {f"mark_{person_id.hex}": "late"})
    listed = re.sub(r"<input[^>]*>", "", page.text[page.text.index("<main") :])
    assert person_id.hex not in listed
    assert "Here, came late" in pairs(page).values()


def test_a_form_that_cannot_be_opened_any_more_still_has_its_questions(
    kept_page, client_for, world, connection, clock
):
    """Given a parent who has moved on meanwhile, then what was typed is there to be read, under its questions."""
    me = world.school.ids["identified_parent_id"]
    words = {"to_stage": "said_no", "how": "telephone", "reason": "Not this year"}
    path = f"/school/parents/{me}/answer"
    client = client_for(world.school.senco)
    form = opened(client, path, words)
    clock.move(timedelta(hours=3))
    client.post(path, data=form)
    connection.execute(text("set local session authorization default"))
    connection.execute(
        text("update school set stage = 'left' where school_id = :s"), {"s": world.school.school_id}
    )
    connection.execute(text("set local session authorization wb_web"))
    page = come_back(client, world.school.senco).get("/confirm/kept")
    assert "Not this year" in pairs(page).values()
    assert "telephone" not in pairs(page).values()
    assert "By telephone" in pairs(page).values()


def test_a_look_at_the_form_leaves_nothing_behind(kept_page, world):
    """What is said once, and what a browser is told to forget, is not used up by a look that nobody sees."""
    client, _page = kept_page(world.school.senco, "/school/parents/add", NEW_PARENT)
    with client.session_transaction() as session:
        session["_flashes"] = [("note", "Said once only.")]
        session["drafts_sent"] = ["ab" * 12]
    page = client.get("/confirm/kept")
    assert page.text.count("Said once only.") == 1
    assert "Said once only." not in client.get("/confirm/kept").text


def test_what_a_page_notes_when_it_is_opened_is_not_noted_by_a_look(kept_page, world, monkeypatch):
    """As a page of concerns does: nobody has opened it."""
    client, _page = kept_page(world.school.senco, "/school/parents/add", NEW_PARENT)
    views, noted = client.application.view_functions, text("update parent_contact set known_as = 'Noted'")
    real = views["recruitment.add_parent"]

    def notes(**arguments):
        assert cast(CursorResult[Any], db.session.execute(noted)).rowcount
        return real(**arguments)

    monkeypatch.setitem(views, "recruitment.add_parent", notes)
    assert way_on(client.get("/confirm/kept"))
    shown = client.get(f"/school/parents/{world.school.parent.person_id}").text
    assert "Noted" not in shown
    client.get("/school/parents/add")
    assert "Noted" in client.get(f"/school/parents/{world.school.parent.person_id}").text
