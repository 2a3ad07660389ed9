"""A form goes back only to whom it was handed to; a refused one is answered by its cause."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts.login import arrive
from app.extensions import db
from app.identity import kept_forms as kept
from app.identity.current import session
from app.identity.websession import PARENT_IDLE, STAFF_IDLE
from app.recruitment.consents import CHOICES
from app.shell.form_tokens import made_for
from tenants.session import ASSUME
from tests.support.client import sign_in
from tests.support.reading import find_in

WORDS = "He said he is afraid to go home on Fridays"
CONCERN = {
    "about": "child",
    "what": WORDS,
    "happened_when": "Friday",
    "risk_today": "no",
    **dict.fromkeys(("about_name", "happened_where", "who_else", "done_so_far", "reach_me"), ""),
}
NEW_PARENT = {"first_name": "Zuleika", "last_name": "Onlyhere", "phone": "07700 900777"}
TICKS = {"known_as": "Not-your-name", **dict.fromkeys(CHOICES, "no")}

pytestmark = pytest.mark.usefixtures("with_csrf")


def token_in(page) -> str:
    return find_in(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def opened(client, path: str, words: dict[str, str]) -> dict[str, str]:
    """The form on the page at `path`, as it stands in a tab, with these words typed in."""
    page = client.get(path)
    assert page.status_code == 200, path
    return {**words, "csrf_token": token_in(page)}


@pytest.fixture
def count(connection):
    def ask(statement: str, person, **values) -> int:
        connection.execute(text("reset role"))
        connection.execute(ASSUME, person.scope.as_parameters())
        return connection.execute(text(statement), values).scalar_one()

    return ask


def test_a_concern_written_at_one_school_is_never_received_at_another(client_for, count, world):
    """The same person's browser: a parent at one school, then in another tab a parent at another."""
    for second in (world.sibling_school, world.other_school):
        client = client_for(world.school.parent)
        form = opened(client, "/concerns/new", CONCERN)
        before = count("select count(*) from concern", second.dsl)
        sign_in(client, second.parent)

        answer = client.post("/concerns/new", data=form)

        assert answer.status_code == 400
        assert "Nothing was saved" in answer.text
        assert WORDS not in answer.text
        assert "back" not in find_in(r"<main.*</main>", answer.text, re.DOTALL).group().lower().replace(
            "go back to work", ""
        )
        assert count("select count(*) from concern", second.dsl) == before
        # The page made for the new person holds nothing of it either.
        assert WORDS not in client.get("/concerns/new").text


def test_a_parent_is_not_put_on_another_schools_list(client_for, count, world):
    client = client_for(world.school.senco)
    form = opened(client, "/school/parents/add", NEW_PARENT)
    sign_in(client, world.sibling_school.senco)

    answer = client.post("/school/parents/add", data=form)

    assert answer.status_code == 400
    assert "Zuleika" not in answer.text
    for school in (world.school, world.sibling_school):
        assert count("select count(*) from parent_contact where first_name = 'Zuleika'", school.senco) == 0


def test_one_parents_ticks_are_not_anothers_consents(client_for, count, world):
    client = client_for(world.school.parent)
    form = opened(client, "/my/choices", TICKS)
    sign_in(client, world.school.other_parent)

    answer = client.post("/my/choices", data=form)

    assert answer.status_code == 400
    mine = "select count(*) from parent_contact where known_as = 'Not-your-name'"
    assert count(mine, world.school.other_parent) == 0
    assert count(mine, world.school.parent) == 0


def test_another_role_at_the_same_desk_is_somebody_else(client_for, count, world):
    client = client_for(world.school.dsl)
    form = opened(client, "/school/parents/add", NEW_PARENT)
    sign_in(client, world.school.senco)

    assert client.post("/school/parents/add", data=form).status_code == 400
    assert count("select count(*) from parent_contact where first_name = 'Zuleika'", world.school.senco) == 0


def test_what_a_visitor_typed_is_not_done_for_whoever_signed_in(client_for, world):
    client = client_for(None)
    form = opened(client, "/new-link", {"address": "first@a.example.org"})
    sign_in(client, world.school.parent)

    answer = client.post("/new-link", data=form)

    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text
    assert "first@a.example.org" not in answer.text


def test_a_step_of_a_journey_is_not_another_parents_step(client_for, world):
    client = client_for(world.school.parent)
    page = client.get("/my/answers/before", follow_redirects=True)
    form = {"answer": "7", "press": "go", "csrf_token": token_in(page)}
    sign_in(client, world.school.other_parent)

    assert client.post("/my/answers/before/1", data=form).status_code == 400


def test_the_same_person_gets_the_form_again_with_the_words_in_it(client_for, count, world):
    client = client_for(world.school.senco)
    form = opened(client, "/school/parents/add", NEW_PARENT)
    sign_in(client, world.school.senco)

    again = client.post("/school/parents/add", data=form)

    assert again.status_code == 400
    assert "Nothing was saved yet" in again.text
    for words in NEW_PARENT.values():
        assert f'value="{words}"' in again.text
    mine = "select count(*) from parent_contact where first_name = 'Zuleika'"
    assert count(mine, world.school.senco) == 0
    saved = client.post("/school/parents/add", data={**NEW_PARENT, "csrf_token": token_in(again)})
    assert saved.status_code in (302, 303)
    assert count(mine, world.school.senco) == 1


def test_a_concern_is_shown_again_to_the_same_parent(client_for, world):
    client = client_for(world.school.parent)
    form = opened(client, "/concerns/new", CONCERN)
    sign_in(client, world.school.parent)

    again = client.post("/concerns/new", data=form)

    assert again.status_code == 400
    assert WORDS in again.text
    assert re.search(r'value="child"[^>]*checked', again.text)


def test_a_press_alone_is_offered_again(client_for, world):
    """A button without a page of its own: what it stood for is asked once more, not done."""
    client = client_for(world.school.parent)
    token = token_in(client.get("/my/choices"))
    sign_in(client, world.school.parent)

    again = client.post("/my/welcome/more", data={"csrf_token": token})

    assert again.status_code == 400
    assert "Shall we carry on?" in again.text
    assert 'action="/my/welcome/more"' in again.text


def test_without_a_cookie_the_form_is_shown_afresh_with_what_was_typed(client_for):
    client = client_for(None)
    form = opened(client, "/new-link", {"address": "typed@a.example.org"})
    client.delete_cookie("webelong", domain="localhost")

    again = client.post("/new-link", data=form)

    assert again.status_code == 400
    assert 'value="typed@a.example.org"' in again.text
    assert "cookie" in again.text
    assert (
        client.post(
            "/new-link", data={"address": "typed@a.example.org", "csrf_token": token_in(again)}
        ).status_code
        == 303
    )


def test_a_password_is_never_shown_again(client_for):
    client = client_for(None)
    form = opened(client, "/sign-in", {"email": "a@a.example.org", "password": "kettle harbour nine"})
    client.delete_cookie("webelong", domain="localhost")

    again = client.post("/sign-in", data=form)

    assert "a@a.example.org" in again.text
    assert "kettle harbour" not in again.text


@pytest.mark.parametrize("token", [None, "", "x", "nobody.1234"])
def test_without_a_token_of_ours_no_word_is_shown(client_for, world, token):
    for client in (client_for(None), client_for(world.school.senco)):
        answer = client.post(
            "/new-link", data={"address": "theirs@a.example.org", **({"csrf_token": token} if token else {})}
        )
        assert answer.status_code == 400
        assert "theirs@a.example.org" not in answer.text


def test_what_another_site_sends_is_not_shown(client_for):
    stranger, victim = client_for(None), client_for(None)
    form = opened(stranger, "/new-link", {"address": "theirs@a.example.org"})

    answer = victim.post("/new-link", data=form, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 400
    assert "theirs@a.example.org" not in answer.text


# ---- words kept over a new sign-in


def test_a_long_concern_outlives_the_session(client_for, clock, count, world):
    parent = world.school.parent
    client = client_for(parent)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(PARENT_IDLE + timedelta(minutes=1))

    out = client.post("/concerns/new", data=form)
    assert out.status_code == 303
    page = client.get(out.location)
    assert "We keep it for 8 hours" in page.text
    assert WORDS not in page.text

    client = come_back(client, parent)
    page = client.get("/confirm/kept")
    assert WORDS in page.text
    before = count("select count(*) from concern", world.school.dsl)
    sent = find_in(r'<form method="post" action="([^"]+)"', page.text[page.text.index("<main") :]).group(1)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    assert client.post(sent, data={**fields, "csrf_token": token_in(page)}).status_code in (302, 303)
    assert count("select count(*) from concern", world.school.dsl) == before + 1
    # Sent, it waits no longer.
    assert client.get("/confirm/kept").status_code == 303
    assert come_back(client, parent).get("/confirm/kept").status_code == 303


def come_back(client, person):
    """As every way in ends: with what waits for this account and role."""
    app = client.application
    with app.test_request_context():
        assert arrive(person.membership_id, strong=False)
        db.session.commit()
        app.session_interface.save_session(app, session, app.make_response(""))
        client.set_cookie("webelong", session.secret, domain="localhost")
    return client


def test_nobody_else_is_given_the_words(client_for, clock, connection, world):
    client = client_for(world.school.dsl)
    form = opened(client, "/concerns/new", CONCERN)
    clock.move(STAFF_IDLE + timedelta(minutes=1))
    assert client.post("/concerns/new", data=form).status_code == 303

    for other in (world.school.lead, world.school.parent, world.sibling_school.dsl, world.authority.officer):
        assert come_back(client_for(None), other).get("/confirm/kept").status_code == 303
    connection.execute(text("set local session authorization default"))
    rows = connection.execute(text("select sealed, made_for::text from identity.kept_form")).all()
    assert len(rows) == 1
    assert "afraid" not in str(rows)
    assert str(world.school.dsl.account_id) not in str(rows)
    connection.execute(text("set local session authorization wb_web"))


def test_words_wait_for_hours_and_then_are_gone(client_for, clock, world):
    client = client_for(world.school.senco)
    form = opened(client, "/school/parents/add", NEW_PARENT)
    clock.move(STAFF_IDLE + timedelta(minutes=1))
    client.post("/school/parents/add", data=form)
    clock.move(kept.LIFE + timedelta(minutes=1))

    assert come_back(client_for(None), world.school.senco).get("/confirm/kept").status_code == 303


def test_the_last_five_of_many_tabs_wait_the_latest_first(client_for, clock, world):
    client = client_for(world.school.senco)
    forms = [opened(client, "/school/parents/add", {**NEW_PARENT, "last_name": f"Tab{n}"}) for n in range(7)]
    clock.move(STAFF_IDLE + timedelta(minutes=1))
    for form in forms:
        clock.move(timedelta(seconds=1))
        client.post("/school/parents/add", data=form)
    client, seen = come_back(client_for(None), world.school.senco), []
    while (page := client.get("/confirm/kept")).status_code == 200:
        seen.append(find_in(r"Tab\d", page.text).group())
        client.post("/confirm/kept/drop", data={"csrf_token": token_in(page)})

    assert seen == ["Tab6", "Tab5", "Tab4", "Tab3", "Tab2"]


def test_signing_out_after_the_session_ended_is_fine(client_for, clock, world):
    client = client_for(world.school.senco)
    token = token_in(client.get("/school/parents"))
    clock.move(STAFF_IDLE + timedelta(minutes=1))

    answer = client.post("/sign-out", data={"csrf_token": token})

    assert answer.status_code == 303
    assert answer.location == "/"


def test_every_form_on_a_page_names_its_reader_also_those_that_macros_draw(client_for, world):
    for person, path in (
        (None, "/sign-in"),
        (None, "/new-link"),
        (None, "/sign-in/forgotten"),
        (world.school.parent, "/my/choices"),
        (world.school.senco, "/school/parents/add"),
    ):
        client = client_for(person)
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', client.get(path).text))
        with client.application.test_request_context():
            makers = {made_for(token) for token in tokens}
        assert tokens
        assert None not in makers, path


def test_the_box_for_an_address_is_a_box(client_for):
    for path in ("/sign-in", "/new-link"):
        page = client_for(None).get(path).text
        assert re.search(r'<input [^>]*name="address"', page), path
        assert "&lt;input" not in page
