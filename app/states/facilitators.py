"""The stages of somebody who may lead groups, and what groups of them mean. What they are called, and where each may
lead, stands in `app/facilitators/stages.py`."""

from __future__ import annotations

from enum import StrEnum


class FacilitatorStage(StrEnum):
    """Where somebody is on the way to leading a group, and after it; stored by value."""

    APPLIED = "applied"
    SHORTLISTED = "shortlisted"
    REFERENCES = "references"
    CHECKS = "checks"
    TRAINING = "training"
    READY = "ready"
    LEADING = "leading"
    RESTING = "resting"
    NOT_NOW = "not_now"
    WITHDRAWN = "withdrawn"


class FacilitatorKind(StrEnum):
    """A parent who has finished a group, or somebody from outside."""

    GRADUATE = "graduate"
    PROFESSIONAL = "professional"


#: Applicants, in order: each of these may take the offer back.
APPLICANTS = (
    FacilitatorStage.APPLIED,
    FacilitatorStage.SHORTLISTED,
    FacilitatorStage.REFERENCES,
    FacilitatorStage.CHECKS,
    FacilitatorStage.TRAINING,
)
#: May be chosen for a group.
MAY_LEAD = (FacilitatorStage.READY, FacilitatorStage.LEADING)
#: Before these they are applicants; from here on they have pages of their own.
MEMBERS = (*MAY_LEAD, FacilitatorStage.RESTING)
#: The way from first to last, as the pages draw it.
WAY = (*APPLICANTS, *MAY_LEAD)
#: From here somebody may offer again.
MAY_REAPPLY = (FacilitatorStage.NOT_NOW, FacilitatorStage.WITHDRAWN)
#: Ends, which are always open.
ENDS = frozenset({FacilitatorStage.NOT_NOW, FacilitatorStage.WITHDRAWN, FacilitatorStage.RESTING})
