"""Several people at work get a new link with one press, and their list is saved as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.test_stale_presses import sent

STAFF, PEOPLE = "/school/staff", "/authority/people"


@pytest.fixture
def lead(client_for, world):
    return client_for(world.school.lead)


@pytest.fixture
def invited(lead, session_for, world, clock):
    """Two colleagues who were invited three minutes ago and have not come; their ids by name."""
    for name in ("Ann", "Bo"):
        lead.post(
            f"{STAFF}/invite",
            data={"role": "senco", "name": f"{name} Many", "email": f"{name.lower()}@many.example"},
        )
    clock.move(timedelta(minutes=3))
    rows = session_for(world.school.lead).execute(
        text("select name, id from staff_member where name like '% Many'")
    )
    return {name.split()[0]: one for name, one in rows}


def links(session_for, world) -> dict:
    rows = session_for(world.school.lead).execute(
        text("select recipient_id, count(*) from outbox where kind = 'staff_invitation' group by 1")
    )
    return dict(rows.all())


def test_those_who_have_not_come_get_a_link_and_the_others_are_named(lead, invited, session_for, world):
    """Given two who were invited and one who has come
    When the lead looks, nothing is sent; when they press, two links go, and who has come is left out."""
    chosen = [str(one) for one in [*invited.values(), world.school.senco.person_id]]
    before = links(session_for, world)

    page = lead.post(f"{STAFF}/several", data={"chosen": chosen})
    assert "Send 2 links" in page.text
    assert "They have signed up." in page.text.split("They are left out", 1)[1]
    assert links(session_for, world) == before

    data = sent(page.text, f"{STAFF}/several/send") | {"chosen": chosen}
    done = lead.post(f"{STAFF}/several/send", data=data, follow_redirects=True)
    assert "2 new links are on their way. One person was left out." in done.text
    after = links(session_for, world)
    assert {one for one in after if after[one] != before.get(one)} == set(invited.values())

    again = lead.post(f"{STAFF}/several/send", data=data, follow_redirects=True)
    assert "Something changed" not in again.text
    assert links(session_for, world) == after


def test_whoever_said_it_is_not_them_gets_no_link_with_others(lead, invited, session_for, world, monkeypatch):
    from app.schools.doubts import Doubt

    said = Doubt.__new__(Doubt)
    object.__setattr__(said, "person_id", invited["Ann"])
    monkeypatch.setattr("app.schools.people_several.doubts.list_at_school", lambda *_any: [said])

    page = lead.post(f"{STAFF}/several", data={"chosen": [str(invited["Ann"])]})

    assert "said “This is not me”" in page.text
    assert "Send one link" not in page.text


def test_who_was_removed_meanwhile_is_said_to_be_gone(lead, invited):
    chosen = [str(invited["Ann"])]
    page = lead.post(f"{STAFF}/several", data={"chosen": chosen})
    shown = lead.get(STAFF).text
    at = f"{STAFF}/{invited['Ann']}/cancel"
    lead.post(at, data=sent(shown, at))

    answer = lead.post(
        f"{STAFF}/several/send",
        data=sent(page.text, f"{STAFF}/several/send") | {"chosen": chosen},
        follow_redirects=True,
    )
    assert "What you ticked is not on this list now." in answer.text


def test_nobody_of_another_school_and_nobody_at_all(lead, world):
    answer = lead.post(
        f"{STAFF}/several",
        data={"chosen": [str(world.sibling_school.lead.person_id)]},
        follow_redirects=True,
    )
    assert "What you ticked is not on this list now." in answer.text
    none = lead.post(f"{STAFF}/several/send", data={}, follow_redirects=True)
    assert "Tick at least one box in the list." in none.text
    assert lead.post(f"{STAFF}/several", data={"chosen": ["x"]}).status_code == 404


def test_a_colleague_who_may_invite_nobody_has_no_boxes(client_for, world):
    senco = client_for(world.school.senco)
    assert 'name="chosen"' not in senco.get(STAFF).text
    assert senco.get(f"{STAFF}/save").status_code in (403, 404)


def test_a_council_sends_to_its_own_people(client_for, session_for, world, clock):
    admin = client_for(world.authority.admin)
    admin.post(
        f"{PEOPLE}/invite",
        data={"role": "commissioner", "name": "Cy Many", "email": "cy@many.example"},
    )
    clock.move(timedelta(minutes=3))
    who = (
        session_for(world.authority.admin)
        .execute(text("select id from authority_member where name = 'Cy Many'"))
        .scalar_one()
    )
    page = admin.post(f"{PEOPLE}/several", data={"chosen": [str(who)]})
    data = sent(page.text, f"{PEOPLE}/several/send") | {"chosen": [str(who)]}
    done = admin.post(f"{PEOPLE}/several/send", data=data, follow_redirects=True)
    assert "One new link is on its way." in done.text


@pytest.mark.parametrize(("at", "who"), [(STAFF, "lead"), (PEOPLE, "admin")])
def test_the_list_and_those_who_were_ticked_are_saved(client_for, world, at, who):
    reader = world.authority.admin if who == "admin" else world.school.lead
    client = client_for(reader)
    client.get(at)

    def rows(address):
        found = client.get(address)
        assert found.status_code == 200
        return list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"))))[1:]

    everybody = rows(f"{at}/list.csv")
    kept = client.post(f"{at}/chosen", data={"chosen": [str(reader.person_id)]})
    mark = kept.location.partition("chosen=")[2]
    assert "The one that you ticked." in client.get(kept.location).text
    alone = rows(f"{at}/list.csv?chosen={mark}")
    assert len(alone) == 1 < len(everybody)
    assert alone[0] in everybody
