"""Several messages that did not arrive are sent again with one press."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.integration.test_stale_presses import sent

AT = "/messages/several"


@pytest.fixture
def staff(client_for, world):
    return client_for(world.school.lead)


def written(session_for, world) -> int:
    """How many messages were written once more."""
    rows = session_for(world.school.lead).execute(
        text("select count(*) from outbox where dedupe_key like 'again:%'")
    )
    return int(rows.scalar_one())


def test_only_what_can_be_sent_again_has_a_box_and_goes_once(staff, session_for, world):
    """Given a message that did not arrive
    When staff look, nothing is sent; when they press it goes once, however often they press."""
    old = str(world.school.ids["outbox_id"])
    assert f'value="{old}"' in staff.get("/messages").text
    page = staff.post(AT, data={"chosen": [old]})
    assert "Send one again" in page.text
    assert written(session_for, world) == 0

    data = sent(page.text, f"{AT}/again") | {"chosen": [old]}
    done = staff.post(f"{AT}/again", data=data, follow_redirects=True)
    assert "One message was written again." in done.text
    assert written(session_for, world) == 1

    again = staff.post(f"{AT}/again", data=data, follow_redirects=True)
    assert "Something changed" not in again.text
    assert written(session_for, world) == 1
    assert f'value="{old}"' not in staff.get("/messages").text


def test_one_that_a_colleague_sent_meanwhile_is_left_out_with_the_reason(staff, session_for, world):
    old = str(world.school.ids["outbox_id"])
    staff.post(f"/messages/{old}/again")
    page = staff.post(AT, data={"chosen": [old]})
    assert "Sent again." in page.text.split("They are left out", 1)[1]
    assert "Send one again" not in page.text


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
@pytest.mark.parametrize("at", [AT, f"{AT}/again"])
def test_nothing_and_nothing_of_ours(staff, at, chosen):
    answer = staff.post(at, data={"chosen": chosen}, follow_redirects=True)
    assert answer.status_code == (404 if chosen == ["x"] else 200)
    if answer.status_code == 200:
        said = "not in this list any more" if chosen else "Tick at least one box in the list."
        assert said in answer.text


def test_a_message_of_another_school_is_not_found(staff, world):
    theirs = [str(world.sibling_school.ids["outbox_id"])]
    for at in (AT, f"{AT}/again"):
        answer = staff.post(at, data={"chosen": theirs})
        assert answer.status_code == 303, "nothing of it is shown"
