"""How many messages went: to the council in steps of 50 and once a month is over, to a school as it is."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.messages.usage import cost_of, months_before, year_begin
from app.messages.words import text_parts
from infra.clock import LONDON, now, today
from tenants.session import ASSUME
from tests.integration.test_list_files import table_of
from tests.support.borrowed import as_login

PAGE = "/authority/schools/messages"


@pytest.fixture
def went(connection):
    """`went(school, 74)`: so many messages of a school went in the month before this, each as so many parts."""

    def write(school, number, *, channel="sms", month=1, parts=None, kind="graduation"):
        months = (today().replace(day=1), *months_before(today()))
        with as_login(connection, "wb_owner"):
            connection.execute(
                text(
                    "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,"
                    " next_at, created_at, sent_at, parts) select :school, gen_random_uuid(), :kind, :channel,"
                    " 'parent', :parent, gen_random_uuid()::text, 'delivered', now(), now(),"
                    " cast(:day as date) + time '12:00', :parts from generate_series(1, :number)"
                ),
                {
                    "school": school.school_id,
                    "parent": school.parent.person_id,
                    "kind": kind,
                    "channel": channel,
                    "day": months[month],
                    "parts": parts,
                    "number": number,
                },
            )

    with as_login(connection, "wb_owner"):
        connection.execute(text("delete from outbox"))
        connection.execute(text("delete from authority_outbox"))
    return write


@pytest.fixture
def council(client_for, world):
    return client_for(world.authority.admin)


def file_of(council):
    """(month, school) -> emails and texts, as they are saved."""
    _headings, *rows = table_of(council.get(f"{PAGE}.csv"))
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}


def last_month():
    return f"{months_before(today())[0]:%Y-%m}"


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, "under 50"),
        (1, "under 50"),
        (49, "under 50"),
        (50, "50"),
        (74, "50"),
        (75, "100"),
        (124, "100"),
        (1025, "1,050"),
    ],
)
def test_a_council_reads_steps_of_50_and_never_that_a_school_sent_none(council, went, world, number, read):
    went(world.school, number)

    found = file_of(council)
    assert found[last_month(), world.school.name] == ("under 50", read)
    # Nor is one that sent a few told from one that sent nothing.
    assert found[last_month(), world.sibling_school.name] == ("under 50", "under 50")
    page = council.get(PAGE).text
    assert (read in page) or number == 0


def test_texts_count_by_what_they_were_sent_as(council, went, world):
    went(world.school, 30, parts=2)
    went(world.school, 60, channel="email")

    assert file_of(council)[last_month(), world.school.name] == ("50", "50")


def test_a_month_is_shown_once_it_is_over(council, went, world):
    went(world.school, 200, month=0)

    assert set(file_of(council).values()) == {("under 50", "under 50")}


def test_all_together_is_rounded_once_from_all(council, went, world):
    """Given three schools' worth of messages, each under 50, then no school's number is said and the council's is."""
    went(world.school, 40)
    went(world.sibling_school, 40)

    found = file_of(council)
    assert found[last_month(), world.school.name][1] == "under 50"
    assert found[last_month(), world.sibling_school.name][1] == "under 50"
    assert found[last_month(), "All together, with the council’s own"][1] == "100"


def test_another_council_reads_nothing_of_it(client_for, went, world):
    went(world.school, 500)
    other = client_for(world.other_authority.admin)

    assert world.school.name not in other.get(PAGE).text
    assert set(file_of(other).values()) == {("under 50", "under 50")}


def test_the_database_tells_a_council_no_finer_number(connection, went, world):
    went(world.school, 61)
    connection.execute(ASSUME, world.authority.admin.scope.as_parameters())
    rows = connection.execute(text("select number from app.message_usage('2020-01-01')")).scalars().all()

    assert rows
    assert all(number % 50 == 0 for number in rows)


def test_the_month_of_an_address_is_one_that_is_shown(council, went, world):
    went(world.school, 310, month=3)
    third = f"{months_before(today())[2]:%Y-%m}"

    assert "300" in re.sub(r"<[^>]+>", " ", council.get(f"{PAGE}?month={third}").text)
    for nonsense in ("2001-01", "x", "2026-13"):
        assert council.get(f"{PAGE}?month={nonsense}").status_code == 200


def test_what_can_go_no_more_today_is_said(council, connection):
    with as_login(connection, "wb_owner"):
        connection.execute(
            text("insert into channel_hold values ('sms', :until)"),
            {"until": now().replace(year=now().year + 1)},
        )

    assert "No more texts can go today" in council.get(PAGE).text


@pytest.fixture
def in_november(clock):
    """A day on which three months of Notify's year are over."""
    clock.move(datetime(2026, 11, 20, 12, tzinfo=LONDON) - now())


def test_what_texts_cost_follows_the_settings(stack, session_for, world, in_november, went):
    settings = stack.settings(notify_free_texts=100, notify_text_pence="2.5")
    went(world.school, 301)
    cost = cost_of(session_for(world.authority.admin), settings)

    assert (cost.texts, cost.left, cost.pounds) == (300, 0, Decimal(5))
    assert cost.until == date(2026, 10, 31)


def test_months_of_few_texts_are_added_before_they_are_rounded(in_november, client_for, went, world):
    """Given two months of 30 each, when the year is read, then it says 50 and never that there were under 50."""
    went(world.school, 30)
    went(world.school, 30, month=2)

    page = " ".join(re.sub(r"<[^>]+>", " ", client_for(world.authority.admin).get(PAGE).text).split())
    said = page.partition("From Wednesday 1 April 2026 to Saturday 31 October 2026:")[2]
    assert said.split()[:2] == ["texts", "50"], said[:80]


def test_the_first_month_of_a_year_has_no_cost_yet(client_for, clock, world):
    clock.move(datetime(2027, 4, 30, 12, tzinfo=LONDON) - now())

    assert "Its first month is shown once it is over" in client_for(world.authority.admin).get(PAGE).text


@pytest.mark.parametrize(
    ("day", "begin"),
    [(date(2026, 3, 31), date(2025, 4, 1)), (date(2026, 4, 1), date(2026, 4, 1))],
)
def test_a_year_of_free_texts_begins_in_april(day, begin):
    assert year_begin(day) == begin


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 81, 2),
        ("ŵ" * 70, 1),
        ("ŵ" * 135, 3),
    ],
)
def test_parts_of_a_text(words, parts):
    assert text_parts(words) == parts


def test_a_school_reads_its_own_as_they_are(client_for, went, world):
    went(world.school, 7)
    went(world.school, 3, month=0, channel="email")
    went(world.school, 90, kind="invite_to_lead")
    went(world.sibling_school, 80)

    page = client_for(world.school.senco).get("/messages/usage").text
    cells = re.findall(r"<td[^>]*>(?:<[^>]+>)*\s*([\d,]+)", page)
    assert {cell for cell in cells if cell != "0"} == {"7", "3"}
