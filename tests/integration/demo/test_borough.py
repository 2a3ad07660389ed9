"""The demo borough as rows, on any day of the year: always alive, never ahead of its time."""

from collections import defaultdict
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.cohorts.topics import TOPICS
from demo.keys import made_id, membership_id
from demo.loader import build
from demo.people import TAKEN, People
from demo.sign_in_links import membership_of, sign_in_path

KEY = "a secret that is only for tests, and long"
#: A school evening, a Sunday, Christmas, the day before a term, half-term, the clocks changing, summer, a new year.
DAYS = (
    "2026-11-25T19:30",
    "2026-11-22T02:30",
    "2026-12-25T10:00",
    "2027-01-03T23:59",
    "2027-01-05T07:00",
    "2027-02-17T12:00",
    "2027-03-28T00:30",
    "2027-08-20T12:00",
    "2027-09-01T12:00",
    "2028-02-29T12:00",
)


@pytest.fixture(params=DAYS)
def borough(request):
    return build(datetime.fromisoformat(request.param).replace(tzinfo=UTC))


def test_nothing_has_happened_that_is_still_to_come(borough):
    for table, rows in borough.rows.items():
        for row in rows:
            for name, moment in row.items():
                if isinstance(moment, datetime) and name != "not_after":
                    assert moment <= borough.now, (table, name)


def test_every_history_is_in_order(borough):
    for table, whose in (
        ("parent_event", "parent_id"),
        ("facilitator_event", "facilitator_id"),
        ("onboarding_event", "school_id"),
    ):
        histories = defaultdict(list)
        for row in borough.rows[table]:
            histories[row[whose]].append(row)
        for history in histories.values():
            assert [row["at"] for row in history] == sorted(row["at"] for row in history)
            assert [row["from_stage"] for row in history] == [
                None,
                *(row["to_stage"] for row in history[:-1]),
            ]


def test_groups_with_dates_have_eight_and_one_meets_today(borough):
    dates = defaultdict(list)
    for row in borough.rows["cohort_session"]:
        dates[row["cohort_id"]].append(row["on_date"])
    for cohort in borough.rows["cohort"]:
        found = dates[cohort["id"]]
        assert len(found) == (0 if cohort["first_on"] is None else 8)
        assert found == sorted(set(found))
    assert any(
        row["on_date"] == borough.today and row["state"] == "planned"
        for row in borough.rows["cohort_session"]
    )


def test_themes_are_ones_that_the_service_has_words_for(borough):
    assert {row["topic"] for row in borough.rows["topic_vote"]} <= set(TOPICS)
    assert {row["topic"] for row in borough.rows["cohort_session"]} <= {"", *TOPICS}


def test_groups_that_are_over_lie_within_one_term_each(borough):
    closed = [row for row in borough.rows["cohort"] if row["state"] == "closed"]
    counts = [0, 0, 0]
    for cohort in closed:
        for ago, when in enumerate(("last", "before_last", "third_last")):
            term = borough.term_that_was(when)
            if term.starts_on <= cohort["first_on"] <= cohort["closed_at"].date() <= term.ends_on:
                counts[ago] += 1
    # Northvale's one is among those of the last term.
    assert counts == [9, 7, 4]
    assert len(closed) == sum(counts)


def test_answers_before_come_before_and_answers_after_come_after(borough):
    first: dict[UUID, date] = {}
    last: dict[UUID, date] = {}
    for row in borough.rows["cohort_session"]:
        first.setdefault(row["cohort_id"], row["on_date"])
        last[row["cohort_id"]] = row["on_date"]
    for row in borough.rows["answer_set"]:
        if row["cohort_id"] not in first:
            continue
        on = row["submitted_at"].date()
        assert on < first[row["cohort_id"]] if row["occasion"] == "before" else on >= last[row["cohort_id"]]


def test_people_and_answers_are_the_same_on_every_day_and_machine():
    one, other = (build(datetime.fromisoformat(day).replace(tzinfo=UTC)) for day in DAYS[:2])
    for table, columns in (
        ("parent_contact", ("parent_id", "first_name", "last_name", "email", "phone")),
        ("facilitator", ("id", "name", "stage")),
        ("answer_set", ("parent_id", "occasion", "items")),
    ):
        told = [
            {tuple(str(row[name]) for name in columns) for row in borough.rows[table]}
            for borough in (one, other)
        ]
        assert told[0] == told[1]


def test_nobody_is_met_twice_and_no_number_has_another_meaning():
    people = People()
    met = [people.meet(community) for community in ("en", "tr", "pl", "so", "bn") for _ in range(60)]
    assert len({person.name for person in met}) == len(met)
    assert len({person.email for person in met}) == len(met)
    assert len({person.phone for person in met}) == len(met)
    assert not {int(person.phone[-3:]) for person in met} & TAKEN


def test_identifiers_are_fixed_and_versioned():
    assert made_id("parent", 990001, "now", 1) == made_id("parent", 990001, "now", 1)
    assert made_id("parent", 990001, "now", 1) != made_id("parent", 990001, "now", 11)
    assert made_id("anything").version == 7


def test_a_link_names_one_membership_and_no_other():
    membership = membership_id("parent", made_id("parent", 990001, "now", 1))
    key = sign_in_path(KEY, membership).removeprefix("/demo/sign-in/")
    assert membership_of(KEY, key) == membership
    other = sign_in_path(KEY, made_id("other")).removeprefix("/demo/sign-in/")
    assert membership_of(KEY, f"{membership}.{other.split('.')[1]}") is None
    for wrong in (
        key[:-1],
        f"{key}0",
        key.split(".")[0],
        "",
        ".",
        "nobody.at.all",
        f"{membership}.é",
        "\x00",
    ):
        assert membership_of(KEY, wrong) is None
    assert membership_of("another secret that is long enough, too", key) is None
