"""Anybody in a school may raise a concern; exactly one kind of person reads it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.safeguarding.services import READER_OF
from infra.ids import new_id
from tests.integration.safeguarding.telling import WORDS, concerns, id_of, officer_concerns, send
from tests.support.answers import page_words
from tests.support.reading import find_in


@pytest.mark.parametrize("who", ["parent", "facilitator", "senco", "lead", "dsl"])
def test_a_concern_about_a_child_reaches_the_safeguarding_lead(world, client_for, rows, who):
    client = client_for(world.school.people[who])
    assert "Call 999" in client.get("/concerns").text

    answer = send(client)

    assert answer.status_code == 303
    (row,) = concerns(rows, world)
    assert row["raised_by_name"] == world.school.people[who].name
    assert row["read_at"] is None
    page = client.get(answer.headers["Location"]).text
    assert row["reference"] in page
    assert "Zanzibar" not in page
    assert "year 8" not in page
    dsl = client_for(world.school.dsl)
    assert WORDS in dsl.get(f"/school/concerns/{row['id']}").text
    assert row["reference"] in dsl.get("/school/concerns").text


def test_the_form_has_an_id_of_its_own_and_sends_once(world, client_for, rows):
    client = client_for(world.school.parent)
    form_id = find_in(r'name="form_id"[^>]*value="([0-9a-f-]{36})"', client.get("/concerns/new").text)[1]

    first = send(client, form_id=form_id)
    second = send(client, form_id=form_id)

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(concerns(rows, world)) == 1
    assert "What you sent just before" not in client.get(second.headers["Location"]).text


def test_other_words_under_a_sent_form_are_a_concern_of_their_own(world, client_for, rows):
    """Sent on a slow line, something added, sent again: both are kept, and the page says so of both."""
    client, form_id = client_for(world.school.parent), str(new_id())
    more = "I asked her brother. He saw it too."
    first = send(client, form_id=form_id)
    second = send(client, form_id=form_id, done_so_far=more)
    thrice = send(client, form_id=form_id, done_so_far=more, risk_today="yes")

    assert len({id_of(one) for one in (first, second, thrice)}) == 3
    kept = {row["id"]: row for row in concerns(rows, world)}
    assert len(kept) == 3
    assert kept[id_of(second)]["done_so_far"] == more
    assert kept[id_of(thrice)]["risk_today"] == "yes"
    page = client.get(second.headers["Location"]).text
    assert "That arrived as well" in page
    assert kept[id_of(first)]["reference"] in page
    assert kept[id_of(second)]["reference"] in page


def test_a_form_id_that_is_another_persons_loses_nothing(world, client_for, rows):
    form_id = str(new_id())
    send(client_for(world.school.parent), form_id=form_id)

    answer = send(client_for(world.school.facilitator), form_id=form_id)

    assert answer.status_code == 303
    assert str(id_of(answer)) != form_id
    assert len(concerns(rows, world)) == 2


@pytest.mark.parametrize("form_id", ["", "not an id", "1" * 500])
def test_a_broken_form_id_loses_nothing(world, client_for, rows, form_id):
    assert send(client_for(world.school.parent), form_id=form_id).status_code == 303
    assert len(concerns(rows, world)) == 1


@pytest.mark.parametrize("about", sorted(about for about, reader in READER_OF.items() if reader == "officer"))
@pytest.mark.parametrize("who", ["parent", "facilitator", "senco"])
def test_a_concern_about_the_schools_own_people_goes_round_the_school(world, client_for, rows, who, about):
    answer = send(client_for(world.school.people[who]), about=about)

    assert answer.status_code == 303
    assert "LADO" in client_for(world.school.people[who]).get(answer.headers["Location"]).text
    assert concerns(rows, world) == []
    (row,) = officer_concerns(rows, world)
    assert row["about_school_id"] == world.school.school_id
    officer = client_for(world.authority.officer)
    assert row["reference"] in officer.get("/officer").text
    assert WORDS in officer.get(f"/officer/concerns/{row['id']}").text
    for person in (world.school.dsl, world.school.lead):
        client = client_for(person)
        assert row["reference"] not in client.get("/school").text
        assert client.get(f"/officer/concerns/{row['id']}").status_code == 403
    dsl = client_for(world.school.dsl)
    assert row["reference"] not in dsl.get("/school/concerns").text
    assert dsl.get(f"/school/concerns/{row['id']}").status_code == 404


def test_a_concern_about_staff_leaves_no_trace_that_the_school_may_read(world, client_for, rows):
    answer = send(client_for(world.school.parent), about="staff")
    concern_id = id_of(answer)

    for table, column in (("audit_event", "subject_id"), ("outbox", "subject_id"), ("concern_receipt", "id")):
        for role in ("wb_school", "wb_dsl"):
            assert (
                rows(
                    f"select 1 from {table} where {column} = '{concern_id}'",
                    role,
                    school=world.school.school_id,
                    person=world.school.dsl.person_id,
                )
                == []
            )
    assert (
        rows(
            f"select 1 from outbox where dedupe_key like '%{concern_id}%'",
            "wb_school",
            school=world.school.school_id,
        )
        == []
    )


@pytest.mark.parametrize(
    ("about", "table", "kind", "role"),
    [
        ("child", "outbox", "concern_received_for_dsl", "wb_school"),
        ("staff", "authority_outbox", "concern_received_for_officer", "wb_authority"),
    ],
)
def test_the_message_says_only_that_one_waits(world, client_for, rows, about, table, kind, role):
    concern_id = id_of(send(client_for(world.school.parent), about=about))

    (row,) = rows(
        f"select * from {table} where kind = '{kind}' and dedupe_key like 'concern:{concern_id}:%'",
        role,
        school=world.school.school_id,
        authority=world.authority.authority_id,
    )

    # The database found out who reads it: whoever raised it was told no more than a name.
    reader = world.school.dsl if about == "child" else world.authority.officer
    assert row["recipient_id"] == reader.person_id
    assert row["subject_id"] is None
    assert "Zanzibar" not in str(dict(row))


def test_a_raiser_may_write_no_other_message_to_the_authority(world, session_for):
    session = session_for(world.school.parent)
    statement = text(
        "insert into authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,"
        " state, next_at, created_at) values (:authority, :id, 'staff_invitation', 'email', 'member', :authority,"
        " 'x', 'queued', now(), now())"
    )
    with (
        pytest.raises(Exception, match="permission denied for table authority_outbox"),
        session.begin_nested(),
    ):
        session.execute(statement, {"authority": world.authority.authority_id, "id": new_id()})


def test_a_receipt_is_its_raisers_alone(world, client_for):
    place = send(client_for(world.school.parent)).headers["Location"]

    others = [
        *(world.school.people[name] for name in ("facilitator", "senco", "dsl")),
        world.sibling_school.parent,
    ]
    for person in others:
        assert client_for(person).get(place).status_code == 404


def test_only_a_safeguarding_lead_of_this_school_reads_it(world, client_for):
    place = f"/school/concerns/{world.school.ids['concern_id']}"

    assert world.school.concern_canary in client_for(world.school.dsl).get(place).text
    for person in (world.school.lead, world.school.senco, world.school.parent, world.authority.admin):
        assert client_for(person).get(place).status_code == 403
        assert client_for(person).get("/school/concerns").status_code == 403
    for person in (world.sibling_school.dsl, world.other_school.dsl):
        assert client_for(person).get(place).status_code == 404
        assert client_for(person).post(f"{place}/close").status_code == 404
        assert client_for(person).post(f"{place}/read").status_code == 404


def test_an_officer_reads_only_the_own_authoritys(world, client_for):
    place = f"/officer/concerns/{world.authority.ids['authority_concern_id']}"

    assert world.authority.canary in client_for(world.authority.officer).get(place).text
    assert world.school.name in client_for(world.authority.officer).get("/officer").text
    other = client_for(world.other_authority.officer)
    assert other.get(place).status_code == 404
    assert other.post(f"{place}/actions", data={"action": "I look"}).status_code == 404
    assert client_for(world.authority.admin).get(place).status_code == 403


def test_every_opening_is_logged(world, client_for, rows):
    concern_id = world.school.ids["concern_id"]
    client = client_for(world.school.dsl)
    for _time in range(2):
        client.get(f"/school/concerns/{concern_id}")
    client.get(f"/school/concerns/{concern_id}/print")

    events = rows(
        f"select event, actor_id, details from audit_event where subject_id = '{concern_id}'",
        "wb_school",
        school=world.school.school_id,
    )

    assert [row["event"] for row in events].count("safeguarding:concern:viewed") == 2
    assert [row["event"] for row in events].count("safeguarding:concern:printed") == 1
    assert {row["actor_id"] for row in events} == {world.school.dsl.person_id}
    assert all(row["details"] == {} for row in events)


@pytest.mark.parametrize("desk", ["dsl", "officer"])
def test_a_concern_is_read_acted_on_and_closed(world, client_for, desk):
    if desk == "dsl":
        client, home = client_for(world.school.dsl), "/school/concerns"
        place = f"{home}/{world.school.ids['concern_id']}"
    else:
        client, home = client_for(world.authority.officer), "/officer"
        place = f"{home}/concerns/{world.authority.ids['authority_concern_id']}"
    assert "I have read this" in client.get(place).text

    assert client.post(f"{place}/read").status_code == 303
    assert "I have read this" not in client.get(place).text

    client.post(f"{place}/close")
    assert "Write down what was decided" in client.get(place).text

    entry = {
        "form_id": str(new_id()),
        "action": "I called home.",
        "decision": "An early help plan",
        "reason": "Two signs",
    }
    for _press in range(2):
        assert client.post(f"{place}/actions", data=entry).status_code == 303
    assert client.get(place).text.count("I called home.") == 1
    assert "I called home." in client.get(f"{place}/print").text

    client.post(f"{place}/close")
    assert "Close this concern" not in client.get(place).text
    reference = find_in(r"<h1[^>]*>\s*Concern (\S+)", client.get(place).text)[1].removesuffix("</h1>")
    assert reference not in client.get(home).text
    assert reference in client.get(f"{home}?show=closed").text

    # Every end has its way back: with who closed it, who opens it again and why.
    name = (world.school.dsl if desk == "dsl" else world.authority.officer).name
    closed = find_in(r"Closed\s*</dt>(.*?)</dd>", client.get(place).text, re.S)[1]
    assert name in closed
    assert "Open it again" in client.get(place).text
    assert "Write why it is opened again" in client.post(f"{place}/open-again", data={"reason": ""}).text
    again = {"form_id": str(new_id()), "reason": "A second teacher saw the same."}
    for _press in range(2):
        assert client.post(f"{place}/open-again", data=again).status_code == 303
    page = client.get(place).text
    assert "Close this concern" in page
    assert page.count("A second teacher saw the same.") == 1
    assert "Opened again. It was closed on" in page
    assert reference in client.get(home).text
    assert client.get(f"{place}/open-again").status_code == 303


def _sent(page: str, path: str, **typed: str) -> dict[str, str]:
    """What the page's form to `path` sends of itself, and what was typed."""
    forms = re.findall(r"<form[^>]*>.*?</form>", page, re.S)
    form = next(one for one in forms if f'action="{path}"' in one or "as_shown" in one)
    named = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    found = {
        find_in(r'name="([^"]+)"', tag)[1]: (find_in(r'value="([^"]*)"', tag) or ["", ""])[1] for tag in named
    }
    return found | typed


@pytest.mark.parametrize("desk", ["dsl", "officer"])
def test_a_press_counts_for_what_its_page_showed(world, client_for, desk):
    """Pressed again by *Back* or in a second tab, after the concern went on, it changes nothing and says so."""
    if desk == "dsl":
        client, home = client_for(world.school.dsl), "/school/concerns"
        place = f"{home}/{world.school.ids['concern_id']}"
    else:
        client, home = client_for(world.authority.officer), "/officer"
        place = f"{home}/concerns/{world.authority.ids['authority_concern_id']}"
    client.post(f"{place}/actions", data={"decision": "An early help plan", "reason": "Two signs"})
    closing = _sent(client.get(place).text, f"{place}/close")
    assert client.post(f"{place}/close", data=closing).status_code == 303
    opening = _sent(client.get(f"{place}/open-again").text, f"{place}/open-again", reason="Something new.")
    opened = client.post(f"{place}/open-again", data=opening, follow_redirects=True).text
    assert "This concern is open again." in opened

    stale = client.post(f"{place}/close", data=closing, follow_redirects=True).text
    assert "nothing was done" in stale
    assert "Close this concern" in stale

    client.post(f"{place}/close", data=_sent(stale, f"{place}/close"))
    without = {name: value for name, value in opening.items() if name != "as_shown"}
    for sent in (opening, without):
        again = client.post(f"{place}/open-again", data=sent, follow_redirects=True).text
        assert "nothing was done" in again
        assert "Close this concern" not in again
    assert again.count("Opened again. It was closed on") == 1


@pytest.mark.parametrize("desk", ["dsl", "officer"])
def test_other_words_under_a_sent_form_are_another_entry(world, client_for, desk):
    if desk == "dsl":
        client, place = client_for(world.school.dsl), f"/school/concerns/{world.school.ids['concern_id']}"
    else:
        client = client_for(world.authority.officer)
        place = f"/officer/concerns/{world.authority.ids['authority_concern_id']}"
    entry = {"form_id": str(new_id()), "action": "I called home."}

    for words in ("I called home.", "I called home. Nobody answered.", "I called home. Nobody answered."):
        added = client.post(f"{place}/actions", data={**entry, "action": words}, follow_redirects=True).text

    assert "Added to the record." in added
    assert added.count("I called home.") == 2
    assert added.count("I called home. Nobody answered.") == 1


def test_a_reason_that_came_second_is_not_thrown_away(world, client_for):
    """Somebody else opened the concern meanwhile, or this one did, with other words: the page offers what was typed."""
    client, place = client_for(world.school.dsl), f"/school/concerns/{world.school.ids['concern_id']}"
    client.post(f"{place}/actions", data={"decision": "An early help plan", "reason": "Two signs"})
    client.post(f"{place}/close", data=_sent(client.get(place).text, f"{place}/close"))
    opening = _sent(client.get(f"{place}/open-again").text, f"{place}/open-again", reason="A teacher saw it.")
    client.post(f"{place}/open-again", data=opening)

    assert client.post(f"{place}/open-again", data=opening).status_code == 303
    page = client.post(f"{place}/open-again", data={**opening, "reason": "An aunt saw it too."}).text

    assert "This concern is already open" in page
    assert re.search(r"<textarea[^>]*name=.action[^>]*>\s*An aunt saw it too\.</textarea>", page)
    added = _sent(page, f"{place}/actions", action="An aunt saw it too.")
    assert "An aunt saw it too." in client.post(f"{place}/actions", data=added, follow_redirects=True).text


def test_a_decision_needs_its_reason_and_keeps_its_words(world, client_for):
    client = client_for(world.school.dsl)
    place = f"/school/concerns/{world.school.ids['concern_id']}/actions"

    page = client.post(place, data={"decision": "A referral today"}).text
    assert "Write why it was decided" in page
    assert "A referral today" in page
    assert "Write what you did or what was decided" in client.post(place, data={}).text


def test_the_safeguarding_lead_hears_of_it_first_and_the_lead_never(world, client_for):
    send(client_for(world.school.parent))

    today = client_for(world.school.dsl).get("/school").text
    # Before everything that may wait for somebody's safety, whatever its first letter.
    assert today.index("2 concerns are waiting") < today.index("1 message did not arrive")
    assert "concerns are waiting" not in client_for(world.school.lead).get("/school").text


@pytest.mark.parametrize("page", ["x", "0", "-1", "99999999999"])
def test_a_page_that_is_not_there_is_the_first(world, client_for, page):
    dsl = client_for(world.school.dsl)
    shown = dsl.get(f"/school/concerns?show=closed&page={page}", follow_redirects=True)
    assert shown.status_code == 200
    assert page_words(shown.text) == page_words(dsl.get("/school/concerns?show=closed").text)


def test_a_reason_typed_while_the_concern_moved_on_stays_in_its_box(world, client_for):
    """Given a page that is older than the concern's last closing, when a reason is sent from it, then it is kept."""
    client, place = client_for(world.school.dsl), f"/school/concerns/{world.school.ids['concern_id']}"
    client.post(f"{place}/actions", data={"decision": "An early help plan", "reason": "Two signs"})
    client.post(f"{place}/close", data=_sent(client.get(place).text, f"{place}/close"))
    slow = client.get(f"{place}/open-again").text
    opening = _sent(slow, f"{place}/open-again", reason="Something new.")
    client.post(f"{place}/open-again", data=opening)
    client.post(f"{place}/close", data=_sent(client.get(place).text, f"{place}/close"))

    mine = {**opening, "reason": "A neighbour called."}
    page = client.post(f"{place}/open-again", data=mine).text
    assert "nothing was done" in page
    assert "A neighbour called.</textarea>" in page
    again = _sent(page, f"{place}/open-again", reason="A neighbour called.")
    assert (
        "This concern is open again."
        in client.post(f"{place}/open-again", data=again, follow_redirects=True).text
    )
