"""A calendar reads somebody's dates by a secret address: theirs alone, titles that say nothing, taken back for good."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from infra.clock import LONDON, today
from tests.support.borrowed import as_login
from tests.support.client import PageClient, sign_in

ADDRESS = re.compile(r"http://127.0.0.1:5000(/feed/[\w-]{43}\.ics)")


@pytest.fixture
def make(client_for):
    """`make(person, place)`: their browser, the page that follows, and the path of the new address."""

    def press(person, place="no"):
        browser = client_for(person)
        page = browser.post("/dates", data={"place": place}, follow_redirects=True)
        (path,) = ADDRESS.findall(page.text)
        return browser, page, path

    return press


@pytest.fixture
def read(app):
    """What a calendar that sends no cookie gets: the events, by id."""

    def ask(path):
        answer = PageClient(app).get(path)
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")

    return ask


def gone(app, path) -> bool:
    return PageClient(app).get(path).status_code == 404


def ids_of(connection, where, **values):
    with as_login(connection, "postgres"):
        rows = connection.execute(text(f"select id from cohort_session where {where}"), values)
        return {f"{row.id}@session" for row in rows}


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("parent", "cohort_id = :cohort"),
        (
            "facilitator",
            "cohort_id in (select cohort_id from cohort_facilitator where facilitator_id = :person)",
        ),
        ("senco", "school_id = :school"),
        ("school_dsl", "school_id = :school"),
    ],
)
def test_it_opens_the_sessions_of_whoever_made_it_and_no_others(make, read, world, connection, who, where):
    school = world.school
    person = school.people.get(who) or school.people["dsl"]
    _browser, _page, path = make(person)

    found = {str(event["uid"]) for event in read(path)}

    since = {
        "cohort": school.ids["cohort_id"],
        "school": school.school_id,
        "since": today() - timedelta(days=180),
        "person": person.person_id,
    }
    assert found == ids_of(connection, f"{where} and on_date >= :since", **since)
    assert found


@pytest.mark.parametrize("who", ["parent", "facilitator", "senco"])
def test_no_title_says_what_it_is_about_and_the_place_only_where_asked(make, read, world, who):
    person = world.school.people[who]
    for place in ("no", "yes"):
        _browser, _page, path = make(person, place)
        events = read(path)
        titles = {str(event["summary"]) for event in events}
        assert not any("description" in event for event in events)
        places = {str(event.get("location", "")) for event in events}
        assert not any("organizer" in event for event in events)
        if place == "no":
            assert places == {""}
            assert all(re.fullmatch(r"Session \d", title) for title in titles)
        else:
            assert "" not in places
            assert any(world.school.canary in title for title in titles)


@pytest.mark.parametrize("place", ["no", "yes"])
def test_a_councils_calendar_reads_which_school_meets_and_no_word_of_it(make, read, world, connection, place):
    _browser, _page, path = make(world.authority.admin, place)

    events = read(path)

    schools = [one.school_id for one in world.authority.schools]
    found = {str(event["uid"]) for event in events}
    assert found
    assert found <= ids_of(connection, "school_id = any (:schools)", schools=schools)
    assert not any(event.get("location") for event in events)
    titles = " ".join(str(event["summary"]) for event in events)
    assert (world.school.name in titles) is (place == "yes")
    assert world.other_school.name not in titles
    assert world.school.canary not in titles.replace(world.school.name, "")


def test_an_officer_and_a_commissioner_make_no_address(client_for, world):
    for name in ("named_officer", "commissioner"):
        assert client_for(world.authority.people[name]).get("/dates").status_code in (403, 404)


def test_the_address_is_shown_once_and_a_new_one_ends_the_old(app, make, world):
    browser, _page, old = make(world.school.parent)
    assert not ADDRESS.search(browser.get("/dates").text)

    _browser, _page, new = make(world.school.parent)

    assert gone(app, old)
    assert not gone(app, new)


def test_the_page_says_whether_a_calendar_came(app, make, world, read):
    browser, page, path = make(world.school.parent)
    assert "Not yet" in page.text
    PageClient(app).head(path)
    assert "Not yet" in browser.get("/dates").text

    read(path)

    assert "Not yet" not in browser.get("/dates").text


def test_whoever_stops_it_stops_it_for_good(app, make, world):
    browser, _page, path = make(world.school.parent)

    assert "opens nothing any more" in browser.post("/dates/stop", follow_redirects=True).text

    assert gone(app, path)
    assert browser.post("/dates/stop", follow_redirects=True).status_code == 200


#: What somebody has who may lose it.
HAS = (
    "insert into identity.passkey (id, account_id, credential_id, public_key, sign_count, name)"
    " values (gen_random_uuid(), :account, uuid_send(gen_random_uuid()), 'x', 0, 'Phone')",
    "insert into identity.federated_identity (id, account_id, provider, issuer, subject)"
    " values (gen_random_uuid(), :account, 'x', 'https://id.example.org', gen_random_uuid()::text)",
)
WAITS = (
    "insert into fresh_start (school_id, id, role, person_id, channel, address, met_on, asked_by, asked_by_name,"
    " asked_at, waits_until) values (:school, gen_random_uuid(), 'parent', :person, 'sms', '+447700900777',"
    " app.now()::date, gen_random_uuid(), 'Sam', app.now(), app.now() + interval '24 hours')"
)
ENDINGS = {
    "the role ends": "update identity.membership set ended_at = app.now() where id = :membership",
    "the account is shut": "update identity.account set disabled_at = app.now() where id = :account",
    "another telephone": "update identity.account set phone = '+447700900998' where id = :account",
    "another email": "update identity.account set email = 'new@example.org' where id = :account",
    "another app": "update identity.account set totp_secret = 'x' where id = :account",
    "another PIN": "update identity.account set pin_hash = 'x' where id = :account",
    "a passkey taken away": "delete from identity.passkey where account_id = :account",
    "a directory taken away": "delete from identity.federated_identity where account_id = :account",
    "another password": "update identity.account set password_hash = 'x' where id = :account",
}


@pytest.mark.parametrize("how", ENDINGS)
@pytest.mark.parametrize("who", ["parent", "senco"])
def test_it_ends_with_the_role_and_with_each_change_of_the_way_in(app, make, world, connection, how, who):
    person = world.school.people[who]
    with as_login(connection, "postgres"):
        for statement in HAS:
            connection.execute(text(statement), {"account": person.account_id})
    _browser, _page, path = make(person)
    assert not gone(app, path)

    with as_login(connection, "postgres"):
        connection.execute(
            text(ENDINGS[how]), {"membership": person.membership_id, "account": person.account_id}
        )

    assert gone(app, path)


def test_the_same_password_at_another_cost_ends_nothing(app, make, world, connection):
    person = world.school.people["senco"]
    _browser, _page, path = make(person)
    with as_login(connection, "postgres"):
        old = connection.execute(
            text("select password_hash from identity.account where id = :id"), {"id": person.account_id}
        ).scalar_one()
        connection.execute(
            text("select identity.renew_password_hash(:id, :old, 'anew')"),
            {"id": person.account_id, "old": old},
        )
        found = connection.execute(
            text("select password_hash from identity.account where id = :id"), {"id": person.account_id}
        ).scalar_one()

    assert found == "anew"
    assert not gone(app, path)


def test_while_a_fresh_start_waits_the_old_link_tells_no_date(make, read, world, connection):
    """Given that somebody may have the old telephone: a link made there shows no day and no place."""
    school = world.school
    _browser, _page, path = make(school.parent, "yes")
    assert read(path)
    with as_login(connection, "postgres"):
        connection.execute(text(WAITS), {"school": school.school_id, "person": school.parent.person_id})

    assert read(path) == []


def test_the_day_on_which_it_came_is_londons(make, read, world, clock):
    clock.set(datetime(2027, 6, 1, 0, 30, tzinfo=LONDON))
    browser, _page, path = make(world.school.parent)
    read(path)

    page = browser.get("/dates").text

    assert "Not yet" not in page
    assert "31 May" not in page


def test_a_parent_who_left_reads_nothing_more_of_the_group(make, read, world, connection):
    _browser, _page, path = make(world.school.parent)
    with as_login(connection, "postgres"):
        connection.execute(
            text("update enrolment set status = 'left', left_at = app.now() where parent_id = :id"),
            {"id": world.school.parent.person_id},
        )

    assert read(path) == []


def test_a_session_that_is_called_off_stays_as_cancelled_and_one_on_a_shut_day_is_not_sure(
    make, read, world, connection
):
    school = world.school
    _browser, _page, path = make(school.parent, "yes")
    first, second, *_rest = sorted(read(path), key=lambda event: event.decoded("dtstart"))
    with as_login(connection, "postgres"):
        connection.execute(
            text("update cohort_session set state = 'cancelled' where id = :id"),
            {"id": first["uid"].split("@")[0]},
        )
        day: date = second.decoded("dtstart").date()
        connection.execute(
            text(
                "insert into school_closed_day (school_id, id, on_date, reason)"
                " values (:s, gen_random_uuid(), :d, 'x')"
            ),
            {"s": school.school_id, "d": day},
        )

    status = {str(event["uid"]): (str(event["status"]), int(event["sequence"])) for event in read(path)}

    assert status[first["uid"]] == ("CANCELLED", int(first["sequence"]) + 2)
    assert status[second["uid"]][0] == "TENTATIVE"


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 5000, "%00", "é"])
def test_a_wrong_address_opens_nothing_and_says_nothing(app, secret):
    answer = PageClient(app).get(f"/feed/{secret}.ics")

    assert answer.status_code == 404


def test_a_browser_that_is_signed_in_reads_by_the_address_alone(make, client_for, world):
    _browser, _page, path = make(world.school.parent)

    answer = client_for(world.other_school.people["senco"]).get(path)

    assert answer.mimetype == "text/calendar"
    assert world.other_school.name not in answer.text


@pytest.mark.parametrize("call", ["set_feed(sha256('x'), true)", "drop_feed()"])
def test_a_statement_without_that_persons_browser_makes_and_ends_nothing(
    app, make, world, session_for, connection, call
):
    """Given an injected statement that names somebody; it has no session of theirs to show."""
    _browser, _page, path = make(world.school.parent)
    session = session_for(world.school.other_parent)
    session.execute(
        text("select set_config('app.person', :id, true)"), {"id": str(world.school.parent.person_id)}
    )

    assert session.execute(text(f"select identity.{call}")).scalar_one() is False

    session.rollback()
    assert not gone(app, path)


def test_no_audience_looks_into_the_addresses(session_for, world):
    session = session_for(world.school.people["senco"])
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("select * from identity.calendar_feed"))


def test_the_page_asks_again_who_sits_there(world, app):
    browser = PageClient(app)
    sign_in(browser, world.school.people["senco"], confirmed=False)

    answer = browser.post("/dates", data={"place": "no"})

    assert answer.status_code in (302, 303)
    assert "/confirm" in answer.location


@pytest.mark.parametrize("who", ["parent", "facilitator"])
def test_the_copy_of_their_data_says_that_there_is_a_link_and_not_which(make, world, who):
    browser, _page, path = make(world.school.people[who])

    page = browser.get("/my/data").text

    assert "The link that your calendar reads" in page
    assert path.split("/")[2] not in page


def test_what_is_not_chosen_is_asked_for(client_for, world):
    page = client_for(world.school.parent).post("/dates", data={})

    assert "Choose who sees this calendar" in page.text
