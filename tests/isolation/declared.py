"""What there is beyond pages, as this suite knows it. test_declared.py reads the code; what is new there and not here
fails the build, so nobody adds a job, a file or a key that no test looks at."""

from __future__ import annotations

#: Jobs that RQ runs, and what the schedule does.
JOBS = {"workers.jobs.drain_messages", "workers.jobs.drain_documents", "workers.jobs.drain_rollup"}
SCHEDULED = {"session_reminders", "invitation_reminders", "graduates_asked_to_lead", "missed_twice"}

#: Documents that we make -> the ids of the world that each is about.
DOCUMENTS: dict[str, dict[str, str]] = {
    "project_brief": {"subject": "", "cohort": "", "parent": ""},
    "agreement": {"subject": "", "cohort": "", "parent": ""},
    "learning_notes": {"subject": "session_id", "cohort": "cohort_id", "parent": ""},
    "session_register": {"subject": "session_id", "cohort": "cohort_id", "parent": ""},
    "contact_sheet": {"subject": "cohort_id", "cohort": "cohort_id", "parent": ""},
    "group_plan": {"subject": "", "cohort": "cohort_id", "parent": "parent_id"},
    "invitation_letter": {"subject": "", "cohort": "", "parent": "identified_parent_id"},
    "certificate": {"subject": "", "cohort": "closed_cohort_id", "parent": "graduate_id"},
}
