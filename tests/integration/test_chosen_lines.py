"""Lines of a list that were ticked are saved as a file, or shown alone to be printed: every list that has boxes."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import text

#: Where the list is, who opens it, and which part of the world's people.
LISTS = {
    "parents": ("/school/parents", "senco"),
    "groups": ("/school/groups", "senco"),
    "facilitators": ("/school/facilitators", "senco"),
    "office": ("/office/parents", "office"),
    "schools": ("/authority/schools", "admin"),
}
BOX = re.compile(r'name="chosen"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="chosen"')


@pytest.fixture(params=LISTS)
def listed(request, client_for, world):
    """A list: its address, the ids that its boxes send, and somebody who has it open."""
    at, who = LISTS[request.param]
    reader = world.authority.admin if who == "admin" else getattr(world.school, who)
    client = client_for(reader)
    return at, client


def boxes(page: str) -> list[str]:
    """What the boxes of a page send."""
    return [first or second for first, second in BOX.findall(page)]


def rows(client, address: str) -> list[list[str]]:
    """The file behind an address, without its headings."""
    found = client.get(address)
    assert found.status_code == 200, address
    return list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"))))[1:]


def save(client, at: str, chosen: list[str]):
    """The page about the file of these."""
    return client.post(f"{at}/chosen", data={"chosen": chosen}, follow_redirects=True)


def csv_of(page: str) -> str:
    found = re.search(r'href="([^"]*list\.csv[^"]*)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_only_what_was_ticked_is_in_the_file_and_on_the_page_to_print(listed):
    at, client = listed
    all_of_them = boxes(client.get(at).text)
    assert all_of_them

    page = save(client, at, all_of_them[:1])

    assert "The one that you ticked." in page.text
    assert len(rows(client, csv_of(page.text))) == 1
    shown = re.search(r'href="([^"]*)">See them on one page, to print it', page.text)
    assert shown is not None
    alone = client.get(shown[1].replace("&amp;", "&"))
    assert boxes(alone.text) == all_of_them[:1]
    assert "Only what you ticked." in alone.text


def test_nothing_ticked_is_said_and_the_list_stands_as_before(listed):
    at, client = listed
    answer = client.post(f"{at}/chosen", data={}, follow_redirects=True)
    assert re.search(
        "Tick at least one box in the list.|Choose at least one person in the list.", answer.text
    )
    assert boxes(answer.text)


def test_what_is_no_id_is_not_found_and_what_is_nobodys_is_in_no_file(listed):
    at, client = listed
    assert client.post(f"{at}/chosen", data={"chosen": ["x"]}).status_code == 404
    page = save(client, at, ["00000000-0000-4000-8000-000000000000"])
    assert page.status_code == 200
    # Of parents it is said at once, on the list.
    assert "Nothing matches." in page.text or "not in this list any more" in page.text


def test_a_choice_that_is_forgotten_shows_nobody_rather_than_everybody(listed):
    """Given an address with a choice of another browser, then neither its page nor its file has a line."""
    at, client = listed
    assert boxes(client.get(f"{at}?chosen=0123456789ab").text) == []
    assert rows(client, f"{at}/list.csv?chosen=0123456789ab") == []
    assert client.get(f"{at}?chosen=%00").status_code == 200


def test_what_is_looked_for_does_not_narrow_what_was_ticked(client_for, world):
    """Given somebody who ticks a school, and then searches for another in a second window."""
    client = client_for(world.authority.admin)
    chosen = boxes(client.get("/authority/schools").text)[:1]
    page = save(client, "/authority/schools", chosen)
    client.post("/authority/schools/search", data={"text": "no such school"})
    assert len(rows(client, csv_of(page.text))) == 1


def test_two_windows_save_each_its_own(client_for, world):
    client = client_for(world.authority.admin)
    found = boxes(client.get("/authority/schools").text)
    assert len(found) > 1
    one, other = (save(client, "/authority/schools", [each]).text for each in found[:2])
    assert rows(client, csv_of(one)) != rows(client, csv_of(other))


def test_whoever_is_of_another_school_is_in_no_file(client_for, world):
    client = client_for(world.school.senco)
    page = save(client, "/school/parents", [str(world.sibling_school.parent.person_id)])
    assert "not in this list any more" in page.text
    assert world.sibling_school.canary not in page.text


def test_the_history_says_how_many_were_saved(client_for, session_for, world):
    client = client_for(world.school.senco)
    chosen = boxes(client.get("/school/parents").text)[:1]
    client.get(csv_of(save(client, "/school/parents", chosen).text))
    counts = session_for(world.school.senco).execute(
        text("select details ->> 'count' from audit_event where event = 'recruitment:list:saved'")
    )
    assert list(counts.scalars()) == ["1"]


def test_the_list_of_the_office_has_pages(client_for, session_for, world, monkeypatch):
    """Given more people than a page holds, then each stands on one of its pages, and the file has all."""
    monkeypatch.setattr("app.office.routes.PAGE", 1)
    client = client_for(world.school.office)
    total = len(rows(client, "/office/parents/list.csv"))
    assert total > 1
    seen = [boxes(client.get(f"/office/parents?page={number}").text) for number in range(1, total + 1)]
    assert [len(one) for one in seen] == [1] * total
    assert len({one[0] for one in seen}) == total
    assert "Next" in client.get("/office/parents").text
    assert client.get("/office/parents?page=999", follow_redirects=True).status_code == 200
