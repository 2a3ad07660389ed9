"""The same for forms about schools and councils themselves."""

from __future__ import annotations

#: Of a route: of a form: what its fields change.
Fields = dict[str, dict[str, tuple[str, ...]]]
SCHOOLS: Fields = {
    "SearchForm": {"q phase": ("which schools are found", "app/schools/authority_routes.py")},
    "AddForm": {"urn": ("which school is added", "app/schools/authority_routes.py", "form.number")},
    "InviteLeadForm": {"name email": ("who is invited", "app/schools/authority_routes.py")},
    "InviteStaffForm": {
        "name email role": ("who is invited, and whether a second person agrees", "app/schools/people.py"),
        "job_title": ("what colleagues read", "app/schools/templates/schools/staff.html"),
    },
    "InviteMemberForm": {
        "name email role": ("who is invited, and whether a second person agrees", "app/schools/people.py"),
        "job_title": ("what colleagues read", "app/schools/templates/schools/authority_people.html"),
    },
    "ReasonForm": {"reason": ("what parents and the school read", "app/schools/services.py")},
    "SettingsForm": {
        "contact_name contact_email contact_phone": (
            "whom schools call",
            "app/schools/templates/schools/tasks.html",
        ),
        "officer_phone": ("whom people call about a concern", "app/safeguarding/readers.py"),
        "out_of_hours_phone": (
            "what is read first when somebody could be hurt today",
            "app/safeguarding/readers.py",
        ),
        "lawful_basis": ("what the agreement says of it", "app/papers/gather.py"),
        "dpo_contact privacy_url": ("what people read about their rights", "app/schools/support.py"),
        "brand_colour": ("how the service looks", "app/shell/context.py"),
        "offer_days": ("until when a place is kept", "app/cohorts/offering_on.py"),
    },
    "SupportLineForm": {
        "name number note": ("which lines parents read", "app/schools/settings.py"),
        "checked": ("nothing is shown that nobody has checked", "app/schools/settings.py", "checked_on"),
    },
    "TermForm": {
        "name starts_on half_term_starts_on half_term_ends_on ends_on": (
            "on which days groups meet",
            "app/schools/settings.py",
        )
    },
    "DetailsForm": {
        "address": ("the head of the letter", "app/papers/gather.py"),
        "phone": ("whom a message names", "app/schools/messages/people.py"),
        "contact_name contact_role contact_phone contact_email": (
            "whom parents call",
            "app/schools/support.py",
        ),
        "contact_deputy": ("the agreement", "app/papers/gather.py"),
        "dsl_name dsl_deputy": (
            "who may be the first to read concerns; the agreement",
            "app/schools/set_up.py",
        ),
        "dsl_phone": ("whom people call about a concern", "app/safeguarding/queries.py"),
    },
    "RoomForm": {
        "room": ("where parents go", "app/cohorts/messages/facts.py"),
        "room_notes": ("how parents find it", "app/meetings/parent_routes.py"),
        "planned_start_on": ("the day that the form of a group begins with", "app/cohorts/staff_routes.py"),
    },
    "ClosedDayForm": {"on_date reason": ("on which days no group meets", "app/schools/set_up.py")},
    "AgreementForm": {"file": ("the signed agreement", "app/schools/school_routes.py")},
}
#: A council's own words, and its own service at Notify.
MESSAGES: Fields = {
    **{
        name: {"words": ("what messages say", "app/messages/adapting.py")}
        for name in ("OwnWordsForm", "OwnTextForm")
    },
    "NotifyKeyForm": {
        "api_key": ("by which service messages go", "workers/lines.py", "sealed"),
        "email_template_id": ("by which template emails go", "workers/lines.py"),
        "sms_template_id": ("by which template texts go", "workers/lines.py"),
    },
}
OUTCOMES: Fields = {
    "BuildForm": {"window": ("which term is put together", "app/outcomes/routes.py")},
    "PublicForm": {"shown": ("whether everybody reads them", "app/outcomes/routes.py")},
    "PublishForm": {"sha256": ("that what was read is what is published", "app/outcomes/routes.py")},
    "WithdrawForm": {
        "reason": (
            "why, for the authority and commissioners",
            "app/outcomes/templates/outcomes/_withdrawn.html",
            "withdrawn_reason",
        )
    },
}
