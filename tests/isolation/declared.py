"""What there is beyond pages, as this suite knows it. test_declared.py reads the code; what is new there and not here
fails the build, so nobody adds a job, a file or a key that no test looks at."""

from __future__ import annotations

#: Jobs that RQ runs, and what the schedule does.
JOBS = {"workers.jobs.drain_messages", "workers.jobs.drain_documents", "workers.jobs.drain_rollup"}
SCHEDULED = {
    "session_reminders",
    "join_links_sent",
    "invitation_reminders",
    "graduates_asked_to_lead",
    "old_drafts_erased",
    "old_lists_erased",
    "old_merges_forgotten",
    "old_signups_erased",
    "old_contacts_erased",
    "doors_watched",
    "offers_looked_after",
    "themes_told",
    "calls_told",
    "presenters_told",
    "old_presenters_erased",
    "old_calls_put_away",
}

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

#: Pages that give a file or are made to be printed -> who opens them here.
#: `letters.print_all` gives what is made by then, which is nothing here: tests/integration/letters.
EXPORTS = {
    "meetings.room_now": "facilitator",
    "meetings.my_calendar": "parent",
    "meetings.print_register": "facilitator",
    "cohorts.print_register": "senco",
    "cohorts.print_contact_sheet": "senco",
    "papers.download": "lead",
    "recruitment.list_as_file": "senco",
    "office.list_as_file": "office",
    "cohorts.list_as_file": "senco",
    "facilitators.list_as_file": "senco",
    "schools.list_as_file": "authority_admin",
    "schools.staff_as_file": "lead",
    "schools.members_as_file": "authority_admin",
    "schools.usage_file": "authority_admin",
    "outcomes.download": "commissioner",
    "privacy.my_data_file": "parent",
    "safeguarding.print_concern": "dsl",
    "safeguarding.officer_print": "named_officer",
}
#: Pictures, styles and an empty list with headings: no file of anybody's.
DRAWN = {
    "meetings.room_worker",
    "accounts.set_up_image",
    "papers.room_photo",
    "parent_import.download_template",
    "papers.sign_up_cards",
    "papers.sign_up_poster",
    "shell.theme",
    "shell.healthz",
    "shell.readyz",
}

#: Functions that say under which key a file is kept.
KEYS = {"tenant_key", "authority_key", "quarantine_key"}
#: Modules that put, read or sign an object. `later.py` runs the first two; the demo's loader is for the demo.
STORES = {"app/documents/services.py", "workers/documents.py", "demo/papers.py", "demo/room_photos.py"}
#: Modules that speak with Redis: bells, health, the worker itself, verdicts on files, what was
#: found out about packages, the limiter's own storage.
SPEAK_WITH_REDIS = {
    "app/factory.py",
    "app/documents/verdicts.py",
    "app/shell/health.py",
    "infra/packages.py",
    "infra/queue.py",
    "infra/redis_client.py",
    "workers/chores.py",
    "workers/worker.py",
}
