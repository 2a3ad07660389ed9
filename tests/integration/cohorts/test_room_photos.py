"""A photo of the room: put up by staff, seen by members and who leads, and gone for good when it is taken away."""

from __future__ import annotations

from io import BytesIO

import psycopg
import pytest

from app.identity.roles import SCHOOL_STAFF
from infra.storage import ObjectStorage, StorageUnavailable
from tests.integration.bad_input.conftest import application, sign_in_to
from tests.support.clamd import running_clamd
from tests.unit.documents.files import an_image
from workers.documents import make_worker

WORDS = "The door is blue. ‘Room 4’ is on the ground floor, ground level & step-free."


@pytest.fixture(scope="module")
def own_stack(stack, world):
    with stack.copy("room_photos") as copy:
        yield copy


@pytest.fixture(scope="module")
def app(own_stack):
    with application(own_stack.settings()) as found:
        yield found


@pytest.fixture(scope="module")
def scanner():
    with running_clamd() as daemon:
        yield daemon


@pytest.fixture
def worker(own_stack, scanner):
    found = make_worker(own_stack.settings(clamd_url=scanner.url))
    found.storage.ensure_bucket()
    sql(own_stack, "delete from room_photo")
    sql(own_stack, "delete from document where kind = 'room_photo'")
    found.drain()
    yield found
    found.engine.dispose()
    found.storage.close()


def sql(stack, statement, *values):
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


@pytest.fixture
def come(app):
    """`come(person)`: their browser."""
    return lambda person: sign_in_to(app, person)


@pytest.fixture
def senco(come, world):
    return come(world.school.senco)


@pytest.fixture
def page(world):
    return f"/school/groups/{world.school.ids['cohort_id']}/room-photo"


def send(client, page, data=None, name="IMG_1.jpg", kind="image/jpeg", words=WORDS, nobody=True, **more):
    typed = {"words": words, **({"nobody": "y"} if nobody else {}), **more}
    if name:
        typed["file"] = (BytesIO(data or an_image("JPEG", size=(900, 600))), name, kind)
    return client.post(page, data=typed, follow_redirects=True)


def shown(stack):
    return [row[0] for row in sql(stack, "select id from room_photo where taken_away_at is null")]


def files(worker, photo_id):
    return [one.key for one in worker.storage.list_versions("") if str(photo_id) in one.key]


def test_members_see_it_on_their_first_evening_and_on_the_page_of_a_session(
    own_stack, worker, come, senco, world, page
):
    """Given a photo that staff put up
    When it was scanned
    Then members and who leads see it where the room stands, in a file of our own that nobody keeps."""
    assert "We check the photo now" in send(senco, page).text
    parent, leader = come(world.school.parent), come(world.school.facilitator)
    session_page = f"/my/sessions/{world.school.ids['next_session_id']}"
    (photo_id,) = shown(own_stack)
    address = f"/room-photo/{photo_id}"
    assert "We are checking the photo" in senco.get(page).text
    assert address not in parent.get(session_page).text
    assert parent.get(address).status_code == senco.get(address).status_code == 404

    worker.drain()

    for client, where in ((parent, session_page), (leader, "/group/cohort"), (senco, page)):
        text = client.get(where).text
        picture = text.split('<p class="wb-photo">')[1].split("</p>")[0]
        assert f'src="{address}" width="900" height="600"' in picture
        assert 'loading="lazy"' in picture
        assert "ground level &amp; step-free" in picture
        file = client.get(address)
        assert file.mimetype == "image/jpeg"
        assert file.headers["Cache-Control"] == "no-store"
        assert file.data.startswith(b"\xff\xd8\xff")


def test_who_has_no_place_or_leads_another_group_sees_none(own_stack, worker, come, senco, world, page):
    send(senco, page)
    worker.drain()
    (photo_id,) = shown(own_stack)

    for school in (world.school, world.sibling_school, world.other_school):
        for name, person in school.people.items():
            answer = come(person).get(f"/room-photo/{photo_id}")
            has_group = sql(
                own_stack,
                "select 1 from enrolment where parent_id = %s and cohort_id = %s and status = 'in_group' union"
                " select 1 from cohort_facilitator where facilitator_id = %s and cohort_id = %s",
                *(person.person_id, world.school.ids["cohort_id"]) * 2,
            )
            is_staff = person.role in {str(role.value) for role in SCHOOL_STAFF}
            is_theirs = school is world.school and (is_staff or bool(has_group))
            assert (answer.status_code == 200) is is_theirs, (school.school_id, name, answer.status_code)


def test_a_parent_who_gave_up_their_place_and_a_group_that_moved_see_it_no_more(
    own_stack, worker, come, senco, world, page
):
    send(senco, page)
    worker.drain()
    (photo_id,) = shown(own_stack)
    group, member = world.school.ids["cohort_id"], world.school.parent
    parent = come(member)
    assert parent.get(f"/room-photo/{photo_id}").status_code == 200

    sql(
        own_stack,
        "update enrolment set status = 'left', left_at = now() where parent_id = %s",
        member.person_id,
    )
    assert parent.get(f"/room-photo/{photo_id}").status_code == 404
    sql(
        own_stack,
        "update enrolment set status = 'in_group', left_at = null where parent_id = %s",
        member.person_id,
    )

    before = sql(own_stack, "select room from cohort where id = %s", group)[0][0]
    sql(own_stack, "update cohort set room = 'Another hall' where id = %s", group)
    sql(own_stack, "update cohort_session set room = '' where cohort_id = %s", group)
    assert parent.get(f"/room-photo/{photo_id}").status_code == 404
    assert "wb-photo" not in senco.get(page).text

    # Without a room of its own it meets in the school's, and sees that one's photo alone.
    school_id = world.school.school_id
    sql(own_stack, "update cohort set room = '' where id = %s", group)
    for room, status in (("Another hall", 404), (before, 200)):
        sql(own_stack, "update school set room = %s where school_id = %s", room, school_id)
        assert parent.get(f"/room-photo/{photo_id}").status_code == status
    sql(own_stack, "update cohort set room = %s where id = %s", before, group)


def test_another_photo_takes_its_place_and_the_first_is_erased(own_stack, worker, senco, page):
    send(senco, page)
    worker.drain()
    (first,) = shown(own_stack)
    assert len(files(worker, first)) == 1

    send(senco, page, data=an_image("JPEG", size=(640, 480)))
    worker.drain()

    (second,) = shown(own_stack)
    assert second != first
    assert files(worker, first) == []
    assert len(files(worker, second)) == 1
    assert sql(own_stack, "select id from document where id = %s", first) == []


def test_taken_away_it_is_seen_by_nobody_at_once_and_erased_with_every_version(
    own_stack, worker, come, senco, world, page
):
    send(senco, page)
    worker.drain()
    (photo_id,) = shown(own_stack)
    key = f"t/{world.school.school_id}/d/{photo_id}/v1"
    worker.storage.copy(key, key)
    assert len(files(worker, photo_id)) == 2

    answer = senco.post(f"{page}/{photo_id}/take-away", follow_redirects=True)

    assert "Nobody sees it any more" in answer.text
    assert come(world.school.parent).get(f"/room-photo/{photo_id}").status_code == 404
    worker.drain()
    assert files(worker, photo_id) == []
    assert sql(own_stack, "select 1 from room_photo") == []
    # A second press, of a window from before
    assert "taken away meanwhile" in senco.post(f"{page}/{photo_id}/take-away", follow_redirects=True).text


def test_one_that_is_taken_away_before_it_was_scanned_is_erased_too(own_stack, worker, senco, page):
    send(senco, page)
    (photo_id,) = shown(own_stack)
    senco.post(f"{page}/{photo_id}/take-away")

    worker.drain()

    assert files(worker, photo_id) == []
    assert sql(own_stack, "select 1 from document where id = %s", photo_id) == []


def test_a_store_that_does_not_answer_is_asked_again(own_stack, worker, senco, page, monkeypatch):
    send(senco, page)
    worker.drain()
    (photo_id,) = shown(own_stack)
    senco.post(f"{page}/{photo_id}/take-away")

    def fails(*_args):
        raise StorageUnavailable("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(ObjectStorage, "remove", fails)
        worker.drain()
    assert len(sql(own_stack, "select 1 from room_photo")) == 1
    worker.drain()
    assert sql(own_stack, "select 1 from room_photo") == []


def test_the_words_change_without_a_new_photo(own_stack, worker, senco, page):
    send(senco, page)
    worker.drain()
    before = shown(own_stack)

    assert "Saved." in send(senco, page, name="", words="The door is red.", nobody=False).text

    assert shown(own_stack) == before
    assert 'alt="The door is red."' in senco.get(page).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"nobody": False}, "tick this where the words fit and nobody and no name is on it"),
        ({"words": " "}, "Say what is on the photo"),
        ({"words": "See https://evil.example"}, "Take out the link or address"),
        ({"words": "The blue door. Call 07700900123"}, "Take out the phone number"),
        ({"name": ""}, "Choose the photo"),
        ({"name": "a.heic", "kind": "image/heic"}, "take a screenshot"),
        ({"data": b"\xff\xd8\xff broken"}, "could not open this picture"),
        ({"name": "a.pdf", "kind": "application/pdf", "data": b"%PDF-1.4"}, "We need a photo here"),
        ({"data": b"%PDF-1.7 not a photo"}, "We need a photo here"),
        ({"data": b"<svg/>"}, "We need a photo here"),
    ],
)
def test_what_is_no_photo_is_refused_and_the_words_stay(own_stack, worker, senco, page, sent, said):
    answer = send(senco, page, **sent)

    assert answer.status_code < 500
    assert said in answer.text
    assert "PDF" not in answer.text
    assert str(sent.get("words", "step-free.")).strip() in answer.text
    assert sql(own_stack, "select 1 from document where kind = 'room_photo'") == []


def test_a_png_that_a_phone_called_jpg_is_taken(own_stack, worker, senco, page):
    sent = an_image("PNG", size=(900, 600))
    assert "We check the photo now" in send(senco, page, data=sent, name="IMG-WA1.jpg").text
    worker.drain()
    assert "wb-photo" in senco.get(page).text


def test_words_and_tick_speak_of_the_photo_that_is_sent(worker, senco, page):
    send(senco, page)
    text = senco.get(page).text
    assert "look whether it still says what is on it" in text
    assert "The words fit this photo." in text


def test_the_photo_of_a_room_that_is_left_can_still_be_taken_away(own_stack, worker, senco, world, page):
    send(senco, page)
    worker.drain()
    (photo_id,) = shown(own_stack)
    group = world.school.ids["cohort_id"]
    before = sql(own_stack, "select room from cohort where id = %s", group)[0][0]
    sql(own_stack, "update cohort set room = 'Another hall' where id = %s", group)
    try:
        text = senco.get(page).text
        assert "Photos of other rooms at your school" in text
        assert f"{photo_id}/take-away" in text
        answer = senco.post(f"{page}/{photo_id}/take-away", follow_redirects=True)
    finally:
        sql(own_stack, "update cohort set room = %s where id = %s", before, group)
    assert "Nobody sees it any more" in answer.text
    assert "Photos of other rooms" not in answer.text
    worker.drain()
    assert files(worker, photo_id) == []


def test_two_who_send_one_at_once_do_not_overwrite_each_other(own_stack, worker, senco, page):
    mark = senco.get(page).text.split('name="as_shown" value="')[1].split('"')[0]
    send(senco, page)

    answer = send(senco, page, as_shown=mark)

    assert "changed" in answer.text
    assert len(shown(own_stack)) == 1


def test_a_group_online_or_over_takes_no_photo(own_stack, worker, senco, world, page):
    group = world.school.ids["cohort_id"]
    before = sql(own_stack, "select room from cohort where id = %s", group)[0][0]
    sql(own_stack, "update cohort set room = 'online', format = 'online' where id = %s", group)
    assert "everybody joins online" in senco.get(page).text
    assert "has no room yet" in send(senco, page).text
    sql(own_stack, "update cohort set room = %s, format = 'room' where id = %s", before, group)

    over = f"/school/groups/{world.school.ids['closed_cohort_id']}/room-photo"
    assert "This group is over" in senco.get(over).text
    assert "This group is over, so it stays as it was" in send(senco, over).text
    assert shown(own_stack) == []
