"""The way of a school is a table, and these are its laws."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.schools.stages import STAGES, may_go

WAY = ("prospect", "invited", "brief_sent", "agreement_signed", "set_up", "active")


def test_the_way_leads_step_by_step_to_active():
    for here, then in pairwise(WAY):
        assert may_go(here, then)


def test_a_school_may_leave_from_anywhere_and_comes_back_only_to_the_beginning():
    """What was agreed ended when it left, so it is invited and signs anew."""
    for code in STAGES:
        assert may_go(code, "left") is (code != "left")
    assert [code for code in STAGES if may_go("left", code)] == ["prospect"]


def test_a_returned_agreement_leads_back_to_signing_and_no_further():
    assert [code for code in STAGES if may_go(code, "brief_sent")] == [
        "invited",
        "agreement_signed",
        "set_up",
    ]


@pytest.mark.parametrize("here", [code for code in WAY if code != "set_up"])
def test_only_a_school_that_is_set_up_or_paused_becomes_active(here):
    assert not may_go(here, "active")
    assert may_go("paused", "active")


def test_a_school_may_sign_before_the_brief_was_sent_but_not_uninvited():
    assert may_go("invited", "agreement_signed")
    assert not may_go("prospect", "agreement_signed")


def test_every_stage_says_whose_turn_it_is():
    for stage in STAGES.values():
        assert stage.whose_turn in ("authority", "school")
        assert all(code in STAGES for code in stage.leads_to)
