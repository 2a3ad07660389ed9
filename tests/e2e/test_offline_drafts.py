"""A real browser whose network is cut: what was typed is there again, and nobody else ever finds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, expect

from tests.support.stack import TestStack
from tests.support.world import World

KEPT = "This is what you typed before"


@pytest.fixture
def tonight_id(own: TestStack, world: World) -> Iterator[str]:
    """An evening without notes; what a test writes of it goes again."""
    with psycopg.connect(own.superuser_url, autocommit=True) as connection:
        row = connection.execute(
            "select id from cohort_session where cohort_id = %s and number = 4",
            (world.school.ids["cohort_id"],),
        ).fetchone()
        assert row is not None
        yield str(row[0])
        connection.execute("delete from learning_notes where session_id = %s", (row[0],))


def press_without_a_network(page: Page, button: str) -> None:
    page.context.set_offline(True)
    with suppress(BrowserError):
        page.get_by_role("button", name=button).click(timeout=5_000)
    page.wait_for_timeout(500)
    page.context.set_offline(False)


def kept_keys(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('wb-draft:'))")


def test_a_register_survives_a_lost_connection_until_it_is_saved(signed_in, world, tonight_id):
    page = signed_in(world.school.facilitator)
    address = f"/group/sessions/{tonight_id}/register"
    page.goto(address)
    mark = page.locator(f"input[name=mark_{world.school.parent.person_id.hex}][value=late]")
    mark.check(force=True)
    press_without_a_network(page, "Save the register")

    page.goto(address)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(mark).to_be_checked()
    page.get_by_role("button", name="Save the register").click()
    page.get_by_text("The register is kept").wait_for()
    assert kept_keys(page) == []
    page.goto(address)
    expect(page.get_by_text(KEPT)).to_be_hidden()
    expect(mark).to_be_checked()


def test_notes_can_be_thrown_away(signed_in, world, tonight_id):
    page = signed_in(world.school.facilitator)
    address = f"/group/sessions/{tonight_id}/notes"
    page.goto(address)
    page.get_by_label("Main points").fill("Sleep comes before school.")
    press_without_a_network(page, "Save the draft")

    page.goto(address)
    expect(page.get_by_label("Main points")).to_have_value("Sleep comes before school.")
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("Main points")).to_have_value("")
    assert kept_keys(page) == []


def test_another_account_on_the_same_browser_finds_nothing(signed_in, world, tonight_id):
    page = signed_in(world.school.facilitator)
    page.goto(f"/group/sessions/{tonight_id}/notes")
    page.get_by_label("Main points").fill("Sleep comes before school.")
    assert len(kept_keys(page)) == 1

    page = signed_in(world.sibling_school.facilitator)
    page.goto("/group")
    assert kept_keys(page) == []


def test_a_concern_is_kept_only_where_the_person_says_so_and_exit_erases_it(signed_in, world):
    page = signed_in(world.school.parent)
    page.goto("/concerns/new")
    words = page.locator("textarea").first
    words.fill("Something I saw.")
    assert kept_keys(page) == []

    page.get_by_label("Keep what I type on this device until it is sent").check(force=True)
    words.fill("Something I saw yesterday.")
    assert len(kept_keys(page)) == 1
    page.goto("/concerns/new")
    expect(page.locator("textarea").first).to_have_value("Something I saw yesterday.")

    page.route("**/*bbc*", lambda route: route.abort())
    with suppress(BrowserError):
        page.locator('a[href$="/leave"]').first.click()
    page.wait_for_timeout(300)
    page.goto("/contact")
    assert kept_keys(page) == []


def test_signing_out_and_the_end_of_a_session_erase_what_was_kept(signed_in, context, world, tonight_id):
    for leaves in ("sign out", "end"):
        page = signed_in(world.school.facilitator)
        page.goto(f"/group/sessions/{tonight_id}/notes")
        page.get_by_label("Main points").fill("Sleep comes before school.")
        assert len(kept_keys(page)) == 1
        if leaves == "sign out":
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url(lambda url: "/notes" not in url)
        else:
            context.clear_cookies()
            page.goto("/contact")
        assert kept_keys(page) == []


def test_what_was_kept_for_a_day_is_gone(signed_in, world, tonight_id):
    page = signed_in(world.school.facilitator)
    page.goto(f"/group/sessions/{tonight_id}/notes")
    page.get_by_label("Main points").fill("Sleep comes before school.")
    page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('wb-draft:')).forEach((key) =>"
        " localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage.getItem(key)),"
        " at: Date.now() - 24 * 3600 * 1000 - 1})))"
    )
    page.goto(f"/group/sessions/{tonight_id}/notes")
    expect(page.get_by_label("Main points")).to_have_value("")
    assert kept_keys(page) == []


def test_words_kept_from_before_somebody_else_saved_are_shown_beside_theirs(
    signed_in, world, own, tonight_id
):
    page = signed_in(world.school.facilitator)
    address = f"/group/sessions/{tonight_id}/notes"
    page.goto(address)
    page.get_by_label("Main points").fill("Breathe.")
    press_without_a_network(page, "Save the draft")
    with psycopg.connect(own.superuser_url, autocommit=True) as colleague:
        colleague.execute(
            "insert into learning_notes (school_id, id, cohort_id, session_id, main_points, updated_at)"
            " values (%s, gen_random_uuid(), %s, %s, 'Sleep first.', now())",
            (world.school.school_id, world.school.ids["cohort_id"], tonight_id),
        )

    page.goto(address)
    expect(page.get_by_label("Main points")).to_have_value("Breathe.")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("Somebody else saved this page").wait_for()
    expect(page.get_by_role("cell", name="Sleep first.")).to_be_visible()
    expect(page.get_by_label("Main points")).to_have_value("Breathe.")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("Your notes are kept as a draft").wait_for()
    assert kept_keys(page) == []
