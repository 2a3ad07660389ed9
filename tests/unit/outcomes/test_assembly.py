"""A release says what the rows say, safely and in words, and the same rows give the same release."""

import json
import random
from dataclasses import replace
from datetime import date

import pytest

from app.outcomes.assembly import (
    ReleaseBlocked,
    Window,
    assemble_release,
    canonical_json,
    validate_release,
)
from app.outcomes.disclosure.rules import Rules
from app.outcomes.statistics import CohortSums, add_up, change_over_schools
from tests.unit.outcomes.boroughs import DOMAINS, WINDOW, Parent, borough, cohort, steady_group

HIDDEN = {"shown": False, "symbol": "c", "reason": "Not shown: small numbers could identify someone."}


def release(rows, earlier=(), window=WINDOW, **settings):
    return assemble_release("Hackbourne", window, rows, earlier, **settings)


def figures(made, section):
    return made.payload["sections"][section]["figures"]


def area(made, key="confidence"):
    [domain] = [each for each in made.payload["sections"]["change"]["domains"] if each["key"] == key]
    return domain


def test_reach_retention_and_applications_are_rounded():
    made = release(borough(6, groups=2))  # 108 started, 84 came to five, 24 applied
    assert figures(made, "reach") == {"schools": 6, "groups": 12, "started": 110}
    assert figures(made, "retention") == {"five_or_more": 85, "five_or_more_percent": 77}
    assert figures(made, "applications") == {"applied": 25}


def test_change_is_counted_from_rounded_cells_beside_means_and_a_likely_range():
    rows = borough(6, groups=2)  # 84 pairs: 48 higher, 24 same, 12 lower
    domain = area(release(rows))
    change = change_over_schools(
        [add_up([row.sums["confidence"] for row in rows[n : n + 2]]) for n in range(0, 12, 2)]
    )
    assert domain["split"] == "three"
    assert domain["figures"] == {
        "n": 85,
        "higher": 50,
        "same": 25,
        "lower": 10,
        "not_higher": 35,
        "before": 4.3,
        "after": 5.3,
        "change_low": round(change.low, 1),
        "change_high": round(change.high, 1),
    }
    assert domain["cautious"] is False


def test_below_thirty_shown_pairs_the_range_is_in_half_points_and_caution_is_asked():
    domain = area(release(borough(4, size=10, answered=7)))
    assert domain["figures"]["n"] < 30
    assert domain["cautious"] is True
    for end in ("change_low", "change_high"):
        assert (domain["figures"][end] * 2).is_integer()


def test_a_few_lower_are_not_left_out_alone():
    domain = area(release(borough(6)))  # 24 higher, 12 same, 6 lower
    assert domain["split"] == "two"
    assert domain["figures"]["lower"] == domain["figures"]["same"] == HIDDEN
    assert (domain["figures"]["higher"], domain["figures"]["not_higher"]) == (25, 20)


def test_the_sentences_say_what_the_figures_say():
    made = release(borough(6, groups=2))
    sections = made.payload["sections"]
    assert sections["reach"]["sentences"] == [
        "12 groups finished in 6 schools.",
        "About 110 parents started.",
    ]
    assert sections["retention"]["sentences"] == [
        "Of about 110 parents who started, about 85 (77%) came to five or more sessions."
    ]
    assert sections["applications"]["sentences"] == ["About 25 graduates applied to facilitate."]
    first, second = area(made)["sentences"]
    assert first == (
        "Of about 85 parents who answered both times, about 50 chose a higher number for “Confidence”. "
        "About 25 chose the same, 10 a lower one."
    )
    assert second.startswith("The average for “Confidence” changed from 4.3 to 5.3 (likely range of change ")


def test_a_release_speaks_of_change_and_of_its_limits():
    text = canonical_json(release(borough(6)).payload)
    assert "impact" not in text.lower()
    assert "this shows change, not cause" in text
    assert "not a validated scale" in text
    assert "Below 30 pairs, be cautious." in text


@pytest.mark.parametrize(
    "rows",
    [borough(2, groups=3), borough(6, trusts=dict.fromkeys(range(5), "trust-000"))],
    ids=["two schools", "five of six schools in one trust"],
)
def test_too_few_controllers_publish_that_there_are_groups_and_nothing_about_parents(rows):
    made = release(rows)
    schools = figures(made, "reach")["schools"]
    assert made.payload["enough_schools"] is False
    assert figures(made, "reach")["started"] == HIDDEN
    assert set(map(str, figures(made, "retention").values())) == {str(HIDDEN)}
    assert all(set(map(str, area(made, key)["figures"].values())) == {str(HIDDEN)} for key in DOMAINS)
    assert made.payload["sections"]["reach"]["sentences"] == [f"Too few schools yet; {schools} have groups."]
    assert any("pool with another authority" in reason for reason in made.notes["release"])


def test_a_dominant_trust_hides_the_outcomes():
    made = release(borough(7, trusts=dict.fromkeys(range(4), "trust-000")))
    assert area(made)["figures"]["before"] == HIDDEN
    assert any("largest allowed share" in reason for reason in made.notes["change.confidence"])


def test_an_area_that_few_answered_is_hidden_while_the_others_stand():
    def shy(row):
        few = CohortSums.of_pairs([(4.0, 5.0)] * 2)
        return replace(row, sums={**row.sums, "heard": few})

    made = release([shy(row) for row in borough(6)])
    assert set(map(str, area(made, "heard")["figures"].values())) == {str(HIDDEN)}
    assert area(made, "heard")["sentences"] == ["“Being heard” is not shown (small numbers)."]
    assert isinstance(area(made, "school")["figures"]["before"], float)


def test_started_gives_way_when_nearly_everyone_who_started_answered_twice():
    made = release(borough(6, size=9, answered=8, came=7))  # 6 started without two answers
    assert figures(made, "reach")["started"] == HIDDEN
    assert figures(made, "retention")["five_or_more_percent"] == HIDDEN
    assert area(made)["figures"]["n"] == 50
    assert "parents who started" not in made.payload["sections"]["retention"]["sentences"][0]


def test_nobody_or_everybody_is_not_a_figure():
    assert figures(release(borough(6, came=9)), "retention")["five_or_more"] == HIDDEN
    assert figures(release(borough(6, applied=0)), "applications")["applied"] == HIDDEN


@pytest.mark.parametrize(
    "pair", [(9.8, 9.9), (5.0, 7.0)], ids=["at the end of the scale", "everyone gave the same answers"]
)
def test_an_average_that_tells_every_answer_is_hidden(pair):
    everyone = [Parent(pairs=dict.fromkeys(DOMAINS, pair))] * 7 + [Parent(sessions=1)] * 2
    made = release([cohort(f"cohort-{n:03}", f"school-{n:03}", f"school-{n:03}", everyone) for n in range(6)])
    domain = area(made)["figures"]
    assert [domain[name] for name in ("before", "after", "change_low", "change_high")] == [HIDDEN] * 4
    assert domain["n"] == 40


def test_the_payload_names_no_school_group_trust_or_private_rule():
    rows = borough(6, trusts={0: "trust-000"})
    text = canonical_json(release(rows).payload)
    for row in rows:
        for name in (row.cohort_id, row.school_id, row.controller):
            assert name not in text
    for word in ("max_share", "remainder", "per_controller", '"sd', "sum_", "digest"):
        assert word not in text


def test_the_same_rows_in_any_order_give_the_same_release():
    rows = borough(7, groups=2)
    first = release(rows)
    random.shuffle(rows)
    again = release(rows)
    assert first.release_hash == again.release_hash
    assert len(first.release_hash) == 64
    assert json.loads(canonical_json(first.payload)) == first.payload


def test_another_figure_is_another_hash():
    assert release(borough(6)).release_hash != release(borough(7)).release_hash


def test_notes_for_staff_carry_no_numbers_of_parents():
    made = release(
        [*borough(2), cohort("cohort-x", "school-x", "school-x", steady_group(size=8, answered=2))]
    )
    digits = {word.strip(".") for why in made.notes.values() for reason in why for word in reason.split()}
    assert {word for word in digits if word.isdigit()} <= {"3", "10"}


def test_stricter_rules_are_told_to_readers():
    made = release(borough(6), rules=Rules(min_parents=20))
    assert made.payload["rules"]["min_parents"] == 20
    assert any("at least 20 parents" in line for line in made.payload["caveats"])


def test_a_second_release_of_the_same_window_with_one_more_group_is_blocked():
    first = release(borough(3, groups=2))
    with pytest.raises(ReleaseBlocked, match="not opened again"):
        release(borough(4, groups=2), earlier=[first.population])
    assert release(borough(3, groups=2), earlier=[first.population]).release_hash == first.release_hash


def test_the_next_window_is_free():
    summer = Window(id="2026-summer", name="Summer", starts_on=date(2026, 4, 20), ends_on=date(2026, 7, 20))
    later = [replace(row, cohort_id=f"later-{row.cohort_id}") for row in borough(6)]
    assert release(later, earlier=[release(borough(6)).population], window=summer).payload["enough_schools"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "No group finished"),
        (borough(3) * 2, "listed twice"),
        ([*borough(3), replace(borough(1)[0], cohort_id="other", controller="trust")], "under two trusts"),
        ([replace(row, sums={"satisfied": row.sums["heard"]}) for row in borough(3)], "not about"),
    ],
)
def test_rows_that_do_not_belong_together_are_blocked_in_plain_words(rows, reason):
    with pytest.raises(ReleaseBlocked, match=reason):
        release(rows)


@pytest.mark.parametrize("schools", [1, 3, 4, 6, 12])
def test_what_is_assembled_passes_its_own_check(schools):
    rows = borough(schools, groups=2)
    assert validate_release(release(rows).payload, rows) == []


@pytest.mark.parametrize(
    "rules", [Rules(count_threshold=10, rounding_base=10), Rules(min_parents=30, max_share=0.3)]
)
def test_stricter_rules_pass_their_own_check_and_no_others(rules):
    rows = borough(12, groups=2)
    made = release(rows, rules=rules)
    assert isinstance(area(made)["figures"]["n"], int)
    assert validate_release(made.payload, rows, rules) == []
    assert validate_release(made.payload, rows) != []
