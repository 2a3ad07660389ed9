"""Groups are added up once they are due, without names, with whoever agrees at that moment, and safely."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from app.outcomes import rollup
from app.outcomes.rollup import run_round
from tests.integration.outcomes.conftest import PARENTS, SCHOOLS
from workers.rollup import drain

PAIRS = """
select a.items as before, b.items as after from answer_set a
join answer_set b on b.school_id = a.school_id and b.parent_id = a.parent_id and b.occasion = 'after'
join consent c on c.school_id = a.school_id and c.parent_id = a.parent_id and c.kind = 'pooled_answers' and c.given
where a.occasion = 'before' and a.cohort_id = :cohort
"""
SUMMARY = "select * from cohort_summary where cohort_id = :cohort"


def test_a_summary_is_the_sum_of_the_answers_of_those_who_agreed(town):
    run_round(town.rollup)
    for school_id, cohort_id in town.ground.cohorts.items():
        summary = town.rows(SUMMARY, cohort=cohort_id)[0]
        pairs = town.rows(PAIRS, cohort=cohort_id)
        assert len(pairs) == PARENTS - 1
        confidence = summary.domains["confidence"]
        assert confidence["n_paired"] == len(pairs)
        assert confidence["sum_before"] == sum(sum(pair.before[:2]) / 2 for pair in pairs)
        assert confidence["sum_after"] == sum(sum(pair.after[:2]) / 2 for pair in pairs)
        assert confidence["higher"] + confidence["same"] + confidence["lower"] == len(pairs)
        # Attendance counts everybody who started, whatever they agreed to.
        assert summary.counts["started"] == PARENTS
        assert summary.counts["attended_five"] == 6
        assert summary.window_key == town.window_key
        assert summary.school_id == school_id
    assert town.rows("select * from rollup_due") == []
    assert town.rows("select * from activity_due") == []


def test_whoever_left_is_taken_out_whatever_they_chose_before(town):
    """Their page says so when they leave."""
    cohort_id = next(iter(town.ground.cohorts.values()))
    run_round(town.rollup)
    before = town.rows(SUMMARY, cohort=cohort_id)[0]
    town.change(
        "update parent set stage = 'left' where id = (select c.parent_id from consent c join enrolment e"
        " on e.school_id = c.school_id and e.parent_id = c.parent_id where e.cohort_id = :cohort"
        " and c.kind = 'pooled_answers' and c.given order by c.parent_id limit 1)",
        cohort=cohort_id,
    )
    town.change(
        "insert into rollup_due (school_id, cohort_id, due_at)"
        " select school_id, id, app.now() from cohort where id = :cohort",
        cohort=cohort_id,
    )
    run_round(town.rollup)
    after = town.rows(SUMMARY, cohort=cohort_id)[0]
    assert after.domains["confidence"]["n_paired"] == before.domains["confidence"]["n_paired"] - 1
    assert after.counts["answered_before"] == before.counts["answered_before"] - 1
    assert after.counts["started"] == before.counts["started"]


def test_a_summary_names_nobody(town):
    run_round(town.rollup)
    written = json.dumps([[row.counts, row.domains] for row in town.rows("select * from cohort_summary")])
    parents = [str(row.id) for row in town.rows("select id from parent")]
    assert written
    assert not [parent for parent in parents if parent in written]


def test_activity_counts_a_school_by_stage(town):
    run_round(town.rollup)
    school_id = next(iter(town.ground.cohorts))
    found = town.rows("select * from school_activity where school_id = :s", s=school_id)[0]
    assert found.parents == {"graduated": PARENTS}
    assert found.cohorts == {"closed": 1}


def test_a_group_that_is_not_closed_is_not_added_up(town):
    cohort_id = next(iter(town.ground.cohorts.values()))
    town.change("update cohort set state = 'running' where id = :cohort", cohort=cohort_id)
    run_round(town.rollup)
    assert town.rows(SUMMARY, cohort=cohort_id) == []
    assert town.rows("select * from rollup_due") == []


def test_a_round_that_dies_half_way_leaves_its_school_due(town, monkeypatch):
    def die(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(rollup, "count_activity", die)
    with pytest.raises(KeyboardInterrupt):
        run_round(town.rollup)
    assert len(town.rows("select * from rollup_due")) == SCHOOLS
    assert town.rows("select * from cohort_summary") == []
    monkeypatch.undo()
    run_round(town.rollup)
    assert town.rows("select * from rollup_due") == []
    assert len(town.rows("select * from cohort_summary")) == SCHOOLS


def test_what_is_being_written_is_left_for_the_next_round(town):
    school_id, cohort_id = next(iter(town.ground.cohorts.items()))
    with town.owner.connect() as writer:
        writer.execute(
            text("update rollup_due set due_at = now() where cohort_id = :cohort"), {"cohort": cohort_id}
        )
        run_round(town.rollup)
        assert town.rows(SUMMARY, cohort=cohort_id) == []
        writer.commit()
    assert [row.school_id for row in town.rows("select * from rollup_due")] == [school_id]
    run_round(town.rollup)
    assert len(town.rows(SUMMARY, cohort=cohort_id)) == 1


def test_the_worker_says_how_much_it_did_and_then_has_nothing_to_do(town):
    assert drain(town.stack.settings()) == 2 * SCHOOLS
    assert drain(town.stack.settings()) == 0
