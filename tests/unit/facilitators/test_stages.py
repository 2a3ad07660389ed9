"""The way to leading: no step is skipped, and what is missing is said in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import babel
from app.facilitators.stages import STAGES, Case, may_go, missing_for, next_stage, waited
from app.states.facilitators import WAY
from infra.clock import LONDON, now


@pytest.fixture(autouse=True)
def words():
    app = Flask(__name__)
    babel.init_app(app)
    with app.app_context():
        yield


COMPLETE = Case("training", good_references=2, level="basic", certificate_seen=True, trained=120)


def test_every_step_leads_to_a_stage_that_exists():
    for stage in STAGES.values():
        assert set(stage.leads_to) <= set(STAGES)


def test_no_step_on_the_way_is_skipped():
    for place, code in enumerate(WAY):
        for later in WAY[place + 2 :]:
            assert not may_go(code, later)


def test_only_a_group_makes_somebody_a_leader():
    assert not any(may_go(code, "leading") for code in STAGES)
    assert next_stage("ready") is None


def test_nothing_is_missing_for_somebody_with_everything():
    assert missing_for("ready", COMPLETE) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"good_references": 1}, "second good reference"),
        ({"good_references": 0}, "none yet"),
        ({"level": "", "certificate_seen": False}, "decision about the check"),
        ({"certificate_seen": False}, "certificate"),
        ({"trained": 0}, "Training"),
        ({"trained": 90}, "Minutes so far: 90"),
        ({"certificate_is_old": True}, "newer certificate"),
        ({"carried_by_me": True}, "second person"),
    ],
)
def test_ready_says_what_is_missing(change, words):
    case = Case(**{name: getattr(COMPLETE, name) for name in COMPLETE.__slots__} | change)

    missing = missing_for("ready", case)

    assert len(missing) == 1
    assert words in missing[0]


def test_no_check_needs_no_certificate():
    assert missing_for("ready", Case("training", 2, "none", False, 120)) == []


def test_references_come_before_the_check():
    assert missing_for("checks", Case("references", good_references=1))
    assert not missing_for("checks", Case("references", good_references=2))


def test_nobody_leaves_a_group_without_a_leader_unseen():
    assert missing_for("resting", Case("leading", leads_now=True))
    assert missing_for("withdrawn", Case("leading", leads_now=True))
    assert not missing_for("resting", Case("leading"))


@pytest.mark.parametrize(
    ("stage", "days", "pace"),
    [
        ("applied", 1, "fine"),
        ("applied", 2, "soon"),
        ("applied", 4, "late"),
        ("shortlisted", 7, "soon"),
        ("checks", 20, "fine"),
        ("checks", 28, "late"),
        ("ready", 300, "fine"),
    ],
)
def test_time_limits_are_marked(stage, days, pace):
    # Noon: counted are days of the calendar, and an hour before midnight in winter is the next day in summer.
    noon = now().astimezone(LONDON).replace(hour=12)
    wait = waited(stage, noon - timedelta(days=days))

    assert (wait.days, wait.pace) == (days, pace)
