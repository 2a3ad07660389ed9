"""The room companion in a real browser whose network is cut: it goes on, comes back, and gives nothing away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, expect

from infra.clock import now
from tests.support.stack import TestStack
from tests.support.world import World

OFFLINE = "No signal. Keep going"
SAVED = "Everything is saved."
#: Everything that this browser keeps, as text; a sealed row is only its letters.
KEPT_HERE = """async () => {
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result) })
  const found = [JSON.stringify({...localStorage})]
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      for (const row of await done(database.transaction(store).objectStore(store).getAll())) {
        const text = (sealed) => new TextDecoder().decode(sealed)
        found.push(row instanceof CryptoKey ? `key:${row.extractable}` : JSON.stringify(row) + text(row.sealed))
      }
    }
    database.close()
  }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      found.push(request.url, await (await caches.match(request)).text())
    }
  }
  return found.join('\\n')
}"""


@pytest.fixture
def session_id(own: TestStack, world: World) -> Iterator[str]:
    """The session of today, that has begun; what a test marks in it goes again."""
    with psycopg.connect(own.superuser_url, autocommit=True) as connection:
        row = connection.execute(
            "update cohort_session set starts_at = '00:00', ends_at = '01:30' where cohort_id = %s and number = 4"
            " returning id",
            (world.school.ids["cohort_id"],),
        ).fetchone()
        assert row is not None
        yield str(row[0])
        connection.execute("delete from attendance where session_id = %s", (row[0],))
        connection.execute("delete from session_reflection where session_id = %s", (row[0],))


@pytest.fixture
def marks(own: TestStack, session_id: str) -> Iterator[object]:
    """What the database has: parent -> mark."""
    with psycopg.connect(own.superuser_url, autocommit=True) as connection:

        def ask() -> dict[str, str]:
            rows = connection.execute(
                "select parent_id, mark from attendance where session_id = %s", (session_id,)
            )
            return {row[0].hex: row[1] for row in rows}

        ask.connection = connection  # type: ignore[attr-defined]
        yield ask


def open_room(page: Page, session_id: str) -> None:
    """Open the room and wait until this phone can do without a signal."""
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready).active"
        " && (await (await caches.open('webelong-room')).keys()).length > 4"
    )


def open_again_without_a_signal(page: Page, session_id: str) -> None:
    """Once what was pressed has failed for want of a network: until then that is where the browser goes."""
    page.wait_for_timeout(1500)
    try:
        page.goto(f"/group/sessions/{session_id}/room")
    except BrowserError:
        page.goto(f"/group/sessions/{session_id}/room")


def person_of(page: Page, parent_id: object):
    return page.locator(f"li[data-of='{parent_id.hex}']")  # type: ignore[attr-defined]


def pressed(page: Page, parent_id: object, name: str):
    return person_of(page, parent_id).get_by_role("button", name=name, exact=True)


def test_marks_without_a_signal_are_sent_when_it_is_back(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)

    pressed(page, parent, "Late").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    expect(person_of(page, parent)).to_contain_text("Not sent yet")
    assert parent.hex not in marks()

    # The phone was put away and the page thrown out; it opens again without a signal, with what was marked.
    page.goto(f"/group/sessions/{session_id}/room")
    expect(pressed(page, parent, "Late")).to_have_attribute("aria-pressed", "true")
    assert parent.hex not in marks()

    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert marks()[parent.hex] == "late"


def test_undo_takes_a_mark_back_also_after_it_was_sent(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    pressed(page, parent, "Away").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert marks()[parent.hex] == "absent"

    page.get_by_role("button", name="Undo").click()
    expect(pressed(page, parent, "Away")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert parent.hex not in marks()


def test_a_mark_taken_back_while_it_is_on_its_way_is_taken_back_there_too(
    signed_in, world, session_id, marks
):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)

    def slowly(route):
        if route.request.method == "POST":
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/room.json", slowly)
    with page.expect_request(lambda asked: asked.method == "POST"):
        pressed(page, parent, "Here").click()
    pressed(page, parent, "Here").click()
    page.wait_for_timeout(6000)

    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(pressed(page, parent, "Here")).to_have_attribute("aria-pressed", "false")
    assert parent.hex not in marks()


def test_undo_leaves_what_somebody_else_marked_since(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.get_by_role("button", name="All the others are here").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    marks.connection.execute("update attendance set mark = 'absent' where parent_id = %s", (parent,))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(pressed(page, parent, "Away")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(2000)
    assert marks()[parent.hex] == "absent"


def test_signing_out_with_marks_that_were_not_sent_is_asked_about_once(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Press Sign out once more, and they are gone.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    open_again_without_a_signal(page, session_id)
    expect(page.get_by_text("There is nothing of a session on this phone.")).to_be_visible()
    page.context.set_offline(False)


def test_what_somebody_else_marked_meanwhile_is_shown_and_chosen_between(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    marks.connection.execute(
        "insert into attendance (school_id, session_id, parent_id, cohort_id, mark, marked_at)"
        " select school_id, id, %s, cohort_id, 'absent', now() from cohort_session where id = %s",
        (parent, session_id),
    )
    page.context.set_offline(False)

    clash = person_of(page, parent).locator("[data-clash]")
    expect(clash).to_contain_text("Somebody else marked “Away”. You marked “Here”.")
    assert marks()[parent.hex] == "absent"
    clash.get_by_role("button", name="Use mine").click()
    expect(clash).to_be_hidden()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks()[parent.hex] == "present"


def test_marks_of_a_session_that_was_closed_meanwhile_stay_and_are_said(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    closed = "update cohort_session set state = %s, closed_at = %s where id = %s"
    marks.connection.execute(closed, ("closed", now() - timedelta(hours=2), session_id))
    page.context.set_offline(False)

    expect(page.get_by_text("This could not be saved. It is still on this phone.")).to_be_visible()
    expect(page.locator("[data-refused]")).to_contain_text("This session is closed")
    expect(person_of(page, parent)).to_contain_text("Not sent yet")
    assert parent.hex not in marks()

    page.get_by_role("button", name="Take it off this phone").click()
    expect(page.get_by_text("Some of it has not been sent.")).to_be_visible()
    page.get_by_role("button", name="Take it off this phone").click()
    expect(page.get_by_text("Nothing of the session is on this phone any more.")).to_be_visible()
    marks.connection.execute(closed, ("planned", None, session_id))


def test_the_clock_goes_on_over_a_reload_without_a_signal(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("30 minutes left")).to_be_visible()
    page.get_by_role("button", name="Next part").click()
    expect(page.get_by_text("20 minutes left")).to_be_visible()
    page.wait_for_timeout(300)

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("20 minutes left")).to_be_visible()
    page.context.set_offline(False)


def test_a_look_back_without_a_signal_arrives(signed_in, world, session_id, marks):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    page.context.set_offline(True)
    page.get_by_label("We have said the rules").check(force=True)
    page.get_by_label("Summing up").check(force=True)
    page.get_by_label("Nearly").check(force=True)
    page.get_by_label("Not everybody").check(force=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    row = marks.connection.execute(
        "select parts, times, turns, rules_said_at is not null from session_reflection where session_id = %s",
        (session_id,),
    ).fetchone()
    assert row == (["summing_up"], "nearly", "not_everybody", True)


@pytest.mark.parametrize("way_out", ["Sign out", "Take it off this phone"])
def test_nothing_is_left_after_a_way_out_without_a_signal(signed_in, world, session_id, way_out):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    name = person_of(page, world.school.parent.person_id).locator(".wb-room__name").inner_text()
    page.context.set_offline(True)

    page.get_by_role("button", name=way_out).click()
    open_again_without_a_signal(page, session_id)
    expect(page.get_by_text("There is nothing of a session on this phone.")).to_be_visible()
    assert name not in page.content()
    page.context.set_offline(False)


def test_names_lie_sealed_and_the_key_cannot_be_read_out(signed_in, world, session_id):
    page = signed_in(world.school.facilitator)
    open_room(page, session_id)
    name = person_of(page, world.school.parent.person_id).locator(".wb-room__name").inner_text()
    page.wait_for_timeout(300)

    kept = page.evaluate(KEPT_HERE)

    assert "key:false" in kept
    assert name not in kept
    assert world.school.facilitator.name not in kept


def test_somebody_else_on_the_same_phone_sees_and_sends_nothing_of_it(signed_in, world, session_id, marks):
    page, parent = signed_in(world.school.facilitator), world.school.parent.person_id
    open_room(page, session_id)
    page.context.set_offline(True)
    pressed(page, parent, "Here").click()
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.clear_cookies()

    # The session was over when the signal came back: nothing is lost, and nothing is sent as nobody.
    page.context.set_offline(False)
    expect(page.get_by_text("You are signed out. What you marked is still on this phone.")).to_be_visible()
    assert parent.hex not in marks()

    signed_in(world.school.parent).goto("/my/home")
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.locator("li[data-of]")).to_have_count(0)
    assert parent.hex not in marks()

    signed_in(world.school.facilitator).goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_timeout(1500)
    assert marks()[parent.hex] == "present"
