"""Scores and words of change, by the rules for missing answers."""

import pytest

from app.measures.instruments import LONELINESS, ONS4, PROGRAMME_QUESTIONS
from app.measures.scoring import InvalidAnswers, change, score

#            q1 q2 q3 q4 q5 q6 q7 q8 q9 10 11 12
ANSWERED = [4, 6, 7, 8, 2, 9, 3, 3, 4, 5, 6, 8]


def with_answer(number, answer):
    return [*ANSWERED[: number - 1], answer, *ANSWERED[number:]]


def test_a_domain_is_the_mean_of_its_items_with_item_six_turned_round():
    assert score(PROGRAMME_QUESTIONS, ANSWERED) == {
        "confidence": 5.0,
        "understanding": 7.5,
        "not_alone": 1.5,  # (2 + (10 - 9)) / 2
        "school": pytest.approx(10 / 3),
        "heard": pytest.approx(19 / 3),
    }


@pytest.mark.parametrize(("number", "domain"), [(1, "confidence"), (6, "not_alone"), (9, "school")])
def test_one_skipped_item_leaves_only_its_own_domain_without_a_score(number, domain):
    scores = score(PROGRAMME_QUESTIONS, with_answer(number, None))
    assert scores[domain] is None
    assert [key for key, value in scores.items() if value is None] == [domain]


def test_everything_may_be_skipped():
    assert set(score(PROGRAMME_QUESTIONS, [None] * 12).values()) == {None}


@pytest.mark.parametrize("answer", [-1, 11, 5.5, "5", True])
def test_an_answer_off_the_scale_is_named(answer):
    with pytest.raises(InvalidAnswers) as caught:
        score(PROGRAMME_QUESTIONS, with_answer(8, answer))
    [problem] = caught.value.problems
    assert (problem.item, problem.number) == ("q8", 8)
    assert "Question 8: choose a number from 0 to 10" in problem.message


def test_all_problems_are_reported_together():
    with pytest.raises(InvalidAnswers) as caught:
        score(PROGRAMME_QUESTIONS, [99, *ANSWERED[1:11]])
    assert [problem.item for problem in caught.value.problems] == ["q1", "q12"]


def test_an_answer_too_many_is_refused():
    with pytest.raises(InvalidAnswers, match="Question 13: there is no such question"):
        score(PROGRAMME_QUESTIONS, [*ANSWERED, 5])


def test_ons4_is_four_numbers_and_never_one():
    assert score(ONS4, [7, 8, None, 3]) == {
        "satisfied": 7.0,
        "worthwhile": 8.0,
        "happy": None,
        "anxious": 3.0,
    }


@pytest.mark.parametrize(
    ("items", "expected"), [([1, 1, 1, 1], (3, 1)), ([3, 3, 3, 5], (9, 5)), ([2, None, 3, 4], (None, 4))]
)
def test_loneliness_is_a_sum_of_three_beside_the_direct_question(items, expected):
    scores = score(LONELINESS, items)
    assert (scores["loneliness"], scores["lonely"]) == expected


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (5.0, 6.0, "better"),
        (5.0, 5.5, "same"),
        (5.0, 4.5, "same"),
        (5.0, 4.0, "harder"),
        (23 / 3, 26 / 3, "better"),  # a whole point in thirds, less than 1.0 in floating point
        (26 / 3, 23 / 3, "harder"),
    ],
)
def test_a_change_under_one_point_is_the_same(before, after, word):
    result = change(PROGRAMME_QUESTIONS, {"heard": before}, {"heard": after})["heard"]
    assert result
    assert result.word == word
    assert result.difference == pytest.approx(after - before)


def test_without_both_answers_there_is_no_change():
    changes = change(PROGRAMME_QUESTIONS, {"heard": 5.0, "school": None}, {"heard": None, "school": 4.0})
    assert set(changes.values()) == {None}


def test_less_loneliness_is_better():
    changes = change(LONELINESS, {"loneliness": 8.0}, {"loneliness": 5.0})
    assert [one.word for one in changes.values() if one] == ["better"]
