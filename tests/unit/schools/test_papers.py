"""What the agreement leaves a line for is what the pages name as a gap."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from app.papers.gather import agreement_of
from app.schools.models import Authority, School
from app.schools.papers import list_gaps
from infra.ids import new_id

#: What is not printed as a line to fill in when it is empty, or never is.
ALWAYS_THERE = {"retention", "costs", "signatories", "language", "version", "min_parents", "min_schools"}
FACTS = (
    ("authority", "contact_name"),
    ("officers", "named officer"),
    ("authority", "dpo_contact"),
    ("authority", "lawful_basis"),
    ("school", "contact_name"),
    ("school", "contact_deputy"),
    ("school", "dsl_name"),
    ("school", "dsl_deputy"),
    ("school", "room"),
    ("school", "planned_start_on"),
)


@pytest.mark.parametrize("missing", [None, *FACTS], ids=lambda one: one and one[1])
def test_the_agreement_leaves_room_for_what_is_named_as_a_gap_and_for_nothing_else(missing):
    """Given everything but one fact, then that is its one gap in words and its one line to fill in."""
    authority = Authority(
        authority_id=new_id(),
        name="Eastmere Council",
        short_name="Eastmere",
        la_code="999",
        contact_phone="+442079460001",
        officer_phone="+442079460002",
        **{name: "Somebody" for whose, name in FACTS if whose == "authority"},
    )
    school = School(
        school_id=new_id(),
        name="Larkfield School",
        urn=990001,
        contact_role="SENCO",
        dsl_phone="+442079460003",
        contact_phone="+442079460004",
        contact_email="",
        **{name: "Somebody" for whose, name in FACTS if whose == "school"}
        | {"planned_start_on": date(2032, 1, 5)},
    )
    officers = [] if missing and missing[0] == "officers" else ["Helen Marsh"]
    if missing and missing[0] != "officers":
        setattr(
            {"authority": authority, "school": school}[missing[0]],
            missing[1],
            None if "_on" in missing[1] else "",
        )

    paper = agreement_of(authority, school, officers=officers)
    blank = [
        one.name for one in fields(paper) if one.name not in ALWAYS_THERE and not getattr(paper, one.name)
    ]
    assert len(blank) == len(list_gaps(authority, school, officers)) == (1 if missing else 0)
